"""What happened to a draft, newest first, and the way back to any of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from common.problems import FieldError, invalid
from drafts.access import address_of, open_snapshot, require
from drafts.draft import HistoryEntry, Saved
from drafts.messages import humanised
from drafts.paths import dotted
from drafts.saving import Planned, save
from drafts.storage import store
from workspaces.models import Role

if TYPE_CHECKING:
    from drafts.address import Address
    from drafts.storage.snapshot import Snapshot
    from drafts.types import DraftType
    from workspaces.access import Actor

NAMED_AT_MOST = 3


def history(actor: Actor, draft_type: DraftType[Any], draft_id: str) -> list[HistoryEntry]:
    """The draft's changes, newest first, as far back as they are kept."""
    open_snapshot(actor, draft_type, draft_id, Role.VIEWER)
    entries = store.log(address_of(actor, draft_type, draft_id)).values()
    return [_told(entry) for entry in sorted(entries, key=lambda e: e.version, reverse=True)]


def undoable(actor: Actor, draft_type: DraftType[Any], draft_id: str) -> HistoryEntry | None:
    """The change that undoing takes back."""
    version = open_snapshot(actor, draft_type, draft_id, Role.VIEWER).undoable()
    return _entry(address_of(actor, draft_type, draft_id), version)


def redoable(actor: Actor, draft_type: DraftType[Any], draft_id: str) -> HistoryEntry | None:
    """The undoing that redoing takes back."""
    version = open_snapshot(actor, draft_type, draft_id, Role.VIEWER).redoable()
    return _entry(address_of(actor, draft_type, draft_id), version)


def _entry(address: Address, version: int | None) -> HistoryEntry | None:
    entry = store.logged(address, version) if version else None
    return _told(entry) if entry else None


def _told(entry: store.LogEntry) -> HistoryEntry:
    paths = tuple(dict.fromkeys(dotted(path) for path in entry.before))
    return HistoryEntry(
        entry.version, entry.at, entry.by, entry.mode, paths, summary(entry.mode, paths)
    )


def summary(kind: str, paths: tuple[str, ...]) -> str:
    """One change in a few words."""
    tops = list(dict.fromkeys(humanised(path.split(".", 1)[0]) for path in paths))
    named = ", ".join(tops[:NAMED_AT_MOST])
    if len(tops) > NAMED_AT_MOST:
        named = _("%(named)s and more") % {"named": named}
    sentences = {
        "create": _("Created"),
        "undo": _("Undid a change of %(named)s"),
        "redo": _("Redid a change of %(named)s"),
        "restore": _("Restored an earlier version: %(named)s"),
    }
    return sentences.get(kind, _("Changed %(named)s")) % {"named": named}


def restore(actor: Actor, draft_type: DraftType[Any], draft_id: str, version: int) -> Saved:
    """Make the data of ``version`` the newest. 422 for a version that is not kept."""
    require(actor, Role.EDITOR)

    def plan(snapshot: Snapshot) -> Planned:
        entries = store.log(address_of(actor, draft_type, draft_id))
        later = range(snapshot.version, version, -1)
        if not 1 <= version <= snapshot.version or any(v not in entries for v in later):
            detail = _("Version %(version)d of this draft is not kept.") % {"version": version}
            raise invalid(detail, FieldError("version", detail))
        before: dict[str, str | None] = {}
        for number in later:
            before |= entries[number].before
        return Planned.reverting(before, "restore")

    return save(actor, draft_type, draft_id, plan)
