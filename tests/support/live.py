"""The real thing on real ports: the product's web process and its Celery worker."""

from __future__ import annotations

import os
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
import pytest
from celery import current_app
from django.conf import settings
from django.db import connection

from privexbot.embedded import children
from privexbot.embedded.endpoints import socket_dir
from privexbot.env import BASE_DIR, DATA_DIR
from tests.servers.qdrant import KEY as QDRANT_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers.discord import DiscordServer
    from tests.servers.google import GoogleServer
    from tests.servers.notion import NotionServer
    from tests.servers.qdrant import QdrantServer
    from tests.servers.telegram import TelegramServer
    from tests.servers.whatsapp import WhatsAppServer

PATIENCE = 30.0
_IN_TRANSACTIONS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend' AND state <> 'idle'
"""
# The worker, once a test has asked for it.
_running: list[children.Child] = []


@dataclass(frozen=True)
class Live:
    """A running web process."""

    port: int
    child: children.Child

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"


@pytest.fixture(scope="session")
def _web(django_db_setup: None) -> Iterator[Live]:
    live = start_web()
    yield live
    live.child.stop()


@pytest.fixture
def live(_web: Live, transactional_db: None, redis_clean: None) -> Live:
    """The product's web process, on this test's database. Use ``live.url``."""
    return _web


@pytest.fixture(scope="session")
def _worker(
    django_db_setup: None,
    *,
    running_notion: NotionServer,
    running_google: GoogleServer,
    running_qdrant: QdrantServer,
    running_discord: DiscordServer,
    running_whatsapp: WhatsAppServer,
    running_telegram: TelegramServer,
) -> Iterator[children.Child]:
    words = ["celery", "-A", "privexbot", "worker", "--pool", "threads", "--concurrency", "2"]
    log = DATA_DIR / "log" / "worker.log"
    command = [sys.executable, "-m", *words, "--loglevel", "INFO", "--without-mingle"]
    services = {
        # Websites of tests are on this machine.
        "OUTBOUND_ALLOWED_HOSTS": "127.0.0.1",
        "NOTION_API_URL": f"{running_notion.url}/v1",
        "GOOGLE_API_URL": running_google.url,
        "GOOGLE_TOKEN_URL": running_google.token_url,
        "QDRANT_URL": running_qdrant.url,
        "QDRANT_API_KEY": QDRANT_KEY,
        # Services of channels take an https address alone; what it leads to is their affair.
        "PUBLIC_URL": "https://bots.example",
        "DISCORD_API_URL": f"{running_discord.url}/api/v10",
        "WHATSAPP_API_URL": f"{running_whatsapp.url}/v23.0",
        "TELEGRAM_API_URL": running_telegram.url,
    }
    child = children.start("worker", command, env=environment() | services, log=log)
    _running.append(child)
    yield child
    _running.remove(child)
    child.stop()


@pytest.fixture
def worker(_worker: children.Child, transactional_db: None, redis_clean: None) -> children.Child:
    """A Celery worker, on this test's database."""
    return _worker


def has_worker() -> bool:
    """Whether a worker runs that takes every test's tasks."""
    return bool(_running)


@pytest.fixture(autouse=True)
def _others_at_rest(request: pytest.FixtureRequest) -> Iterator[None]:
    """A worker that runs takes every test's tasks, and a browser may still be answered; tables and
    Redis are emptied after each test.

    So they are set up before this and torn down after it.
    """
    if _empties_tables(request):
        request.getfixturevalue("transactional_db")
        if "redis_clean" in request.fixturenames:
            request.getfixturevalue("redis_clean")
    yield
    if not _empties_tables(request):
        return
    if _running:
        _let_it_finish()
    _let_queries_finish()


def _empties_tables(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    by_marker = marker is not None and marker.kwargs.get("transaction", False)
    return by_marker or "transactional_db" in request.fixturenames


def _let_it_finish() -> None:
    """Return when the worker is at nothing any more; an ``AssertionError`` when it never is."""
    deadline = time.monotonic() + PATIENCE
    # Looked at twice: a task that ends may send the next one.
    while not (_is_at_rest() and _is_at_rest()):
        assert time.monotonic() < deadline, "the worker does not come to rest"
        time.sleep(0.05)


def _let_queries_finish() -> None:
    """Return when no other process is in a transaction, which emptying tables could not lock its
    way past; or after ``PATIENCE``, and then emptying says what is wrong."""
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(_IN_TRANSACTIONS)
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.02)


def _is_at_rest() -> bool:
    """The worker says that it has no task; those it has taken are asked for before they begin, and
    those that wait for their time are withdrawn."""
    control = current_app.control
    control.purge()
    inspect = control.inspect(timeout=5, limit=1)
    waiting = inspect.scheduled() or {}
    control.revoke([each["request"]["id"] for tasks in waiting.values() for each in tasks])
    answers = (inspect.reserved(), inspect.active())
    return all(answer and not any(answer.values()) for answer in answers)


def start_web(probe: str = "/healthz", **env: str) -> Live:
    """A new web process on a free port that answers ``probe``; ``env`` is its environment's."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.set_inheritable(True)
    port, descriptor = listening.getsockname()[1], listening.fileno()
    command = [sys.executable, "manage.py", "serve", str(descriptor)]
    own = {"PUBLIC_URL": f"http://localhost:{port}"}
    child = children.start(
        "web",
        command,
        env=environment() | own | env,
        log=DATA_DIR / "log" / f"web-{port}.log",
        pass_fds=(descriptor,),
    )
    listening.close()
    live = Live(port, child)
    _await_answer(live, probe)
    return live


def environment() -> dict[str, str]:
    """What a process needs to work on the database of this test run."""
    name = settings.DATABASES["default"]["NAME"]
    folder = socket_dir(DATA_DIR)
    return dict(os.environ) | {
        "DATABASE_URL": f"postgresql://postgres@/{folder}/{name}",
        "PYTHONPATH": str(BASE_DIR),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }


def _await_answer(live: Live, probe: str) -> None:
    """Return when ``probe`` is answered well; otherwise stop the process and show its log."""
    deadline = time.monotonic() + PATIENCE
    while live.child.alive and time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            if httpx.get(f"{live.url}{probe}", trust_env=False).is_success:
                return
        time.sleep(0.05)
    live.child.stop()
    raise AssertionError(live.child.last_words(4000))
