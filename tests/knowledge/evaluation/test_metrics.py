"""The measures, against values reckoned by hand."""

from __future__ import annotations

import math

import pytest

from knowledge.evaluation.metrics import (
    auroc,
    ndcg,
    recall,
    reciprocal_rank,
    reciprocal_rank_fusion,
)

JUDGED = {"a": 3.0, "b": 1.0, "c": 2.0, "d": 0.0}


def test_ndcg() -> None:
    # b, x, a: 1/1 + 0 + 3/2; at best a, c, b: 3/1 + 2/1.585 + 1/2.
    assert ndcg(["b", "x", "a"], JUDGED, 10) == pytest.approx(2.5 / 4.761859507)
    assert ndcg(["a", "c", "b"], JUDGED, 10) == 1
    assert ndcg(["x", "a"], JUDGED, 1) == 0
    assert ndcg([], JUDGED, 10) == 0
    assert ndcg(["a"], {}, 10) == 0


def test_recall_counts_what_is_worth_something() -> None:
    assert recall(["d", "a", "x", "b"], JUDGED, 2) == pytest.approx(1 / 3)
    assert recall(["d", "a", "x", "b"], JUDGED, 4) == pytest.approx(2 / 3)
    assert recall(["a"], {"d": 0}, 5) == 0


def test_reciprocal_rank() -> None:
    assert reciprocal_rank(["x", "d", "b"], JUDGED, 10) == pytest.approx(1 / 3)
    assert reciprocal_rank(["x", "d", "b"], JUDGED, 2) == 0


def test_auroc() -> None:
    # Of six pairs four are in order and one is equal.
    assert auroc([0.9, 0.5, 0.4], [0.5, 0.1]) == pytest.approx(4.5 / 6)
    assert math.isnan(auroc([], [0.1]))


def test_reciprocal_rank_fusion() -> None:
    # b: 1/62 + 1/61, a: 1/61, c: 1/62.
    assert reciprocal_rank_fusion([["a", "b"], ["b", "c"]]) == ["b", "a", "c"]
