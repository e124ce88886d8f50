"""The pure parts of ranking: scores, near-duplicates, and chunks put together again."""

from __future__ import annotations

import math
from uuid import UUID

import pytest

from knowledge.index.bm25 import idf, saturation
from knowledge.index.lookup import Candidate, Method
from knowledge.retrieval.context import Part, joined
from knowledge.retrieval.distinct import is_repeated, shingles
from knowledge.retrieval.fusion import Group, fuse


def candidate(
    key: int, keyword: float, vector: float, coverage: float = 0, importance: str = ""
) -> Candidate:
    return Candidate(key, UUID(int=key), keyword, vector, coverage, importance)


def test_bm25_by_hand() -> None:
    # ln(1 + (100 - 10 + .5) / (10 + .5)); 2 * 2.2 / (2 + 1.2 * (.25 + .75 * 2)).
    assert idf(100, 10) == pytest.approx(math.log(1 + 90.5 / 10.5))
    assert saturation(2, 200, 100) == pytest.approx(4.4 / 4.1)
    assert idf(0, 3) > 0


def test_each_method_counts_half_of_its_best() -> None:
    found = fuse([Group([candidate(1, 8, 0.2), candidate(2, 4, 0.8)], Method.HYBRID)])
    assert [each.candidate.chunk_id for each in found] == [2, 1]
    assert found[0].score == pytest.approx(0.5 * 0.5 + 0.5)
    assert found[1].score == pytest.approx(0.5 + 0.5 * 0.25)


@pytest.mark.parametrize(("method", "first"), [(Method.KEYWORD, 1), (Method.VECTOR, 2)])
def test_one_method_alone(method: Method, first: int) -> None:
    found = fuse([Group([candidate(1, 8, 0.2), candidate(2, 4, 0.8)], method)])
    assert found[0].candidate.chunk_id == first
    assert found[0].score == 1


def test_cosines_of_two_models_are_not_compared() -> None:
    found = fuse(
        [
            Group([candidate(1, 2, 0.3)], Method.HYBRID, "small"),
            Group([candidate(2, 2, 0.9)], Method.HYBRID, "large"),
        ]
    )
    assert [each.score for each in found] == [1, 1]


def test_relevance_is_absolute() -> None:
    alone = fuse([Group([candidate(1, 1, 0.5, 0.5)], Method.HYBRID)])[0]
    among = fuse([Group([candidate(1, 1, 0.5, 0.5), candidate(2, 9, 1.0, 1.0)], Method.HYBRID)])
    assert alone.relevance == among[1].relevance == pytest.approx(0.65 / 1.3)
    assert among[0].relevance == 1


def test_vectors_of_nothing_and_no_candidates() -> None:
    found = fuse([Group([candidate(1, 0, math.nan), candidate(2, 0, -0.4)], Method.HYBRID)])
    assert [each.score for each in found] == [0, 0]
    assert fuse([]) == fuse([Group([], Method.HYBRID)]) == []


def test_importance_is_a_small_factor() -> None:
    found = fuse(
        [
            Group(
                [
                    candidate(1, 5, 0.5),
                    candidate(2, 5, 0.5, importance="high"),
                    candidate(3, 5, 0.5, importance="low"),
                ],
                Method.HYBRID,
            )
        ]
    )
    assert [each.candidate.chunk_id for each in found] == [2, 1, 3]


def test_near_duplicates() -> None:
    text = " ".join(f"word{number}" for number in range(50))
    seen = [shingles(text)]
    assert is_repeated(shingles(f"{text}!"), seen)
    assert is_repeated(shingles(f"{text} more"), seen)
    assert not is_repeated(shingles(" ".join(text.split()[25:])), seen)
    assert not is_repeated(shingles("…"), [shingles("---")])
    assert is_repeated(shingles("Hello"), [shingles("hello ")])


def test_chunks_are_joined_without_their_overlap() -> None:
    one = Part(1, 0, 17, "One. Two. Three. ")
    two = Part(1, 10, 22, "Three. Four.")
    assert joined([one, two]) == "One. Two. Three. Four."
    assert joined([one, Part(1, 10, 22, "Edited. Four.")]) == "One. Two. Three. \n\nEdited. Four."
    assert joined([one, Part(2, 10, 22, "Three. Four.")]) == "One. Two. Three. \n\nThree. Four."
    assert joined([one, Part(1, 18, 23, "Four.")]) == "One. Two. Three. \nFour."
    assert joined([]) == ""
