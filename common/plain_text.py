"""Short texts as people see them: without what cannot be seen, so that two that look the same are
the same, and whether letters of several scripts are mixed."""

from __future__ import annotations

import unicodedata

# By Unicode's general categories: controls, formats (among them what changes the direction of
# writing), unassigned and private characters, surrogates, separators of lines.
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
# Letters, marks and a symbol by category, which show nothing all the same: what is left of
# Unicode's Default_Ignorable_Code_Point, and the empty pattern of Braille.
_BLANK = frozenset(
    map(
        chr,
        (
            *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0),
            *range(0x180B, 0x1810),
            *range(0xFE00, 0xFE10),
            *range(0xE0100, 0xE01F0),
        ),
    )
)
_NON_JOINER, _JOINER, _AS_EMOJI = "\u200c", "\u200d", "\ufe0f"
_VIRAMA = 9  # the combining class
# Arabic letters that never join the next one, after which a non-joiner shows nothing.
_ENDING = frozenset("ءآأؤإاةدذرزوىٱڈڑژۀۃۇۋے")


def plain(text: str) -> str:
    """``text`` in Unicode's NFKC, which writes full-width letters and ligatures the plain way,
    without unseen characters, and with one blank where there was white space."""
    normal = unicodedata.normalize("NFKC", text)
    seen = "".join(c for place, c in enumerate(normal) if c.isspace() or _is_seen(normal, place))
    return " ".join(unicodedata.normalize("NFKC", seen).split())


def mixes_scripts(text: str) -> bool:
    """Whether some of its letters may be there for how much they look like others: Latin ones
    beside those of another script, as in a Latin name with the Cyrillic letter for a."""
    # The standard library has no property of the script; the names of letters begin with it.
    scripts = {unicodedata.name(char, "").partition(" ")[0] for char in text if char.isalpha()}
    return "LATIN" in scripts and len(scripts) > 1


def _is_seen(text: str, place: int) -> bool:
    char, before, after = text[place], text[place - 1 : place], text[place + 1 : place + 2]
    if char in {_NON_JOINER, _JOINER} and before and unicodedata.combining(before) == _VIRAMA:
        return True  # forms another letter in the scripts of India
    if char == _NON_JOINER:
        return _is_arabic(before) and _is_arabic(after) and before not in _ENDING
    if char == _JOINER:
        return _is_symbol(after) and (_is_symbol(before) or before == _AS_EMOJI)
    if char == _AS_EMOJI:
        return _is_symbol(before)
    return unicodedata.category(char) not in _UNSEEN and char not in _BLANK


def _is_arabic(char: str) -> bool:
    return char != "" and unicodedata.bidirectional(char) == "AL"


def _is_symbol(char: str) -> bool:
    """Whether it may be a part of an emoji: arrows and beyond, and the colours of skin."""
    is_picture = char >= "\u2190" and unicodedata.category(char) == "So"
    return is_picture or "\U0001f3fb" <= char <= "\U0001f3ff"
