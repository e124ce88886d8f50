"""Ranks passages that are in no index, as a live one would: for trying questions on a draft.

Only their words are asked of the database, which stores nothing. Vectors are rounded to the half
precision of the index.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np

from knowledge.index.bm25 import idf, saturation
from knowledge.index.lexemes import of_question
from knowledge.index.lookup import CANDIDATES, WORDS, Candidate, Method
from knowledge.retrieval.fusion import Group, Scored, fuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy import float32, float64
    from numpy.typing import NDArray

    from knowledge.retrieval.words import Words

NOWHERE = UUID(int=0)


@dataclass(frozen=True)
class Corpus:
    """Passages with what ranking needs of them; good for any number of questions."""

    words: Words
    vectors: NDArray[float32]
    importance: tuple[str, ...]


@dataclass(frozen=True)
class _Word:
    """A word of the question: how often it is asked for, and how rare it is."""

    lexeme: str
    times: int
    idf: float


def corpus(words: Words, vectors: NDArray[float32], importance: Sequence[str] = ()) -> Corpus:
    """``vectors`` has a row of length 1 for each passage; ``importance`` is empty or has as many
    entries."""
    return Corpus(
        words=words,
        vectors=vectors.astype(np.float16).astype(np.float32),
        importance=tuple(importance) or ("",) * len(words.lengths),
    )


def rank(
    passages: Corpus,
    question: str,
    vector: NDArray[float32] | None,
    method: Method = Method.HYBRID,
    allowed: NDArray[np.bool_] | None = None,
) -> list[Scored]:
    """Best first; ``chunk_id`` is a passage's place. Without a ``vector``, by word. ``allowed``
    says for each passage whether it may answer; None, all may."""
    method = Method.KEYWORD if vector is None else method
    words = _words(passages.words, question)
    held = _held(passages.words, words)
    cosines = _cosines(passages, vector)
    chosen: set[int] = set()
    if method != Method.VECTOR:
        chosen |= {place for place in _best(held.scores, allowed) if held.scores[place] > 0}
    if method != Method.KEYWORD:
        chosen |= set(_best(cosines, allowed))
    candidates = [
        Candidate(
            chunk_id=place,
            document_id=NOWHERE,
            keyword=float(held.scores[place]),
            vector=float(cosines[place]),
            coverage=float(held.coverage[place]),
            importance=passages.importance[place],
        )
        for place in sorted(chosen)
    ]
    return fuse([Group(candidates, method)])


def _words(words: Words, question: str) -> list[_Word]:
    asked = of_question(question, words.languages)
    many = len(words.lengths)
    rare = [
        _Word(lexeme, times, idf(many, len(words.of(lexeme)[0]))) for lexeme, times in asked.items()
    ]
    return sorted(rare, key=lambda word: (-word.idf, word.lexeme))[:WORDS]


@dataclass(frozen=True)
class _Held:
    """What each passage holds of the words of a question: its BM25, and their share by worth."""

    scores: NDArray[float64]
    coverage: NDArray[float64]


def _held(words: Words, asked: Sequence[_Word]) -> _Held:
    scores, worth = np.zeros(len(words.lengths)), np.zeros(len(words.lengths))
    average = words.average
    for word in asked:
        places, counts = words.of(word.lexeme)
        fit = saturation(counts, words.lengths[places], average)
        scores[places] += word.times * word.idf * fit
        worth[places] += word.idf
    total = sum(word.idf for word in asked)
    return _Held(scores, worth / total if total else worth)


def _cosines(passages: Corpus, vector: NDArray[float32] | None) -> NDArray[float32]:
    if vector is None:
        return np.zeros(len(passages.words.lengths), np.float32)
    rounded = vector.astype(np.float16).astype(np.float32)
    lengths = np.linalg.norm(passages.vectors, axis=1) * np.linalg.norm(rounded)
    cosines: NDArray[float32] = (passages.vectors @ rounded) / np.maximum(lengths, 1e-9)
    return cosines


def _best(scores: NDArray[np.floating], allowed: NDArray[np.bool_] | None) -> list[int]:
    order = np.argsort(-scores, kind="stable")
    best: list[int] = (order if allowed is None else order[allowed[order]])[:CANDIDATES].tolist()
    return best
