"""Messages that ask nothing: greetings, thanks, goodbyes, and pictures alone. They are told by
phrases of the languages that the widget speaks: another one's greetings count as questions."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

# In characters. Whoever writes more asks something.
LONGEST = 100
# A phrase a line, in which case, accents and punctuation do not matter.
PHRASES = Path(__file__).with_suffix(".txt")


def is_small_talk(text: str) -> bool:
    """Whether ``text`` is made of such phrases alone, or holds no word."""
    if len(text) > LONGEST:
        return False
    words, place = _words(text), 0
    phrases = _phrases()
    while place < len(words):
        lengths = range(_longest(), 0, -1)
        said = next((n for n in lengths if words[place : place + n] in phrases), 0)
        if not said:
            return False
        place += said
    return True


@cache
def _phrases() -> frozenset[tuple[str, ...]]:
    return frozenset(_words(line) for line in PHRASES.read_text().splitlines())


@cache
def _longest() -> int:
    return max(map(len, _phrases()))


def _words(text: str) -> tuple[str, ...]:
    """Letters and digits by words, in small letters and without what stands above or below them."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    kinds = ((char, unicodedata.category(char)[0]) for char in apart)
    return tuple("".join(c if k in "LN" else "" if k == "M" else " " for c, k in kinds).split())
