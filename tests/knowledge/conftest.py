"""A client of the knowledge API for Alice, and an embedding model that is not the built-in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.knowledge.client import KnowledgeApi
from workspaces import credentials

if TYPE_CHECKING:
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
