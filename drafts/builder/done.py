"""What an undo, a redo or a restore did, in words that name the field and lead to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from drafts.builder.shown import label_of

if TYPE_CHECKING:
    from drafts.builder.opened import Opened
    from drafts.draft import HistoryEntry


def undone(opened: Opened, entry: HistoryEntry | None) -> dict[str, str]:
    """What undoing ``entry`` did, and whose change it was unless it was one's own."""
    if entry is None or not entry.paths:
        return {}
    if entry.by == opened.actor.label:
        words = _("Undone: %(field)s")
    else:
        words = _("Undone: %(field)s, changed by %(who)s")
    return _done(opened, entry, words)


def redone(opened: Opened, entry: HistoryEntry | None) -> dict[str, str]:
    if entry is None or not entry.paths:
        return {}
    return _done(opened, entry, _("Redone: %(field)s"))


def restored(version: int) -> dict[str, str]:
    return {"words": _("The draft is as it was in version %(number)d.") % {"number": version}}


def _done(opened: Opened, entry: HistoryEntry, words: str) -> dict[str, str]:
    path = entry.paths[0]
    field = label_of(opened, path)
    if len(entry.paths) > 1 and {label_of(opened, each) for each in entry.paths} != {field}:
        field = _("%(named)s and more") % {"named": field}
    return {
        "words": words % {"field": field, "who": entry.by},
        "path": path,
        "url": opened.field_url(path),
    }
