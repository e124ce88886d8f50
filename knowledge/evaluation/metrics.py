"""How good a ranking is, by the measures that retrieval is compared with. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def ndcg(ranked: Sequence[str], judged: Mapping[str, float], at: int) -> float:
    """Discounted gain of the first ``at``, as a part of what the best order would give."""
    ideal = _gain(sorted(judged.values(), reverse=True)[:at])
    return _gain([judged.get(key, 0) for key in ranked[:at]]) / ideal if ideal else 0.0


def recall(ranked: Sequence[str], judged: Mapping[str, float], at: int) -> float:
    """How many of the relevant documents are among the first ``at``."""
    relevant = {key for key, worth in judged.items() if worth > 0}
    return len(relevant.intersection(ranked[:at])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranked: Sequence[str], judged: Mapping[str, float], at: int) -> float:
    """One over the place of the first relevant document."""
    places = (place for place, key in enumerate(ranked[:at], 1) if judged.get(key, 0) > 0)
    return 1 / next(places, math.inf)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """How often a positive one lies above a negative one; where they are equal, half."""
    if not positive or not negative:
        return math.nan
    wins = sum((p > n) + (p == n) / 2 for p in positive for n in negative)
    return wins / (len(positive) * len(negative))


def reciprocal_rank_fusion(rankings: Sequence[Sequence[str]], k: int = 60) -> list[str]:
    """The baseline: ranks are added, whatever the scores."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for place, key in enumerate(ranking, 1):
            scores[key] = scores.get(key, 0) + 1 / (k + place)
    return sorted(scores, key=lambda key: -scores[key])


def _gain(worths: Sequence[float]) -> float:
    return sum(worth / math.log2(place + 1) for place, worth in enumerate(worths, 1))
