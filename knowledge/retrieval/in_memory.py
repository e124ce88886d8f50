"""Ranks passages that are in no index, as a live one would: for trying questions on a draft.

Only their words are asked of the database, which stores nothing. Vectors are rounded to the half
precision of the index.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np

from knowledge.index.lexemes import of_passages, of_question
from knowledge.retrieval.bm25 import idf, saturation
from knowledge.retrieval.candidates import CANDIDATES, WORDS, Candidate
from knowledge.retrieval.fusion import Group, Scored, fuse
from knowledge.retrieval.query import Method

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy import float32
    from numpy.typing import NDArray

    from knowledge.index.lexemes import Lexemes, Passage

NOWHERE = UUID(int=0)


@dataclass(frozen=True)
class Corpus:
    """Passages with what ranking needs of them; good for any number of questions."""

    lexemes: tuple[dict[str, int], ...]
    lengths: tuple[int, ...]
    frequencies: Counter[str]
    languages: tuple[str, ...]
    vectors: NDArray[float32]
    importance: tuple[str, ...]

    @cached_property
    def average(self) -> float:
        return sum(self.lengths) / max(len(self.lengths), 1)


@dataclass(frozen=True)
class _Word:
    """A word of the question: how often it is asked for, and how rare it is."""

    lexeme: str
    times: int
    idf: float


def corpus(
    passages: Sequence[Passage], vectors: NDArray[float32], importance: Sequence[str] = ()
) -> Corpus:
    """``vectors`` has a row of length 1 for each passage; ``importance`` is empty or has as many
    entries."""
    read = of_passages(passages)
    return Corpus(
        lexemes=tuple(_counts(lexemes) for lexemes in read),
        lengths=tuple(lexemes.length for lexemes in read),
        frequencies=Counter(word for lexemes in read for word in lexemes.words),
        languages=tuple(sorted({passage.language for passage in passages})),
        vectors=vectors.astype(np.float16).astype(np.float32),
        importance=tuple(importance) or ("",) * len(read),
    )


def rank(
    passages: Corpus, question: str, vector: NDArray[float32] | None, method: Method = Method.HYBRID
) -> list[Scored]:
    """Best first; ``chunk_id`` is a passage's place. Without a ``vector``, by word."""
    method = Method.KEYWORD if vector is None else method
    words = _words(passages, question)
    cosines = _cosines(passages, vector)
    chosen: set[int] = set()
    if method != Method.VECTOR:
        chosen |= set(_by_word(passages, words))
    if method != Method.KEYWORD:
        chosen |= set(_best(cosines))
    candidates = [_candidate(passages, place, words, cosines[place]) for place in sorted(chosen)]
    return fuse([Group(candidates, method)])


def _counts(lexemes: Lexemes) -> dict[str, int]:
    return dict(zip(lexemes.words, lexemes.frequencies, strict=True))


def _words(passages: Corpus, question: str) -> list[_Word]:
    asked = of_question(question, passages.languages)
    many = len(passages.lexemes)
    words = [
        _Word(lexeme, times, idf(many, passages.frequencies[lexeme]))
        for lexeme, times in asked.items()
    ]
    return sorted(words, key=lambda word: (-word.idf, word.lexeme))[:WORDS]


def _cosines(passages: Corpus, vector: NDArray[float32] | None) -> NDArray[float32]:
    if vector is None:
        return np.zeros(len(passages.lexemes), np.float32)
    rounded = vector.astype(np.float16).astype(np.float32)
    lengths = np.linalg.norm(passages.vectors, axis=1) * np.linalg.norm(rounded)
    cosines: NDArray[float32] = (passages.vectors @ rounded) / np.maximum(lengths, 1e-9)
    return cosines


def _by_word(passages: Corpus, words: Sequence[_Word]) -> list[int]:
    scores = np.array([_bm25(passages, place, words) for place in range(len(passages.lexemes))])
    return [place for place in _best(scores) if scores[place] > 0]


def _best(scores: NDArray[np.floating]) -> list[int]:
    best: list[int] = np.argsort(-scores, kind="stable")[:CANDIDATES].tolist()
    return best


def _bm25(passages: Corpus, place: int, words: Sequence[_Word]) -> float:
    counts, length = passages.lexemes[place], passages.lengths[place]
    return sum(
        word.times * word.idf * saturation(counts[word.lexeme], length, passages.average)
        for word in words
        if word.lexeme in counts
    )


def _candidate(passages: Corpus, place: int, words: Sequence[_Word], cosine: float) -> Candidate:
    total = sum(word.idf for word in words)
    held = sum(word.idf for word in words if word.lexeme in passages.lexemes[place])
    return Candidate(
        chunk_id=place,
        document_id=NOWHERE,
        keyword=_bm25(passages, place, words),
        vector=float(cosine),
        coverage=held / total if total else 0.0,
        importance=passages.importance[place],
    )
