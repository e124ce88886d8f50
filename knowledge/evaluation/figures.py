"""What the ranks of a test set's answers come to, and how two versions compare. Pure.

A question has one answer: the first passage that holds it counts, at its rank; a second one that
says the same adds nothing. None is the rank of an answer that was not found, or was held back
because a chatbot would not answer from what was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from knowledge.evaluation import metrics

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Ranks = Mapping[str, int | None]

# Passages that MRR and nDCG look at.
AT = 10
# From how many points of a hundred on a figure that is lower than before is a loss.
LOSS = 0.02
_RIGHT = "right"


@dataclass(frozen=True)
class Figures:
    """Means over ``questions`` questions: recall among the first ``k`` passages, which an answer
    rests on, and MRR and nDCG among the first ``AT``."""

    questions: int
    k: int
    recall: float
    mrr: float
    ndcg: float


@dataclass(frozen=True)
class Comparison:
    """The figures of a version before and of the one that is to come, over the questions that both
    were asked."""

    before: Figures
    after: Figures

    @property
    def losses(self) -> tuple[str, ...]:
        """Which of ``recall``, ``mrr`` and ``ndcg`` are notably lower than before."""
        names = ("recall", "mrr", "ndcg")
        return tuple(name for name in names if self.change(name) < -LOSS - 1e-9)

    def change(self, name: str) -> float:
        """How much higher a figure is now."""
        change: float = getattr(self.after, name) - getattr(self.before, name)
        return change


def figures_of(ranks: Iterable[int | None], k: int) -> Figures | None:
    """None where there is no question."""
    judged = {_RIGHT: 1.0}
    rankings = [_ranking(rank) for rank in ranks]
    if not rankings:
        return None
    return Figures(
        questions=len(rankings),
        k=k,
        recall=fmean(metrics.recall(each, judged, k) for each in rankings),
        mrr=fmean(metrics.reciprocal_rank(each, judged, AT) for each in rankings),
        ndcg=fmean(metrics.ndcg(each, judged, AT) for each in rankings),
    )


def compared(before: Ranks, k_before: int, after: Ranks, k_after: int) -> Comparison | None:
    """Two versions' ranks by question; None where they have no question in common."""
    shared = sorted(before.keys() & after.keys())
    old = figures_of((before[key] for key in shared), k_before)
    new = figures_of((after[key] for key in shared), k_after)
    return Comparison(old, new) if old and new else None


def _ranking(rank: int | None) -> list[str]:
    """A ranking with the right passage at ``rank``."""
    return [] if rank is None else [*map(str, range(1, rank)), _RIGHT]
