"""Whether a passage holds what a test question expects. Pure.

Texts are compared by their words: neither blanks nor case, punctuation or Markdown count.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

# Scripts that put no blanks between words: each of their characters is a word of its own here.
_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
# How much of an expected sentence a passage in other words has to hold, and how many terms make a
# sentence: of a few words, all are found by chance somewhere.
ENOUGH = 0.8
SENTENCE = 5


def holds(passage: str, expected: str) -> bool:
    """Whether ``passage`` says ``expected``: word by word, or most of its words if it is a sentence
    or more. An expectation without any word is looked for as it is."""
    wanted = words_of(expected)
    if not wanted:
        return bool(expected.strip()) and expected.strip() in passage
    found = words_of(passage)
    return _in_a_row(found, wanted) or _mostly(found, wanted)


def words_of(text: str) -> list[str]:
    """The words of a text in the form in which they are compared."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _in_a_row(found: list[str], wanted: list[str]) -> bool:
    return f" {' '.join(wanted)} " in f" {' '.join(found)} "


def _mostly(found: list[str], wanted: list[str]) -> bool:
    terms = _terms(wanted)
    if len(terms) < SENTENCE:
        return False
    return len(terms & _terms(found)) >= ENOUGH * len(terms)


def _terms(words: list[str]) -> set[str]:
    """What is counted: words, and neighbours where a character alone says little."""
    single = {word for word in words if not _IS_UNSPACED.match(word)}
    pairs = {a + b for a, b in pairwise(words) if _IS_UNSPACED.match(a) and _IS_UNSPACED.match(b)}
    return single | pairs
