"""Workers that index: one for each base, however long a step takes, and none without its lease."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.db import connections
from django.utils import timezone

from common import leases
from knowledge.embedding import embedder_of
from knowledge.index.stores import store_of
from knowledge.index.writing import remove_document
from knowledge.indexing import claims, finishing, targets, work
from knowledge.indexing.chunks import rows_of
from knowledge.indexing.vectors import UnwantedError
from knowledge.live import bases
from knowledge.live.highlighting import parts_of
from knowledge.models import Chunk, Index, IndexedDocument, KnowledgeBase
from tests.knowledge.client import wait
from tests.servers.model import Reply
from tests.support.at_once import at_once

if TYPE_CHECKING:
    from tests.knowledge.client import KnowledgeApi
    from tests.servers.model import ModelServer
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)
LATE = Reply(first_token_ms=300)
SENTENCES = " ".join(
    f"Number {n} is about {subject} and nothing else."
    for n, subject in enumerate(["water", "coffee", "steam", "milk", "noise", "heat"] * 25)
)

MANUAL = "\n\n".join(
    f"# Chapter {n}\n\nThis is about {subject}. It says a lot about {subject} and little else."
    for n, subject in enumerate(["water", "coffee", "the warranty of two years", "milk", "heat"])
)


@pytest.fixture(autouse=True)
def _no_other_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker of other tests may be there: it is told of nothing."""
    monkeypatch.setattr(work, "wake", lambda _base_id: None)


@pytest.fixture
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leases that run out within the test."""
    monkeypatch.setattr(leases, "SECONDS", 0.6)
    monkeypatch.setattr(leases, "EVERY", 0.1)
    monkeypatch.setattr(claims, "LEASE", timedelta(seconds=0.6))


def run_elsewhere(kb_id: str) -> None:
    """Work on the base with database connections of one's own, as another worker."""
    try:
        work.run(UUID(kb_id))
    finally:
        connections.close_all()


def texts_asked(server: ModelServer) -> list[str]:
    """What the server was asked to embed, one after the other."""
    asked = [r.json["input"] for r in server.requests if r.path.endswith("/embeddings")]
    return [text for texts in asked for text in texts]


@pytest.fixture
def large_id(api: KnowledgeApi, choice: dict[str, Any], model_server: ModelServer) -> str:
    """A base that no worker has seen; a slow server helps to cut its large text by meaning."""
    draft_id = api.new_draft(embedding_config=choice, chunking_config={"strategy": "semantic"})
    api.add_text(draft_id, SENTENCES)
    kb_id = api.deployed(draft_id)
    model_server.requests.clear()
    model_server.reply(*[LATE] * 40)
    return kb_id


@pytest.mark.usefixtures("_short")
def test_a_large_text_is_cut_by_meaning_by_one_worker_alone(
    large_id: str, model_server: ModelServer
) -> None:
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(run_elsewhere, large_id)
        while not first.done():
            work.run(UUID(large_id))
        first.result()
    row = IndexedDocument.objects.get()
    assert (row.status, row.error) == ("ready", "")
    asked = texts_asked(model_server)
    assert len(asked) > 150
    assert len(asked) == len(set(asked))


def test_a_large_text_stops_being_cut_when_somebody_says_so(
    api: KnowledgeApi, large_id: str, model_server: ModelServer
) -> None:
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(run_elsewhere, large_id)
        wait(lambda: bool(texts_asked(model_server)))
        assert api.post(f"/{large_id}/cancel").json()["status"] == "cancelled"
        first.result()
    assert len(texts_asked(model_server)) < 100
    assert IndexedDocument.objects.get().status == "waiting"


@pytest.fixture
def kb_id(api: KnowledgeApi, choice: dict[str, Any]) -> str:
    """A base with one text, embedded by the server, that no worker has seen."""
    draft_id = api.new_draft(embedding_config=choice)
    api.add_text(draft_id, "The warranty lasts two years.")
    return api.deployed(draft_id)


def test_a_worker_that_fails_says_nothing_of_what_was_begun_anew(
    api: KnowledgeApi, kb_id: str, model_server: ModelServer
) -> None:
    model_server.requests.clear()
    model_server.reply(*[Reply(first_token_ms=1000, status=400)] * 3)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(run_elsewhere, kb_id)
        wait(lambda: bool(texts_asked(model_server)))
        assert api.post(f"/{kb_id}/cancel").status_code == 200
        assert api.post(f"/{kb_id}/reindex").status_code == 202
        model_server.queue.clear()
        first.result()
    work.run(UUID(kb_id))
    row = IndexedDocument.objects.get()
    assert (row.status, row.error) == ("ready", "")


def test_a_worker_that_lost_a_document_writes_no_chunks(kb_id: str) -> None:
    index = Index.objects.get()
    row = claims.claim(index)
    assert row is not None
    made = rows_of(row, embedder_of(index))
    targets.ask_for_all(KnowledgeBase.objects.get(pk=UUID(kb_id)), index)
    with pytest.raises(UnwantedError):
        work.write(row, made)
    assert Chunk.objects.count() == 0
    assert IndexedDocument.objects.get().status == "waiting"


