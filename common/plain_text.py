"""Texts as people see them: without what cannot be seen, so that two that look the same are the
same, whether letters of several scripts are mixed, and without what cannot be stored."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

# By Unicode's general categories: controls, formats (among them what changes the direction of
# writing), unassigned and private characters, surrogates, separators of lines.
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
# What shows nothing all the same, though by category they are letters, marks and symbols: fillers,
# blanks, and what only chooses how another character looks. Unicode's names, unlike its property
# Default_Ignorable_Code_Point, are in the standard library, and they never change.
_BLANK_NAMES = re.compile(
    r"(HANGUL|CHOSEONG|JUNGSEONG|SCRIPT) FILLER|PATTERN BLANK|(FULL|HALF) BLANK|VARIATION SELECTOR"
    r"|GRAPHEME JOINER|VOWEL INHERENT|NULL NOTEHEAD|OBJECT REPLACEMENT"
)
# Embeddings, overrides and isolates, and what ends them: they may turn round all that follows.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# NUL, and halves of characters, which some parsers of JSON let through.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_NON_JOINER, _JOINER, _AS_EMOJI = "\u200c", "\u200d", "\ufe0f"
_VIRAMA = 9  # the combining class
# Arabic letters that never join the next one, after which a non-joiner shows nothing.
_ENDING = frozenset("ءآأؤإاةدذرزوىٱڈڑژۀۃۇۋے")


def plain(text: str) -> str:
    """``text`` in Unicode's NFKC, which writes full-width letters and ligatures the plain way, and
    as ``visible`` leaves it."""
    return unicodedata.normalize("NFKC", visible(unicodedata.normalize("NFKC", text)))


def visible(text: str) -> str:
    """``text`` without unseen characters, and with one blank where there was white space."""
    normal, seen = unicodedata.normalize("NFC", text), ""
    for place, char in enumerate(normal):
        if char.isspace() or _is_seen(char, seen, normal[place + 1 : place + 2]):
            seen += char
    return " ".join(unicodedata.normalize("NFC", seen).split())


def storable(value: Any) -> Any:
    """``value``, which is plain JSON, without what PostgreSQL's text and jsonb cannot hold, and
    which other servers may say."""
    match value:
        case str():
            return _UNSTORABLE.sub("", value)
        case Mapping():
            return {storable(name): storable(each) for name, each in value.items()}
        case list() | tuple():
            return [storable(each) for each in value]
    return value


def in_order(text: str) -> str:
    """``text``, of as many lines as it has, without what changes the order in which it is shown."""
    return _DIRECTIONS.sub("", text)


def mixes_scripts(text: str) -> bool:
    """Whether some of its letters may be there for how much they look like others: Latin ones
    beside those of another script, as in a Latin name with the Cyrillic letter for a."""
    scripts = {_script(char) for char in text if char.isalpha()}
    return "LATIN" in scripts and len(scripts) > 1


def _is_seen(char: str, text: str, after: str) -> bool:
    """Whether ``char`` shows anything between ``text``, of which all is seen, and ``after``."""
    before, category = text[-1:], unicodedata.category(char)
    if char in {_NON_JOINER, _JOINER} and before and unicodedata.combining(before) == _VIRAMA:
        # Forms another letter in the scripts of India: the one that the virama belongs to.
        return _script(text[-2:-1]) == _script(before)
    if char == _NON_JOINER:
        return _is_arabic(before) and _is_arabic(after) and before not in _ENDING
    if char == _JOINER:
        return _is_symbol(after) and (_is_symbol(before) or before == _AS_EMOJI)
    if char == _AS_EMOJI:
        return _is_symbol(before)
    if category.startswith("M") and not before.strip():
        return False  # an accent upon nothing
    return category not in _UNSEEN and not _is_blank(char)


@lru_cache(maxsize=4096)
def _is_blank(char: str) -> bool:
    return _BLANK_NAMES.search(unicodedata.name(char, "")) is not None


def _script(char: str) -> str:
    """The standard library has no property of the script; the names of letters begin with it."""
    return unicodedata.name(char, "").partition(" ")[0] if char else ""


def _is_arabic(char: str) -> bool:
    return char != "" and unicodedata.bidirectional(char) == "AL"


def _is_symbol(char: str) -> bool:
    """Whether it may be a part of an emoji: arrows and beyond, and the colours of skin."""
    is_picture = char >= "\u2190" and unicodedata.category(char) == "So"
    return is_picture or "\U0001f3fb" <= char <= "\U0001f3ff"
