"""Vectors in a Qdrant server: found as those in the database are, whatever happens between the two.

The server is ``tests.servers.qdrant``, over Qdrant's own engine.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from django.db import transaction

from knowledge.index.dropping import drop_index
from knowledge.index.lookup import CANDIDATES, Filters, Method
from knowledge.index.qdrant_api import VectorStoreError
from knowledge.index.stores import store_of
from knowledge.index.writing import remove_document, replace_document
from knowledge.models import Chunk, Document, Index
from knowledge.retrieval.query import Query, Target
from knowledge.retrieval.search import search
from tests.knowledge.retrieval.conftest import EMBEDDER, ask, new_base, new_index, put, rows
from tests.servers.faults import GARBAGE, Answer

if TYPE_CHECKING:
    from knowledge.models import KnowledgeBase
    from knowledge.retrieval.query import Hit
    from tests.servers.qdrant import QdrantServer
    from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("qdrant")]
TOPICS = ("refunds", "parcels", "passwords", "coffee", "bicycles", "invoices", "lamps", "pumps")
QUESTIONS = (
    "When are refunds paid?",
    "lamps and pumps in chapter 3",
    "How do I reset passwords",
    "nothing of this kind",
)
FILTERS = (
    Filters(),
    Filters(tags=("shop",)),
    Filters(sources=("none",)),
    Filters(languages=("english",)),
)


def elsewhere(index: Index) -> Index:
    """``index`` before anything is in it, with its vectors in Qdrant."""
    index.store = Index.Store.QDRANT
    index.save()
    return index


def fill(index: Index) -> None:
    for number, topic in enumerate(TOPICS):
        texts = [f"Chapter {n} about {topic} says how {topic} are sent." for n in range(6)]
        put(index, topic.title(), *texts)
        tags = ["shop"] if number % 2 else []
        Document.objects.filter(base=index.base, name=topic.title()).update(
            annotations={"tags": tags}, enabled=topic != "bicycles"
        )


def shown(hits: list[Hit]) -> list[tuple[str, float, float, float]]:
    return [(h.text, round(h.keyword, 4), round(h.vector, 2), round(h.score, 2)) for h in hits]


@pytest.fixture
def index(base: KnowledgeBase) -> Index:
    return elsewhere(new_index(base))


@pytest.mark.parametrize("filters", FILTERS, ids=str)
@pytest.mark.parametrize("method", list(Method))
def test_both_stores_rank_alike(
    index: Index, acme: Workspace, method: Method, filters: Filters
) -> None:
    ours = new_index(new_base(acme, "ours"))
    fill(index)
    fill(ours)
    for text in QUESTIONS:
        query = Query(text, top_k=50, method=method, filters=filters)
        here = sorted(shown(ask(ours, query)))
        assert sorted(shown(ask(index, query))) == here


def test_bases_in_different_stores_are_asked_together(index: Index, acme: Workspace) -> None:
    ours = new_index(new_base(acme, "ours"))
    put(index, "Refunds", "Refunds are paid within fourteen days.")
    put(ours, "Parcels", "Parcels leave every morning.")
    targets = [Target(index), Target(ours)]
    found = search(targets, Query("refunds and parcels"), lambda _index: EMBEDDER)
    assert {hit.title for hit in found} == {"Refunds", "Parcels"}
    assert all(hit.vector > 0 for hit in found)


def test_a_write_that_fails_leaves_nothing_that_is_found(
    index: Index, qdrant: QdrantServer
) -> None:
    put(index, "Refunds", "Refunds are paid within fourteen days.")
    with transaction.atomic():
        put(index, "Refunds again", *[f"Refunds are paid, part {n}." for n in range(120)])
        transaction.set_rollback(True)
    assert qdrant.count() == 121
    (hit,) = ask(index, Query("Refunds are paid, part 7", method=Method.VECTOR))
    assert hit.title == "Refunds"
    index.refresh_from_db()
    store_of(index).settle(index)
    assert qdrant.count() == 1


def test_what_is_written_again_or_removed_goes_there_too(
    index: Index, qdrant: QdrantServer
) -> None:
    document = put(index, "Refunds", "Refunds are paid.", "By card.")
    replace_document(index, document, rows("Refunds", "Refunds are not paid."))
    assert qdrant.count() == 1
    remove_document(index, document.pk)
    assert qdrant.count() == 0


def test_what_could_not_be_deleted_takes_nobodys_place(index: Index, qdrant: QdrantServer) -> None:
    document = put(index, "Old", *[f"Refunds are paid, part {n}." for n in range(CANDIDATES * 3)])
    put(index, "New", "Refunds are paid.")
    qdrant.faults.append(Answer(500))
    remove_document(index, document.pk)
    assert qdrant.count() == CANDIDATES * 3 + 1
    assert [hit.title for hit in ask(index, Query("Refunds are paid, part 7"))] == ["New"]


def test_an_index_is_dropped_with_its_collection(index: Index, qdrant: QdrantServer) -> None:
    put(index, "Refunds", "Refunds are paid.")
    assert len(qdrant.collections) == 1
    assert drop_index(index)
    assert qdrant.collections == {}
    assert not Index.objects.exists()


def test_an_index_is_kept_until_its_collection_can_be_dropped(
    index: Index, qdrant: QdrantServer
) -> None:
    put(index, "Refunds", "Refunds are paid.")
    qdrant.away = True
    with pytest.raises(VectorStoreError):
        drop_index(index)
    qdrant.away = False
    assert drop_index(index)
    assert qdrant.collections == {}


def test_a_transaction_that_drops_an_index_does_not_wait_for_the_server(
    index: Index, qdrant: QdrantServer
) -> None:
    put(index, "Refunds", "Refunds are paid.")
    with transaction.atomic():
        qdrant.away = True
        assert drop_index(index)
    assert not Index.objects.exists()


def test_without_a_server_what_is_left_of_it_is_nobodys(index: Index, settings: object) -> None:
    put(index, "Refunds", "Refunds are paid.")
    settings.QDRANT_URL = ""  # type: ignore[attr-defined]
    with pytest.raises(VectorStoreError, match="QDRANT_URL"):
        ask(index, "refunds")
    assert drop_index(index)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (GARBAGE, "does not answer"),
        (Answer(500, {"status": {"error": "disk qdrant-test-key"}}), "status 500"),
        (Answer(401, b"no"), "refuses the key"),
        (Answer(404, {"status": {"error": "Not found"}}), "no longer in Qdrant"),
    ],
)
def test_faults_are_told_in_words(
    index: Index, qdrant: QdrantServer, fault: Answer, words: str
) -> None:
    put(index, "Refunds", "Refunds are paid.")
    qdrant.faults.append(fault)
    with pytest.raises(VectorStoreError, match=words) as told:
        ask(index, "refunds")
    assert "qdrant-test-key" not in str(told.value)
    assert ask(index, Query("refunds", method=Method.KEYWORD))


def test_a_server_that_is_away_is_not_waited_for(index: Index, qdrant: QdrantServer) -> None:
    put(index, "Refunds", "Refunds are paid.")
    qdrant.away = True
    began = time.process_time()
    with pytest.raises(VectorStoreError, match="does not answer"):
        ask(index, "refunds")
    assert time.process_time() - began < 5
    assert Chunk.objects.count() == 1


def test_vectors_are_given_back_by_their_texts(index: Index) -> None:
    put(index, "Refunds", "Refunds are paid.", "By card.")
    (first, second) = rows("Refunds", "Refunds are paid.", "By card.")
    found = store_of(index).vectors(index, [first.text_hash, "sha256:nothing"])
    assert list(found) == [first.text_hash]
    assert found[first.text_hash] @ first.vector == pytest.approx(1, abs=0.001)
    assert second.text_hash not in found
