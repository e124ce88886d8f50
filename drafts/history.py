"""What happened to a draft, newest first, and the way back to any of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from common.problems import FieldError, invalid
from drafts.access import address_of, open_snapshot, require
from drafts.draft import HistoryEntry, Saved
from drafts.forms.naming import named
from drafts.paths import dotted
from drafts.refusals import has_ancestor
from drafts.saving import Planned, save
from drafts.storage import store
from drafts.storage.flat import unflatten
from workspaces.models import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from drafts.storage.snapshot import Snapshot
    from drafts.types import DraftType
    from workspaces.access import Actor

NAMED_AT_MOST = 3


def history(actor: Actor, draft_type: DraftType[Any], draft_id: str) -> list[HistoryEntry]:
    """The draft's changes, newest first, as far back as they are kept."""
    open_snapshot(actor, draft_type, draft_id, Role.VIEWER)
    log = store.log(address_of(actor, draft_type, draft_id))
    newest_first = sorted(log.values(), key=lambda entry: entry.version, reverse=True)
    return [
        entry_of(draft_type, entry, log.get(entry.reverts) if entry.reverts else None)
        for entry in newest_first
    ]


def entry_of(
    draft_type: DraftType[Any], logged: store.LogEntry, reverted: store.LogEntry | None = None
) -> HistoryEntry:
    """The logged change with its places and a summary, which says whose change it ``reverted`` if
    that was somebody else's."""
    paths = dict.fromkeys(dotted(path) for path in logged.before)
    whose = reverted.by if reverted and reverted.by != logged.by else ""
    summary = _summary(logged.mode, _in_words(draft_type, paths), whose)
    return HistoryEntry(logged.version, logged.at, logged.by, logged.mode, tuple(paths), summary)


def _in_words(draft_type: DraftType[Any], paths: Mapping[str, Any]) -> str:
    """The places as the builder calls them, the first few of many."""
    labels = (named(draft_type, path)[0] for path in paths if not has_ancestor(path, paths))
    found: dict[str, None] = {}
    for label in labels:
        found[label] = None
        if len(found) > NAMED_AT_MOST:
            first = list(found)[:NAMED_AT_MOST]
            return _("%(named)s and more") % {"named": ", ".join(first)}
    *first, last = found or [""]
    words = {"first": ", ".join(first), "last": last}
    return _("%(first)s and %(last)s") % words if first else last


def _summary(kind: str, places: str, whose: str) -> str:
    """One change in a few words."""
    if kind == "undo" and whose:
        words = {"who": whose, "named": places}
        return _("Undid what %(who)s changed of %(named)s") % words
    sentences = {
        "create": _("Created"),
        "undo": _("Undid a change of %(named)s"),
        "redo": _("Redid a change of %(named)s"),
        "restore": _("Restored an earlier version: %(named)s"),
    }
    return sentences.get(kind, _("Changed %(named)s")) % {"named": places}


def restore(actor: Actor, draft_type: DraftType[Any], draft_id: str, version: int) -> Saved:
    """Make the data of ``version`` the newest. 422 for a version that is not kept."""
    require(actor, Role.EDITOR)

    def plan(snapshot: Snapshot) -> Planned:
        entries = store.log(address_of(actor, draft_type, draft_id))
        before = _before(snapshot, entries, version)
        if before is None:
            detail = _("Version %(version)d of this draft is not kept.") % {"version": version}
            raise invalid(detail, FieldError("version", detail))
        return Planned.reverting(before, "restore")

    return save(actor, draft_type, draft_id, plan)


def document_at(
    snapshot: Snapshot, entries: Mapping[int, store.LogEntry], version: int
) -> dict[str, Any] | None:
    """The document as it was in ``version``; None where that is not kept."""
    before = _before(snapshot, entries, version)
    if before is None:
        return None
    leaves = snapshot.fields | before
    fields = {path: text for path, text in leaves.items() if text is not None}
    return unflatten(fields, snapshot.keyed)


def _before(
    snapshot: Snapshot, entries: Mapping[int, store.LogEntry], version: int
) -> dict[str, str | None] | None:
    """The leaves that changed after ``version``, as they were then; None where that is not kept."""
    later = range(snapshot.version, version, -1)
    if not 1 <= version <= snapshot.version or any(v not in entries for v in later):
        return None
    before: dict[str, str | None] = {}
    for number in later:
        before |= entries[number].before
    return before
