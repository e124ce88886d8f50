"""Streams: who ends them, what they hold on to, what their errors look like."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from typing import TYPE_CHECKING

import httpx
import pytest
from django.core.cache import cache

from tests.support.live import start_web

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.live import Live

SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.platform.stream_settings"}
EVENT_SOURCE = {"Accept": "text/event-stream"}


@pytest.fixture(scope="module")
def _streams(django_db_setup: None) -> Iterator[Live]:
    live = start_web("/visitor", DB_POOL_SIZE="2", **SETTINGS)
    yield live
    live.child.stop()


@pytest.fixture
def streams(_streams: Live, redis_clean: None) -> Live:
    return _streams


def ended() -> bool:
    """Whether the stream was told to end, within a moment."""
    for _ in range(100):
        if cache.get("ended"):
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("path", ["/ticks", "/silence"])
def test_a_stream_ends_when_its_reader_leaves(streams: Live, path: str) -> None:
    with socket.create_connection(("127.0.0.1", streams.port)) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        time.sleep(0.2)
        assert cache.get("ended") is None

    assert ended()


def test_open_streams_do_not_keep_the_server_from_stopping(django_db_setup: None) -> None:
    live = start_web("/visitor", **SETTINGS)
    with httpx.stream("GET", f"{live.url}/ticks") as answer:
        ticks = answer.iter_text()  # kept: what forgets it leaves
        next(ticks)
        began = time.monotonic()
        live.child.stop()

    assert time.monotonic() - began < 6
    assert live.child.process.returncode == -signal.SIGTERM  # in order: not killed


def test_event_streams_end_at_once_and_without_a_word(django_db_setup: None) -> None:
    live = start_web("/visitor", **SETTINGS)
    before = live.child.last_words()
    with httpx.stream("GET", f"{live.url}/ticks", headers=EVENT_SOURCE) as answer:
        ticks = answer.iter_text()  # kept: what forgets it leaves
        next(ticks)
        began = time.monotonic()
        live.child.stop()

    assert time.monotonic() - began < 2  # an answer in progress gets three
    assert live.child.last_words() == before
    assert live.child.process.returncode == -signal.SIGTERM


async def test_streams_that_wait_hold_no_database_connection(streams: Live) -> None:
    async with httpx.AsyncClient(base_url=streams.url, timeout=15) as client:
        began = time.monotonic()
        answers = await asyncio.gather(*(client.get("/question") for _ in range(40)))

    assert {answer.text for answer in answers} == {"11"}
    assert time.monotonic() - began < 8


def test_streams_carry_security_headers(streams: Live) -> None:
    headers = httpx.get(f"{streams.url}/visitor").headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/refused", None, 409),
        ("GET", "/broken", None, 500),
        ("POST", "/echo", b"[1]", 400),
        ("POST", "/echo", b"x" * (3 * 1024 * 1024 + 1), 413),
    ],
)
def test_errors_of_streams_are_problems(
    streams: Live, method: str, path: str, body: bytes | None, status: int
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = httpx.request(method, streams.url + path, content=body, headers=headers)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert "Traceback" not in answer.text


def test_anybody_can_send_forwarded_for_so_it_is_not_believed(streams: Live) -> None:
    answer = httpx.get(f"{streams.url}/visitor", headers={"X-Forwarded-For": "203.0.113.7"})

    assert answer.text == "127.0.0.1"


def test_a_trusted_proxy_is_believed_up_to_the_first_stranger(django_db_setup: None) -> None:
    live = start_web("/visitor", TRUSTED_PROXIES="127.0.0.1,10.0.0.0/8", **SETTINGS)
    chain = {"X-Forwarded-For": "6.6.6.6, 203.0.113.7, 10.1.1.1"}

    answer = httpx.get(f"{live.url}/visitor", headers=chain)
    live.child.stop()

    assert answer.text == "203.0.113.7"