def test_a_double_click_makes_one_index(api: KnowledgeApi, kb_id: str, alice: Actor) -> None:
    work.run(UUID(kb_id))
    again = partial(bases.reindex, alice, UUID(kb_id))
    made = at_once(*[again] * 4)
    assert sorted(each for each in made if isinstance(each, int)) == [409] * 3
    assert Index.objects.count() == 2
    work.run(UUID(kb_id))
    assert api.progress(kb_id)["status"] == "ready"


def test_a_new_run_leaves_alone_what_a_deploy_wrote(kb_id: str) -> None:
    work.run(UUID(kb_id))
    old = KnowledgeBase.objects.get(pk=UUID(kb_id))
    KnowledgeBase.objects.update(name="Renamed", live_release=None)
    targets.begin_anew(old)
    now = KnowledgeBase.objects.get(pk=UUID(kb_id))
    assert (now.name, now.live_release) == ("Renamed", None)
    assert now.next_index is not None


@pytest.fixture
def manual_id(api: KnowledgeApi) -> str:
    """A base of one text that is found in small pieces and read in larger ones, indexed."""
    config = {"strategy": "parent_child", "chunk_size": 60, "chunk_overlap": 0}
    draft_id = api.new_draft(chunking_config=config)
    api.add_text(draft_id, MANUAL)
    kb_id = api.deployed(draft_id)
    work.run(UUID(kb_id))
    return kb_id


def test_until_a_changed_text_is_indexed_nothing_is_cut_out_of_the_wrong_place(
    api: KnowledgeApi, manual_id: str
) -> None:
    (before,) = api.search(manual_id, "How long is the warranty?", top_k=1)
    edited = api.post(f"/{manual_id}/draft").json()["draft_id"]
    (source,) = api.sources(edited)
    page = f"/draft/{edited}/sources/{source['id']}/pages/1"
    assert api.patch(page, {"text": f"A preface about cats. {MANUAL}"}).status_code == 200
    api.deployed(edited)

    (waiting,) = api.search(manual_id, "How long is the warranty?", top_k=1)
    assert waiting["content"] in before["content"]
    assert "two years" in waiting["content"]
    chunk = Chunk.objects.get(pk=int(waiting["chunk_id"]))
    (shown,) = parts_of(chunk.document, str(chunk.pk))
    assert "two years" in shown.passage

    work.run(UUID(manual_id))
    (after,) = api.search(manual_id, "How long is the warranty?", top_k=1)
    assert "two years" in after["content"]


def test_a_document_that_too_many_workers_are_lost_over_has_failed(
    api: KnowledgeApi, manual_id: str
) -> None:
    edited = api.post(f"/{manual_id}/draft").json()["draft_id"]
    api.add_text(edited, "Another text.", "Poison")
    api.deployed(edited)
    index = Index.objects.get(base_id=UUID(manual_id))
    for _worker in range(claims.MOST_FAILURES):
        assert claims.claim(index) is not None
        IndexedDocument.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert claims.claim(index) is None
    row = IndexedDocument.objects.get(document__name="Poison")
    assert (row.status, row.error) == ("failed", "Indexing it was interrupted 5 times.")
    assert work.retry(index, row.document_id)
    assert claims.claim(index) is not None


def with_text(api: KnowledgeApi, kb_id: str, *names: str) -> None:
    """Release a version that has these texts too."""
    edited = api.post(f"/{kb_id}/draft").json()["draft_id"]
    for name in names:
        api.add_text(edited, f"This is what {name} says.", name)
    api.deployed(edited)


def test_what_is_released_while_a_run_ends_is_indexed(
    api: KnowledgeApi, manual_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_text(api, manual_id, "First")

    def release_meanwhile(index: Index) -> Any:
        monkeypatch.undo()
        monkeypatch.setattr(work, "wake", lambda _base_id: None)
        with_text(api, manual_id, "Second")
        return store_of(index)

    monkeypatch.setattr("knowledge.indexing.finishing.store_of", release_meanwhile)
    work.run(UUID(manual_id))
    assert KnowledgeBase.objects.get().finished_at is None
    work.run(UUID(manual_id))
    assert set(IndexedDocument.objects.values_list("status", flat=True)) == {"ready"}
    assert KnowledgeBase.objects.get().finished_at is not None


def test_a_document_that_came_back_is_not_deleted(
    api: KnowledgeApi, manual_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_text(api, manual_id, "First", "Second")
    assert api.post(f"/{manual_id}/versions/1/rollback").status_code == 200
    base = KnowledgeBase.objects.get()
    assert base.documents.filter(removed_at__isnull=False).count() == 2

    def goes_forward(index: Index, document_id: UUID) -> None:
        monkeypatch.undo()
        monkeypatch.setattr(work, "wake", lambda _base_id: None)
        assert api.post(f"/{manual_id}/versions/2/rollback").status_code == 200
        remove_document(index, document_id)

    monkeypatch.setattr("knowledge.indexing.finishing.remove_document", goes_forward)
    finishing.take_out_removed(base)
    assert base.documents.get(name="Second").removed_at is None
    work.run(base.pk)
    assert "what Second says" in str(api.search(manual_id, "What does Second say?"))
