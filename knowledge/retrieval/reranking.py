"""Compares the best of what was found with the question once more, token by token.

Late interaction: each token of the question is held against each of the passage's and counts by the
one most like it, and the other way round, so that a passage gains by speaking of nothing else. Of
five public sets two measured better both ways than one way, the others the same. The vectors are
those that the built-in model makes of tokens before it takes their mean. So this needs no other
model, works the same whatever model the base is embedded by, and keeps nothing; what it costs is
reading the passages again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from inference.embedders.local import LOCAL
from knowledge.retrieval.fusion import IMPORTANCE, Scored, place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from inference.embedding import Vectors

# So many are compared. Ten leave some of what there is to gain, thirty gain no more.
FIRST = 15


def rerank(
    found: Sequence[Scored],
    question: str,
    texts_of: Callable[[Sequence[int]], Mapping[int, str]],
) -> list[Scored]:
    """``found``, which is in order, with its first in a new one. ``texts_of`` gives the texts of
    chunks by their ids, without those that are gone; raises ``EmbeddingError``."""
    if not found:
        return []
    texts = texts_of([each.candidate.chunk_id for each in found[:FIRST]])
    asked, *read = LOCAL.token_vectors([question, *texts.values()])
    alike = {
        key: likeness(asked, vectors)
        for key, vectors in zip(texts, read, strict=True)
        if len(asked) and len(vectors)
    }
    return mixed(found, alike)


def likeness(question: Vectors, passage: Vectors) -> float:
    """From 0 to 1. Both have a row of length 1 for each of their tokens, at least one."""
    cosines = question @ passage.T
    both_ways = (cosines.max(axis=1).mean() + cosines.max(axis=0).mean()) / 2
    return min(max(float(both_ways), 0.0), 1.0)


def mixed(found: Sequence[Scored], alike: Mapping[int, float]) -> list[Scored]:
    """``found`` in the order of the mean of its scores and of ``alike``, by ids of chunks.

    Whatever counts likeness for more (another weight, dividing by the best) gains a little where
    questions are paraphrased and loses as much elsewhere. What is not in ``alike`` has none, so it
    stays behind all that was better already.
    """
    return sorted((_mixed(each, alike) for each in found), key=place) if alike else list(found)


def _mixed(each: Scored, alike: Mapping[int, float]) -> Scored:
    own = alike.get(each.candidate.chunk_id)
    weighed = (own or 0) * IMPORTANCE.get(each.candidate.importance, 1.0)
    return replace(each, score=(each.score + weighed) / 2, rerank=own)
