"""Where sentences end, by rules. Time grows with the length of the text, whatever it holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge.chunking.chunk import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

# A full stop with what closes behind it, or the beginning of an item or of a question or answer.
# Possessive, and nothing is looked for behind a run: no character is looked at twice. The first
# line is what ends a sentence in Chinese and Japanese, where no blank follows.
_BOUNDARY = re.compile(
    r"(?P<wide>[\u3002\uff01\uff1f\uff61]++[\u300d\u300f\u201d\u2019\uff09)\"']*+)"
    r"|(?P<stop>[.!?\u2026]++[\"'\u201d\u2019\u00bb)\]*_]*+(?:\[\d{1,4}\])*+)"
    r"|\n(?=[ \t]{0,12}(?:[-*+\u2022][ \t]|\d{1,4}[.)][ \t]|"
    r"[*_]{0,2}(?:Q|A|Question|Answer)[ \t]?\d{0,4}[*_]{0,2}[:.)]))"
)
_BEFORE = re.compile(r"[^\s(\[\"'\u201c\u2018]*\Z")
_BEGINS = re.compile(r"[\s\"'\u201c\u2018\u00ab(\[*_]*+(.)?", re.DOTALL)
_INITIALS = re.compile(r"(?:\w\.)*[^\W\d]")
ABBREVIATIONS = frozenset(
    (
        *("abb", "abs", "al", "apr", "approx", "art", "aug", "bd", "betr", "bzw", "ca", "cf", "ch"),
        *("co", "corp", "dec", "dept", "dipl", "dr", "ed", "eds", "eq", "etc", "evtl", "feb"),
        *("fig", "figs", "fr", "gen", "gov", "hon", "hr", "inc", "incl", "ing", "jan", "jr", "jul"),
        *("jun", "kap", "lat", "lt", "ltd", "messrs", "mio", "mr", "mrs", "ms", "mt", "nov", "nr"),
        *("nrn", "oct", "op", "phil", "pl", "pos", "prof", "pt", "pts", "ref", "refs", "resp"),
        *("rev", "sen", "sep", "sept", "sig", "sog", "spp", "sr", "st", "str", "tab", "tel", "usw"),
        *("vgl", "viz", "vol", "vs"),
    )
)
# Shortened before a number or a name only: "No. 5", but "I said no."
ONLY_BEFORE_NUMBERS = frozenset({"no", "nos", "p", "s", "art", "sec", "fig", "max", "min", "pp"})
LOOKS_BACK = 40


def sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """The sentences of one paragraph, without the blanks around them."""
    begin = start
    for found in _BOUNDARY.finditer(text, start, end):
        if found["stop"] and not _ends(text, found, end):
            continue
        yield from trimmed(text, begin, found.end())
        begin = found.end()
    yield from trimmed(text, begin, end)


def lines(text: str, start: int, end: int) -> Iterator[Span]:
    """The lines that are not blank, without the blanks around them."""
    while start < end:
        after = text.find("\n", start, end) + 1 or end
        yield from trimmed(text, start, after)
        start = after


def trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    """The span without the blanks around it, or nothing if it is blank."""
    piece = text[start:end]
    bare = piece.strip()
    if bare:
        first = start + len(piece) - len(piece.lstrip())
        yield Span(first, first + len(bare))


def _ends(text: str, stop: re.Match[str], end: int) -> bool:
    """Whether a full stop ends a sentence: not within a word or a number, nor behind what is
    short for something."""
    if stop.end() < end and not text[stop.end()].isspace():
        return False
    following = _BEGINS.match(text, stop.end(), min(end, stop.end() + LOOKS_BACK))
    first = (following and following[1]) or ""
    if first.islower():
        return False
    if stop["stop"][0] != ".":
        return True
    window = text[max(0, stop.start() - LOOKS_BACK) : stop.start()]
    found = _BEFORE.search(window)
    word = found.group().lower() if found else ""
    return not _is_short_for_something(word, window, first)


def _is_short_for_something(word: str, window: str, first: str) -> bool:
    if word in ONLY_BEFORE_NUMBERS:
        return first.isdigit()
    if word in ABBREVIATIONS or _INITIALS.fullmatch(word):
        return True
    # A number that begins a line is that of an item: "1. First".
    before = window[: len(window) - len(word)]
    return word.isdigit() and (not before.strip(" \t") or before.rstrip(" \t").endswith("\n"))
