"""What is said of a name by which nothing is known."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Collection


def unknown(name: str, known: Collection[str]) -> str:
    """With the one of those ``known`` that it is nearly like, if any is."""
    if close := get_close_matches(name, known, 1):
        words = _("There is no %(name)s. Is it %(other)s?")
        return words % {"name": name, "other": close[0]}
    return _("There is no node and no variable called %(name)s.") % {"name": name}
