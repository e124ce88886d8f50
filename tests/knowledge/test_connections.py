"""While an embedding server is waited for, no connection to the database is held."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from asgiref.sync import async_to_sync
from django.db import connection, connections

from knowledge.indexing import work
from knowledge.retriever import KnowledgeRetriever
from tests.knowledge.client import wait
from tests.servers.model import Reply

if TYPE_CHECKING:
    from conversations.turn import Passage
    from tests.knowledge.client import KnowledgeApi
    from tests.servers.model import ModelServer
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_question_waits_without_one(
    api: KnowledgeApi,
    choice: dict[str, Any],
    model_server: ModelServer,
    alice: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The worker of other tests may be there: it is told of nothing.
    monkeypatch.setattr(work, "wake", lambda _base_id: None)
    draft_id = api.new_draft(embedding_config=choice)
    api.add_text(draft_id, "The warranty lasts two years.")
    kb_id = api.deployed(draft_id)
    work.run(UUID(kb_id))
    model_server.requests.clear()
    model_server.reply(Reply(first_token_ms=1000))
    before = held()

    def answered() -> tuple[Passage, ...]:
        retriever = KnowledgeRetriever(alice.workspace_id, "chatbot")
        try:
            return async_to_sync(retriever.retrieve)("warranty", ({"kb_id": kb_id},))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(answered)
        wait(lambda: bool(model_server.requests))
        while_waiting = held()
        (passage,) = asking.result()
    assert "two years" in passage.text
    assert while_waiting == before


def held() -> int:
    """How many connections this process's threads have taken from the pool."""
    stats = connection.pool.get_stats()  # type: ignore[attr-defined]
    return int(stats["pool_size"] - stats["pool_available"])
