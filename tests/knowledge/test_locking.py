"""Whoever changes a base waits for others, and nobody for each other in a ring: each of two is held
up in its transaction until the other has come as far as it can."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.db import connections

from knowledge.indexing import work
from knowledge.models import Document, IndexedDocument, KnowledgeBase
from tests.support.pausing import Pause, done_or_waiting
from workspaces import founding

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)
TEXTS = {
    "Manual": "The machine is cleaned with water. Descale it every three months.",
    "Terms": "The warranty lasts two years from the day of purchase.",
}
SMALL = {"strategy": "by_size", "chunk_size": 20, "chunk_overlap": 0}


@pytest.fixture(autouse=True)
def _no_other_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker of other tests may be there: it is told of nothing."""
    monkeypatch.setattr(work, "wake", lambda _base_id: None)


@pytest.fixture
def base_id(api: KnowledgeApi) -> UUID:
    """A base that no worker has seen."""
    draft_id = api.new_draft()
    for name, text in TEXTS.items():
        api.add_text(draft_id, text, name)
    return UUID(api.deployed(draft_id))


def beside(pause: Pause, base_id: UUID, call: Callable[[], Any]) -> Any:
    """What ``call`` gives, made while a worker that is held up works on the base."""

    def called() -> Any:
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        working = pool.submit(pause.run, partial(work.run, base_id))
        assert pause.reached.wait(30)
        calling = pool.submit(called)
        try:
            done_or_waiting(calling)
        finally:
            pause.end()
        working.result()
        return calling.result()


def edited(api: KnowledgeApi, base_id: UUID, **data: Any) -> str:
    """A draft of what is live, with changes."""
    draft_id: str = api.post(f"/{base_id}/draft").json()["draft_id"]
    assert api.patch(f"/draft/{draft_id}", {"data": data}).status_code == 200
    return draft_id


def test_a_deploy_while_vectors_are_kept(
    api: KnowledgeApi, base_id: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    draft_id = edited(api, base_id, chunking_config=SMALL)
    pause = Pause('UPDATE "knowledge_knowledgebase"', after='INSERT INTO "knowledge_keptvector"')
    beside(pause, base_id, lambda: api.deployed(draft_id))
    assert "deadlock" not in caplog.text

    work.run(base_id)
    states = IndexedDocument.objects.values_list("status", "error")
    assert list(states) == [("ready", "")] * len(TEXTS)


@pytest.mark.parametrize(
    "point", ["DELETE FROM knowledge_posting", 'DELETE FROM "knowledge_chunk"']
)
def test_a_workspace_that_is_deleted_while_chunks_are_replaced(
    api: KnowledgeApi, base_id: UUID, alice: Actor, point: str, caplog: pytest.LogCaptureFixture
) -> None:
    work.run(base_id)
    api.deployed(edited(api, base_id, chunking_config=SMALL))
    beside(Pause(point), base_id, lambda: founding.delete(alice))
    assert "deadlock" not in caplog.text
    assert not KnowledgeBase.with_deleted.exists()


def test_a_workspace_that_is_deleted_while_a_document_is_taken_out(
    api: KnowledgeApi, base_id: UUID, alice: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    work.run(base_id)
    document = Document.objects.get(name="Terms")
    assert api.delete(f"/{base_id}/documents/{document.pk}").status_code == 204
    pause = Pause("SELECT 1 FROM knowledge_index")
    beside(pause, base_id, lambda: founding.delete(alice))
    assert "deadlock" not in caplog.text
    assert not Document.objects.exists()
