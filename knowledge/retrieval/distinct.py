"""Keeps passages that say the same as a better one out of the answer. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

WORD = re.compile(r"\w+")
# Runs of so many words are compared.
RUN = 4
# From here on two passages are one. An overlap of a sentence or two stays far below.
SAME = 0.85


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """The runs of words in ``text``; all of it where it is shorter than one."""
    words = WORD.findall(text.lower())
    if not words:
        return frozenset({(text.strip(),)})
    return frozenset(tuple(words[i : i + RUN]) for i in range(max(1, len(words) - RUN + 1)))


def is_repeated(
    text: frozenset[tuple[str, ...]], earlier: Collection[frozenset[tuple[str, ...]]]
) -> bool:
    """Whether ``text`` is nearly one of ``earlier``."""
    return any(len(text & other) >= SAME * len(text | other) for other in earlier)
