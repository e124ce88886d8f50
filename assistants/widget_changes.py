"""Changes of the widget's settings as people read them: a message or a translation that comes or
goes is one thing, not a list of its fields."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from channels_deploy.widget_names import (
    MESSAGES,
    TRANSLATIONS,
    item_name,
    message_in_words,
    translation_in_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from drafts.deploying.planning import PlannedChange

    Item = Mapping[str, Any]


def in_words(change: PlannedChange) -> PlannedChange:
    """``change`` in words where it is a whole message or translation, else as it is."""
    listed, _dot, key = change.path.rpartition(".")
    if listed == MESSAGES and key:
        return _told(change, _("Proactive message"), message_in_words)
    if listed == TRANSLATIONS and key:
        name = item_name(change.item or {"language": key})
        return _told(change, _("Texts in %(language)s") % {"language": name}, translation_in_words)
    return change


def _told(change: PlannedChange, label: str, words: Callable[[Item], str]) -> PlannedChange:
    before, after = (value and words(value) for value in (change.before, change.after))
    return replace(change, label=label, before=before, after=after)
