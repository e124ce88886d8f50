"""What an undo, a redo or a restore did, in words that name the field and lead to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from drafts.builder.shown import label_of

if TYPE_CHECKING:
    from drafts.builder.opened import Opened
    from drafts.draft import HistoryEntry


def undone(opened: Opened, entry: HistoryEntry | None, now: Opened) -> dict[str, str]:
    """What undoing ``entry`` did to ``opened``: of one's own change where it was, of somebody
    else's whose it was, and the way to have it again."""
    if entry is None or not entry.paths:
        return {}
    words = _in_words(entry, before=now, after=opened)
    if entry.by == opened.actor.label:
        return _leading(opened, entry, _("Undone: %(change)s") % {"change": words})
    sentence = _("Took back a change by %(who)s: %(change)s")
    return {"words": sentence % {"who": entry.by, "change": words}, "action": _("Redo")}


def redone(opened: Opened, entry: HistoryEntry | None, now: Opened) -> dict[str, str]:
    if entry is None or not entry.paths:
        return {}
    words = _in_words(entry, before=opened, after=now)
    return _leading(now, entry, _("Redone: %(change)s") % {"change": words})


def restored(version: int) -> dict[str, str]:
    return {"words": _("The draft is as it was in version %(number)d.") % {"number": version}}


def _in_words(entry: HistoryEntry, *, before: Opened, after: Opened) -> str:
    """What a change did, or the field that it concerns."""
    data = before.draft.data, after.draft.data
    if words := after.draft_type.change_in_words(entry.paths, *data):
        return words
    first, *others = (label_of(after, each) for each in entry.paths)
    return _("%(named)s and more") % {"named": first} if {*others} - {first} else first


def _leading(opened: Opened, entry: HistoryEntry, words: str) -> dict[str, str]:
    path = entry.paths[0]
    url = opened.field_url(path)
    return {"words": words, "path": path, "url": url, "action": _("Show")}
