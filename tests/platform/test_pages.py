"""Pages: what reaches the view, and what comes back, over real HTTP."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.support.live import start_web

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.live import Live

MEGABYTE = b"x" * 1024 * 1024


@pytest.fixture(scope="module")
def pages(django_db_setup: None) -> Iterator[Live]:
    live = start_web(
        "/visitor", WEB_THREADS="2", DJANGO_SETTINGS_MODULE="tests.platform.stream_settings"
    )
    yield live
    live.child.stop()


def test_a_request_arrives_as_it_was_sent(pages: Live) -> None:
    headers = [("Cookie", "a=1"), ("Cookie", "b=2"), ("X-Two", "1"), ("X-Two", "2")]
    told = httpx.put(f"{pages.url}/told/ä b?q=ü&r=", headers=headers, content=b"123").json()

    assert told["method"] == "PUT"
    assert told["path"] == "/told/ä b"
    assert told["query"] == {"q": "ü", "r": ""}
    assert told["cookies"] == {"a": "1", "b": "2"}
    assert told["headers"]["X-Two"] == "1,2"
    assert told["length"] == 3
    assert told["visitor"] == "127.0.0.1"


def test_a_body_without_a_length_is_read(pages: Live) -> None:
    def parts() -> Iterator[bytes]:
        yield b"one"
        yield b"two"

    assert httpx.post(f"{pages.url}/told", content=parts()).json()["length"] == 6


def test_a_header_with_an_underscore_does_not_pass_for_another(pages: Live) -> None:
    told = httpx.get(f"{pages.url}/told", headers={"X_Forwarded_For": "6.6.6.6"}).json()

    assert "X-Forwarded-For" not in told["headers"]


def test_uploads_may_be_larger_than_other_bodies(pages: Live) -> None:
    upload = httpx.post(f"{pages.url}/upload", files={"file": ("x.bin", MEGABYTE * 8)})
    body = httpx.post(f"{pages.url}/told", content=MEGABYTE * 3 + b"x")

    assert upload.json() == {"size": 8 * 1024 * 1024}
    assert body.status_code in {400, 413}


def test_a_body_that_never_ends_is_cut_off(pages: Live) -> None:
    def parts() -> Iterator[bytes]:
        for _ in range(200):
            yield MEGABYTE

    with suppress(httpx.TransportError):  # it may hang up while we are still sending
        assert httpx.post(f"{pages.url}/upload", content=parts()).status_code == 413


def test_a_head_that_never_ends_is_cut_off(pages: Live) -> None:
    with socket.create_connection(("127.0.0.1", pages.port)) as client:
        client.sendall(b"GET /told HTTP/1.1\r\nHost: localhost\r\nX: ")
        with suppress(ConnectionError):
            for _ in range(50):
                client.sendall(MEGABYTE)
        with suppress(ConnectionError):
            assert client.recv(100).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"GET /told HTTP/1.1\r\nHost: local",
        b"POST /told HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nx",
    ],
)
def test_who_does_not_go_on_is_not_waited_for(pages: Live, start: bytes) -> None:
    """With the patience of these tests, which is a second."""
    with socket.create_connection(("127.0.0.1", pages.port), timeout=10) as client:
        client.sendall(start)
        answer = b"".join(iter(lambda: client.recv(4096), b""))
    assert answer == b"" or answer.startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize(
    "encoding",
    [
        b"xchunked, chunked",
        b"gzip, chunked",
        b"chunked, identity",
        b"identity\r\nTransfer-Encoding: chunked",
    ],
)
def test_a_body_that_a_proxy_may_read_otherwise_is_refused(pages: Live, encoding: bytes) -> None:
    start = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
    with socket.create_connection(("127.0.0.1", pages.port), timeout=10) as client:
        client.sendall(start + encoding + b"\r\n\r\n0\r\n\r\n")

        assert client.recv(12) == b"HTTP/1.1 400"


def test_slow_senders_hold_no_thread(pages: Live) -> None:
    slow = [socket.create_connection(("127.0.0.1", pages.port)) for _ in range(8)]
    for client in slow:
        client.sendall(b"POST /told HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nx")
    began = time.monotonic()
    status = httpx.get(f"{pages.url}/told").status_code
    for client in slow:
        client.close()

    assert status == 200
    assert time.monotonic() - began < 3


def test_an_export_comes_whole(pages: Live) -> None:
    assert httpx.get(f"{pages.url}/export").text == "a,b\n1,2\n"


def test_a_file_comes_whole(pages: Live) -> None:
    answer = httpx.get(f"{pages.url}/file")

    assert len(answer.content) == 300_000
    assert answer.headers["Content-Length"] == "300000"


def test_cookies_and_characters_come_back(pages: Live) -> None:
    answer = httpx.get(f"{pages.url}/cookies")

    assert answer.text == "täglich"
    assert len(answer.headers.get_list("Set-Cookie")) == 2


def test_more_visitors_than_threads(pages: Live) -> None:
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(httpx.get(f"{pages.url}/told").status_code))
        for _ in range(30)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [200] * 30


def test_a_web_socket_is_refused(pages: Live) -> None:
    handshake = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }

    assert httpx.get(f"{pages.url}/told", headers=handshake).status_code in {200, 403, 426}
