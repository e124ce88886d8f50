"""Fixtures that give a test a real server to talk to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.servers.google import GoogleServer
from tests.servers.model import ModelServer
from tests.servers.notion import NotionServer
from tests.servers.qdrant import KEY, QdrantServer
from tests.servers.telegram import TelegramServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def _running_model_server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture
def model_server(_running_model_server: ModelServer) -> ModelServer:
    """A language model's server with an empty script; nothing is configured to use it."""
    _running_model_server.reset()
    return _running_model_server


@pytest.fixture
def model(model_server: ModelServer, settings: object) -> ModelServer:
    """The model server, configured as this installation's model."""
    settings.LLM_BASE_URL = model_server.url  # type: ignore[attr-defined]
    settings.LLM_API_KEY = "sk-test-key"  # type: ignore[attr-defined]
    settings.LLM_MODEL = ""  # type: ignore[attr-defined]
    return model_server


@pytest.fixture(scope="session")
def running_notion() -> Iterator[NotionServer]:
    with NotionServer() as server:
        yield server


@pytest.fixture
def notion(running_notion: NotionServer, settings: object) -> NotionServer:
    """Notion with nothing in it, configured as this installation's; workers know it too."""
    running_notion.reset()
    settings.NOTION_API_URL = f"{running_notion.url}/v1"  # type: ignore[attr-defined]
    return running_notion


@pytest.fixture(scope="session")
def running_google() -> Iterator[GoogleServer]:
    with GoogleServer() as server:
        yield server


@pytest.fixture
def google(running_google: GoogleServer, settings: object) -> GoogleServer:
    """Google's drive with nothing in it, configured as this installation's; workers know it too."""
    running_google.reset()
    settings.GOOGLE_API_URL = running_google.url  # type: ignore[attr-defined]
    settings.GOOGLE_TOKEN_URL = running_google.token_url  # type: ignore[attr-defined]
    return running_google


@pytest.fixture(scope="session")
def running_qdrant() -> Iterator[QdrantServer]:
    with QdrantServer() as server:
        yield server


@pytest.fixture
def qdrant(running_qdrant: QdrantServer, settings: object) -> QdrantServer:
    """Qdrant with nothing in it, configured as this installation's; workers know it too."""
    running_qdrant.reset()
    settings.QDRANT_URL = running_qdrant.url  # type: ignore[attr-defined]
    settings.QDRANT_API_KEY = KEY  # type: ignore[attr-defined]
    return running_qdrant


@pytest.fixture(scope="session")
def running_telegram() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        yield server
