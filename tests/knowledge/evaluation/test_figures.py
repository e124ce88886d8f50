"""Figures of ranks, against values reckoned by hand."""

from __future__ import annotations

import math

import pytest

from knowledge.evaluation.figures import Figures, compared, figures_of


def test_figures() -> None:
    found = figures_of([1, 3, None, 7], k=5)
    assert found is not None
    assert (found.questions, found.k, found.recall) == (4, 5, 0.5)
    assert found.mrr == pytest.approx((1 + 1 / 3 + 1 / 7) / 4)
    assert found.ndcg == pytest.approx((1 + 1 / math.log2(4) + 1 / math.log2(8)) / 4)
    assert figures_of([], k=5) is None


def test_what_lies_beyond_ten_counts_for_recall_alone() -> None:
    assert figures_of([12], k=20) == Figures(1, 20, recall=1, mrr=0, ndcg=0)


def test_versions_are_compared_over_the_questions_that_they_share() -> None:
    before = {"a": 1, "b": 1, "gone": None}
    after = {"a": 1, "b": None, "new": 1}
    found = compared(before, 5, after, 5)
    assert found is not None
    assert (found.before.recall, found.after.recall, found.after.questions) == (1, 0.5, 2)
    assert found.losses == ("recall", "mrr", "ndcg")
    assert compared(before, 5, {"new": 1}, 5) is None


def test_two_points_are_not_a_loss_yet() -> None:
    ranks = {str(n): 1 for n in range(50)}
    one_lost = ranks | {"0": None}
    two_lost = one_lost | {"1": None}
    found = compared(ranks, 5, one_lost, 5)
    assert found is not None
    assert found.losses == ()
    found = compared(ranks, 5, two_lost, 5)
    assert found is not None
    assert found.losses == ("recall", "mrr", "ndcg")
    found = compared(one_lost, 5, ranks, 5)
    assert found is not None
    assert found.losses == ()


def test_fewer_passages_lose_what_was_found_last() -> None:
    ranks = {"a": 1, "b": 4}
    found = compared(ranks, 5, ranks, 3)
    assert found is not None
    assert found.losses == ("recall",)
