"""A chatbot on channels whose services are stand-ins on loopback, and whose web process is real."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from celery import current_app
from django.utils import timezone
from kombu import pools

from channels_deploy import connecting
from channels_deploy.models import Chat, Inbound, Outbound
from tests.channels_deploy.messengers.answering import answer_all
from tests.conversations.conftest import deployed
from tests.servers.telegram import TOKEN, TelegramServer
from tests.support import live as live_processes
from tests.support.live import environment
from workspaces import credentials

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from channels_deploy.models import Connection
    from drafts.models import Entity
    from tests.servers.discord import DiscordServer
    from tests.servers.discord_apps import Application
    from tests.servers.model import ModelServer
    from tests.servers.whatsapp import WhatsAppServer
    from tests.servers.whatsapp_business import Business
    from tests.support.live import Live
    from workspaces.access import Actor

PUBLIC_URL = "https://bots.example"
CRASHING = "tests.channels_deploy.messengers.crashing"


@pytest.fixture(autouse=True)
def _workers_look_away(request: pytest.FixtureRequest) -> Iterator[None]:
    """A worker that another test has started leaves chats to the tests that answer by themselves:
    the web process wakes it for them."""
    if "worker" in request.fixturenames or not live_processes.has_worker():
        yield
        return
    control, queue = current_app.control, current_app.conf.task_default_queue
    control.cancel_consumer(queue, reply=True)
    yield
    control.purge()
    control.add_consumer(queue, reply=True)


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
        answer_all()

    @property
    def inbound(self) -> list[Inbound]:
        return list(Inbound.objects.order_by("id"))

    @property
    def outbound(self) -> list[Outbound]:
        return list(Outbound.objects.order_by("id"))


def answer_elsewhere(model: ModelServer, crash_at: str = "", **urls: str) -> int:
    """Answer what waits in another process, which is told the services' ``urls`` by the names of
    their settings and dies at ``crash_at``; gives its exit status."""
    own = {"CRASH_AT": crash_at, "PUBLIC_URL": PUBLIC_URL, "LLM_BASE_URL": model.url, **urls}
    command = [sys.executable, "-m", CRASHING]
    return subprocess.run(command, env=environment() | own, check=False, timeout=100).returncode


def leases_run_out() -> None:
    """As if whoever was killed had been for long."""
    Chat.objects.update(lease_until=timezone.now() - timedelta(seconds=1))


@pytest.fixture
def public(live: Live, settings: Any) -> Live:
    """The product's web process, which services know by its public address."""
    settings.PUBLIC_URL = PUBLIC_URL
    return live


@pytest.fixture
def telegram(running_telegram: TelegramServer, public: Live, settings: Any) -> TelegramServer:
    """Telegram, which reaches the product's web process at the public address."""
    running_telegram.reset()
    settings.TELEGRAM_API_URL = running_telegram.url
    running_telegram.lead(PUBLIC_URL, public.url)
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


@pytest.fixture
def on_the_net(discord: DiscordServer, public: Live) -> DiscordServer:
    """Discord, which reaches the product's web process at the public address."""
    discord.lead(PUBLIC_URL, public.url)
    return discord


def on_discord(
    owner: Actor,
    app: Application,
    entity: Entity | None = None,
    values: Mapping[str, str] | None = None,
) -> Bot:
    """A chatbot, or ``entity``, that a deploy left to be connected by these ``values``."""
    known = {"bot_token": app.token, **(values or {})}
    stored = credentials.create(owner, name="Our bot", kind="discord", values=known)
    entity = entity or deployed(owner.workspace)
    connecting.sync(entity, {"discord": {"bot_token": str(stored.pk), "webhook_url": None}})
    return Bot(entity, entity.connections.get())


@pytest.fixture
def discord_bot(on_the_net: DiscordServer, alice: Actor, model: ModelServer) -> Bot:
    """A chatbot that is live on Discord."""
    bot = on_discord(alice, on_the_net.app)
    assert bot.connect().status == "success", bot.connection.error
    return bot


def values_of(business: Business, **other: str) -> dict[str, str]:
    """What a credential for the business holds, with ``other`` instead."""
    return {
        "access_token": business.token,
        "app_secret": business.app_secret,
        "phone_number_id": business.phone_number_id,
        "waba_id": business.waba_id,
        **other,
    }


def on_whatsapp(owner: Actor, values: dict[str, str], phone_number: str = "", **data: Any) -> Bot:
    """A chatbot that a deploy left to be connected."""
    stored = credentials.create(owner, name="Our number", kind="whatsapp", values=values)
    entity = deployed(owner.workspace, **data)
    settings = {"credential_id": str(stored.pk), "phone_number": phone_number, "webhook_url": None}
    connecting.sync(entity, {"whatsapp": settings})
    return Bot(entity, entity.connections.get())


@pytest.fixture
def meta(whatsapp: WhatsAppServer, public: Live) -> WhatsAppServer:
    """WhatsApp, which reaches the product's web process at the public address."""
    whatsapp.lead(PUBLIC_URL, public.url)
    return whatsapp


@pytest.fixture
def market(meta: WhatsAppServer, alice: Actor, model: ModelServer) -> Bot:
    """A chatbot that is live on WhatsApp."""
    bot = on_whatsapp(alice, values_of(meta.business))
    assert bot.connect().status == "success", bot.connection.error
    return bot


@pytest.fixture
def no_broker() -> Iterator[None]:
    """Nobody listens where this process hands out tasks."""
    app: Any = current_app
    address = app.conf.broker_url

    def use(broker: str) -> None:
        app.conf.broker_url = broker
        pools.reset()
        app._pool = app.amqp._producer_pool = None

    use("redis://127.0.0.1:9/0")
    yield
    use(address)
