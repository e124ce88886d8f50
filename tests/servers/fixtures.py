"""Fixtures that give a test a real server to talk to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.servers.discord import DiscordServer
from tests.servers.google import GoogleServer
from tests.servers.model import ModelServer
from tests.servers.notion import NotionServer
from tests.servers.qdrant import KEY, QdrantServer
from tests.servers.receiver import ReceiverServer
from tests.servers.telegram import TelegramServer
from tests.servers.whatsapp import WhatsAppServer

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


@pytest.fixture(scope="session")
def running_discord() -> Iterator[DiscordServer]:
    with DiscordServer() as server:
        yield server


@pytest.fixture
def discord(running_discord: DiscordServer, settings: object) -> DiscordServer:
    """Discord with one bot, configured as this installation's; workers know it too."""
    running_discord.reset()
    settings.DISCORD_API_URL = f"{running_discord.url}/api/v10"  # type: ignore[attr-defined]
    return running_discord


@pytest.fixture(scope="session")
def running_whatsapp() -> Iterator[WhatsAppServer]:
    with WhatsAppServer() as server:
        yield server


@pytest.fixture
def whatsapp(running_whatsapp: WhatsAppServer, settings: object) -> WhatsAppServer:
    """WhatsApp with one business, configured as this installation's; workers know it too."""
    running_whatsapp.reset()
    settings.WHATSAPP_API_URL = f"{running_whatsapp.url}/v23.0"  # type: ignore[attr-defined]
    return running_whatsapp


@pytest.fixture(scope="session")
def running_receiver() -> Iterator[ReceiverServer]:
    with ReceiverServer() as server:
        yield server


@pytest.fixture
def receiver(running_receiver: ReceiverServer, settings: object) -> ReceiverServer:
    """Endpoints for webhooks, none yet, which the guard lets through; workers know them too."""
    running_receiver.reset()
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]  # type: ignore[attr-defined]
    return running_receiver
