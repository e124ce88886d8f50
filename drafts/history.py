"""What happened to a draft, newest first, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from drafts.access import address_of, keyed_of, open_snapshot
from drafts.deploying.planning import Between, PlannedChange, item_at
from drafts.document import value_at
from drafts.draft import HistoryEntry
from drafts.forms.naming import named
from drafts.paths import dotted
from drafts.refusals import has_ancestor
from drafts.rewinding import Rewinding
from drafts.storage import store
from workspaces.models import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drafts.types import DraftType
    from workspaces.access import Actor

NAMED_AT_MOST = 3


def history(actor: Actor, draft_type: DraftType[Any], draft_id: str) -> list[HistoryEntry]:
    """The draft's changes, newest first, as far back as they are kept."""
    snapshot = open_snapshot(actor, draft_type, draft_id, Role.VIEWER)
    log = store.log(address_of(actor, draft_type, draft_id))
    rewinding, entries = Rewinding(snapshot.fields, snapshot.keyed), []
    for version in sorted((each for each in log if each <= snapshot.version), reverse=True):
        logged, after = log[version], rewinding.document
        rewinding.back(logged.before)
        between = Between(rewinding.document, after)
        reverted = log.get(logged.reverts) if logged.reverts else None
        entries.append(_entry(logged, _summary(draft_type, logged, between, reverted)))
    return entries


def changed_by(
    actor: Actor, draft_type: DraftType[Any], draft_id: str, since: int
) -> dict[str, str]:
    """Who last changed each place after the version ``since``, by dotted path."""
    open_snapshot(actor, draft_type, draft_id, Role.VIEWER)
    log = store.log(address_of(actor, draft_type, draft_id))
    return {
        dotted(path): logged.by
        for logged in log.values()
        if logged.version > since
        for path in logged.before
    }


def entry_of(logged: store.LogEntry) -> HistoryEntry:
    """The logged change with its places, without words."""
    return _entry(logged, "")


def _entry(logged: store.LogEntry, summary: str) -> HistoryEntry:
    paths = tuple(dict.fromkeys(map(dotted, logged.before)))
    return HistoryEntry(logged.version, logged.at, logged.by, logged.mode, paths, summary)


def _summary(
    draft_type: DraftType[Any],
    logged: store.LogEntry,
    between: Between,
    reverted: store.LogEntry | None,
) -> str:
    """One change in a few words, which say whose change it ``reverted`` if that was somebody
    else's."""
    if logged.mode == "create":
        return _("Created")
    if logged.mode == "undo":  # what was undone is told, not what became of it
        between = Between(between.after, between.before)
    changes = _changes(draft_type, logged, between)
    told = draft_type.told(changes, between)
    whose = reverted.by if reverted and reverted.by != logged.by else ""
    labels = _first(_label(draft_type, each) for each in told if not each.sentence)
    sentences = list(dict.fromkeys(each.sentence for each in told if each.sentence))
    if not told:  # nothing that people read of: the steps say where
        labels = _first(_step(draft_type, each) for each in changes)
    if not sentences:
        return _of_places(logged.mode, labels, whose)
    changed = [_("Changed %(named)s") % {"named": labels}] if labels else []
    return _of_deeds(logged.mode, ". ".join(_few([*sentences, *changed])), whose)


def _changes(
    draft_type: DraftType[Any], logged: store.LogEntry, between: Between
) -> list[PlannedChange]:
    """What changed, one for each place that is in no other."""
    keyed, newest_first = keyed_of(draft_type), (between.after, between.before)
    paths = {dotted(path): path for path in logged.before}
    return [
        PlannedChange(
            name,
            value_at(between.before, path, keyed),
            value_at(between.after, path, keyed),
            item_at(path, newest_first, keyed),
        )
        for name, path in paths.items()
        if not has_ancestor(name, paths)
    ]


def _label(draft_type: DraftType[Any], change: PlannedChange) -> str:
    item = draft_type.item_name(change.item) if change.item else ""
    return change.label or named(draft_type, change.path, item)[0]


def _step(draft_type: DraftType[Any], change: PlannedChange) -> str:
    return str(draft_type.step(draft_type.step_of(change.path)).label)


def _first(labels: Iterable[str]) -> str:
    """The places as the builder calls them, the first few of many."""
    found: dict[str, None] = {}
    for label in labels:
        found[label] = None
        if len(found) > NAMED_AT_MOST:
            first = list(found)[:NAMED_AT_MOST]
            return _("%(named)s and more") % {"named": ", ".join(first)}
    *first, last = found or [""]
    words = {"first": ", ".join(first), "last": last}
    return _("%(first)s and %(last)s") % words if first else last


def _few(sentences: list[str]) -> list[str]:
    """The first few of many."""
    if len(sentences) <= NAMED_AT_MOST:
        return sentences
    count = len(sentences) - NAMED_AT_MOST
    words = ngettext("%(count)d more change", "%(count)d more changes", count)
    return [*sentences[:NAMED_AT_MOST], words % {"count": count}]


def _of_places(kind: str, places: str, whose: str) -> str:
    """What was done to places that have names."""
    if kind == "undo" and whose:
        words = {"who": whose, "named": places}
        return _("Undid what %(who)s changed of %(named)s") % words
    sentences = {
        "undo": _("Undid a change of %(named)s"),
        "redo": _("Redid a change of %(named)s"),
        "restore": _("Restored an earlier version: %(named)s"),
    }
    return sentences.get(kind, _("Changed %(named)s")) % {"named": places}


def _of_deeds(kind: str, deeds: str, whose: str) -> str:
    """What became of what was done, which is told in sentences."""
    if kind == "undo" and whose:
        return _("Undid what %(who)s did: %(deeds)s") % {"who": whose, "deeds": deeds}
    sentences = {
        "undo": _("Undid: %(deeds)s"),
        "redo": _("Redid: %(deeds)s"),
        "restore": _("Restored an earlier version: %(deeds)s"),
    }
    return sentences.get(kind, "%(deeds)s") % {"deeds": deeds}
