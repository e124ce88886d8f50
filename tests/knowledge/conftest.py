"""A client of the knowledge API for Alice, an embedding model that is not the built-in one, and
messages to workers that a test carries out itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from celery import current_app

from tests.knowledge.client import KnowledgeApi
from workspaces import credentials

if TYPE_CHECKING:
    from tests.knowledge.killing import Message
    from tests.servers.model import ModelServer
    from workspaces.access import Actor


@pytest.fixture
def api(redis_clean: None, alice: Actor) -> KnowledgeApi:
    return KnowledgeApi(alice)


@pytest.fixture
def choice(alice: Actor, model_server: ModelServer, settings: object) -> dict[str, Any]:
    """The embedding model of a server on this machine, with a credential."""
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]  # type: ignore[attr-defined]
    values = {"api_key": "sk-abcdefghijklmnopqrst", "base_url": model_server.url}
    key = credentials.create(alice, name="Embeddings", kind="llm", values=values)
    return {"provider": "openai_compatible", "model": "embed-1", "credential_id": str(key.pk)}


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """What workers are told. None of them hears it: the worker of other tests may be there."""
    messages: list[Message] = []

    def send(task: str, arguments: tuple[str, ...], **_how: object) -> None:
        messages.append((task, arguments))

    monkeypatch.setattr(current_app, "send_task", send)
    return messages
