"""A chatbot on channels whose services are stand-ins on loopback, and whose web process is real."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import async_to_sync

from channels_deploy import connecting
from channels_deploy.answering.talking import talk
from channels_deploy.models import Chat, Inbound, Outbound
from tests.conversations.conftest import deployed
from tests.servers.telegram import TOKEN, TelegramServer
from workspaces import credentials

if TYPE_CHECKING:
    from channels_deploy.models import Connection
    from drafts.models import Entity
    from tests.servers.model import ModelServer
    from tests.support.live import Live
    from workspaces.access import Actor

PUBLIC_URL = "https://bots.example"


@dataclass
class Bot:
    """A deployed chatbot on one channel."""

    entity: Entity
    connection: Connection

    def connect(self) -> Connection:
        """One attempt to connect it, as a worker makes it."""
        connecting.attempt(self.connection.pk)
        self.connection.refresh_from_db()
        return self.connection

    def answer(self) -> None:
        """Answer whatever waits, as a worker does."""
        for chat in Chat.objects.order_by("heard_at"):
            async_to_sync(talk)(chat.pk)

    @property
    def inbound(self) -> list[Inbound]:
        return list(Inbound.objects.order_by("id"))

    @property
    def outbound(self) -> list[Outbound]:
        return list(Outbound.objects.order_by("id"))


@pytest.fixture
def telegram(running_telegram: TelegramServer, live: Live, settings: Any) -> TelegramServer:
    """Telegram, which reaches the product's web process at the public address."""
    running_telegram.reset()
    settings.TELEGRAM_API_URL, settings.PUBLIC_URL = running_telegram.url, PUBLIC_URL
    running_telegram.lead(PUBLIC_URL, live.url)
    return running_telegram


def on_telegram(owner: Actor, token: str = TOKEN, **data: Any) -> Bot:
    """A chatbot that a deploy left to be connected."""
    stored = credentials.create(owner, name="Our bot", kind="telegram", values={"bot_token": token})
    entity = deployed(owner.workspace, **data)
    connecting.sync(entity, {"telegram": {"bot_token": str(stored.pk), "webhook_url": None}})
    return Bot(entity, entity.connections.get())


@pytest.fixture
def bot(telegram: TelegramServer, alice: Actor, model: ModelServer) -> Bot:
    """A chatbot that is live on Telegram."""
    bot = on_telegram(alice)
    assert bot.connect().status == "success", bot.connection.error
    return bot
