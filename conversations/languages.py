"""The languages that the widget speaks. Knows no framework."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

Language = Literal[
    "en", "de", "fr", "es", "it", "pt", "nl", "pl", "tr", "ar", "he", "ja", "zh", "hi"
]
LANGUAGES: tuple[Language, ...] = get_args(Language)
# The one that its words are written in first.
ENGLISH: Language = "en"
RIGHT_TO_LEFT = frozenset({"ar", "he"})
WORDS = Path(__file__).parent / "widget_words"
# What browsers may still call them.
OLDER_NAMES: Mapping[str, str] = MappingProxyType({"iw": "he", "cmn": "zh"})


def spoken(*wanted: str) -> Language:
    """Which of ``LANGUAGES`` fits best, of those that somebody wants (``de-AT``, ``zh_Hans``), the
    dearest first; English where none does."""
    for each in wanted:
        primary = each.strip().lower().replace("_", "-").split("-", 1)[0]
        found = OLDER_NAMES.get(primary, primary)
        if found in LANGUAGES:
            return found
    return ENGLISH


@cache
def translated(language: Language) -> Mapping[str, str]:
    """The widget's words in ``language`` by their names; none for English."""
    if language == ENGLISH:
        return MappingProxyType({})
    found: dict[str, str] = json.loads((WORDS / f"{language}.json").read_text("utf-8"))
    return MappingProxyType(found)
