"""From raw scores to an order. Pure: a draft's passages and a live base's are ranked by one code.

Scores are added, not ranks: each method's is divided by the best of all candidates. Over nine
public sets this was ahead of reciprocal rank fusion or level with it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.index.lookup import Method

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from knowledge.index.lookup import Candidate

WEIGHT = 0.5
IMPORTANCE = {"low": 0.9, "normal": 1.0, "high": 1.1}
# Words count for less than meaning when it comes to whether a passage answers at all.
COVERAGE = 0.3


@dataclass(frozen=True)
class Scored:
    """A candidate with its place: ``score`` orders, ``relevance`` tells whether it fits at all;
    ``rerank`` is what ``knowledge.retrieval.reranking`` made of it, None where it did not look."""

    candidate: Candidate
    score: float
    relevance: float
    rerank: float | None = None


@dataclass(frozen=True)
class Group:
    """Candidates of one index. Cosines are only compared within one ``embedder``."""

    candidates: Sequence[Candidate]
    method: Method
    embedder: str = ""


def fuse(groups: Iterable[Group]) -> list[Scored]:
    """All candidates, best first. By word alone there are no cosines, so relevance is coverage."""
    groups = list(groups)
    best_keyword = max((c.keyword for group in groups for c in group.candidates), default=0)
    best_vector: dict[str, float] = {}
    for group in groups:
        best = max((cosine(c) for c in group.candidates), default=0)
        best_vector[group.embedder] = max(best, best_vector.get(group.embedder, 0))
    scored = [
        Scored(c, score(c, group.method, best_keyword, best_vector[group.embedder]), relevance(c))
        if group.method != Method.KEYWORD
        else Scored(c, score(c, group.method, best_keyword, 0), c.coverage)
        for group in groups
        for c in group.candidates
    ]
    return sorted(scored, key=place)


def place(scored: Scored) -> tuple[float, int]:
    """Equal scores differ in their last digits, by who reckoned them."""
    return -round(scored.score, 6), scored.candidate.chunk_id


def score(c: Candidate, method: Method, best_keyword: float, best_vector: float) -> float:
    """From 0 to 1, but for what is more important than the rest."""
    keyword = c.keyword / best_keyword if best_keyword > 0 else 0.0
    vector = cosine(c) / best_vector if best_vector > 0 else 0.0
    mixed = WEIGHT * keyword + (1 - WEIGHT) * vector
    by_method = {Method.KEYWORD: keyword, Method.VECTOR: vector, Method.HYBRID: mixed}
    return by_method[method] * IMPORTANCE.get(c.importance, 1.0)


def relevance(c: Candidate) -> float:
    """From 0 to 1, whatever else was found."""
    return (cosine(c) + COVERAGE * c.coverage) / (1 + COVERAGE)


def cosine(c: Candidate) -> float:
    """Never below 0; a vector of nothing is like nothing."""
    return 0.0 if math.isnan(c.vector) else min(max(c.vector, 0.0), 1.0)
