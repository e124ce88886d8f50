"""The words of passages by which they are found: from a word to the passages that hold it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from knowledge.index.lexemes import of_passages

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy import int32, int64
    from numpy.typing import NDArray

    from knowledge.index.lexemes import Lexemes, Passage

# Passages whose texts are sent to the database in one go.
AT_ONCE = 1000


@dataclass(frozen=True)
class Words:
    """The different words in order; ``places`` and ``counts`` say for each of them, between two of
    its ``starts``, in which passages it occurs and how often. ``lengths`` are those of the
    passages, in words."""

    vocabulary: list[str]
    starts: NDArray[int64]
    places: NDArray[int32]
    counts: NDArray[int32]
    lengths: NDArray[int32]
    languages: tuple[str, ...]

    @property
    def average(self) -> float:
        """The length of a passage."""
        return float(self.lengths.mean()) if len(self.lengths) else 0.0

    def of(self, word: str) -> tuple[NDArray[int32], NDArray[int32]]:
        """The passages that hold the word, and how often each does."""
        at = bisect_left(self.vocabulary, word)
        if at == len(self.vocabulary) or self.vocabulary[at] != word:
            return self.places[:0], self.counts[:0]
        held = slice(self.starts[at], self.starts[at + 1])
        return self.places[held], self.counts[held]


def words_of(passages: Sequence[Passage]) -> Words:
    """The words of the passages, as the database reads them."""
    read = [
        lexemes
        for start in range(0, len(passages), AT_ONCE)
        for lexemes in of_passages(passages[start : start + AT_ONCE])
    ]
    vocabulary = sorted({word for lexemes in read for word in lexemes.words})
    numbers = {word: number for number, word in enumerate(vocabulary)}
    held = _integers(numbers[word] for lexemes in read for word in lexemes.words)
    order = np.argsort(held, kind="stable")
    return Words(
        vocabulary=vocabulary,
        starts=np.searchsorted(held[order], np.arange(len(vocabulary) + 1)).astype(np.int64),
        places=_places(read)[order],
        counts=_integers(count for lexemes in read for count in lexemes.frequencies)[order],
        lengths=_integers(lexemes.length for lexemes in read),
        languages=tuple(sorted({passage.language for passage in passages})),
    )


def _places(read: Sequence[Lexemes]) -> NDArray[int32]:
    """For each word of each passage, which passage it is."""
    return np.repeat(np.arange(len(read), dtype=np.int32), [len(each.words) for each in read])


def _integers(numbers: Iterable[int]) -> NDArray[int32]:
    return np.fromiter(numbers, np.int32)
