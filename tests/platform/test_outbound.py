"""The guard of outgoing requests, against the ways around such guards."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar

import httpx
import pytest

from common import outbound
from common.measured_streams import LARGEST_HEAD
from tests.servers.flood import CONTINUE, HEADER, Flood
from tests.support.processor import takes_at_most

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import Settings

NOT_PUBLIC = [
    *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192", "168.63.129.16"),
    *("198.18.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "255.255.255.255"),
    *("240.0.0.1", "192.88.99.1", "::", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1"),
    *(
        "::ffff:0:7f00:1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:db8::1",
    ),
    *("fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "100::1"),
    *("2001::1", "5f00::1", "3fff::1"),
]
PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8"]

# Names and spellings that lead to this machine or to a cloud's metadata.
INSIDE = [
    *("localhost", "LOCALHOST", "localhost.", "127.0.0.1", "127.1", "2130706433", "0x7f000001"),
    *("0177.0.0.1", "0", "127.0.0.1.", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"),
    *("[64:ff9b::7f00:1]", "169.254.169.254", "100.100.100.200", "[fd00:ec2::254]"),
    *("168.63.129.16", "192.0.0.192", "0.0.0.0", "①②⑦.⓪.⓪.①", "127。0。0。1"),
]
# Refused by the guard, or already as no name or address at all.
REFUSALS = (outbound.BlockedError, httpx.InvalidURL, httpx.ConnectError, httpx.UnsupportedProtocol)
NOT_OF_THE_WEB = [
    "file:///etc/passwd",
    "ftp://example.com/",
    "gopher://127.0.0.1:6379/_INFO",
    "http://user:secret@example.com/",
    "http://user@example.com/",
    r"http://127.0.0.1\@8.8.8.8/",
    "http:///path",
    "http://xn--/",
    "https://xn--a.example/",
]
WHERE = {"/away": "/inside", "/nowhere": "https://xn--.example/"}


class Site(BaseHTTPRequestHandler):
    """Answers, redirects to itself, sets cookies, and remembers who came."""

    seen: ClassVar[list[tuple[str, str | None]]] = []

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers.get("Cookie")))
        self.send_response(302 if self.path in WHERE else 200)
        self.send_header("Location", WHERE.get(self.path, "/inside"))
        self.send_header("Set-Cookie", "a=b")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def site() -> Iterator[int]:
    """The port of a site on this machine."""
    Site.seen.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_private_and_reserved_addresses_are_not_public(address: str) -> None:
    assert not outbound.is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are(address: str) -> None:
    assert outbound.is_public(address)


def test_one_private_address_among_public_ones_refuses_the_host() -> None:
    with pytest.raises(outbound.BlockedError, match="private network"):
        outbound.check_addresses("mixed.example", 443, ["93.184.216.34", "10.0.0.5"])


@pytest.mark.parametrize("host", INSIDE)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_spelling_leads_inside(host: str, scheme: str) -> None:
    with outbound.client() as client, pytest.raises(REFUSALS):
        client.get(f"{scheme}://{host}/")


@pytest.mark.parametrize("host", INSIDE)
async def test_no_spelling_leads_inside_asynchronously(host: str) -> None:
    async with outbound.async_client() as client:
        with pytest.raises(REFUSALS):
            await client.get(f"http://{host}/")


@pytest.mark.parametrize("url", NOT_OF_THE_WEB)
async def test_only_plain_addresses_of_the_web(url: str) -> None:
    with outbound.client() as client, pytest.raises(REFUSALS):
        client.get(url)
    async with outbound.async_client() as client_:
        with pytest.raises(REFUSALS):
            await client_.get(url)


async def test_a_site_on_this_machine_is_never_reached(site: int) -> None:
    with outbound.client() as client, pytest.raises(outbound.BlockedError, match="not allowed"):
        client.get(f"http://localhost:{site}/")
    async with outbound.async_client() as client_:
        with pytest.raises(outbound.BlockedError):
            await client_.get(f"http://127.0.0.1:{site}/")

    assert Site.seen == []


@pytest.mark.parametrize("entry", ["localhost", "LocalHost", "localhost:{port}"])
async def test_an_allowed_host_is_reached(site: int, settings: Settings, entry: str) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = [entry.format(port=site)]

    with outbound.client() as client:
        assert client.get(f"http://localhost:{site}/one").status_code == 200
    async with outbound.async_client() as client_:
        assert (await client_.get(f"http://localhost:{site}/two")).status_code == 200


def test_an_allowed_port_is_not_every_port(site: int, settings: Settings) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = [f"localhost:{site + 1}", "example.com"]

    with outbound.client() as client, pytest.raises(outbound.BlockedError):
        client.get(f"http://localhost:{site}/")


def test_redirects_are_not_followed_and_cookies_not_kept(site: int, settings: Settings) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["localhost"]

    with outbound.client() as client:
        answer = client.get(f"http://localhost:{site}/away")
        client.get(f"http://localhost:{site}/again")

    assert answer.status_code == 302
    assert Site.seen == [("/away", None), ("/again", None)]


async def test_an_answer_that_leads_to_what_is_no_name_is_a_broken_one(
    site: int, settings: Settings
) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["localhost"]

    with outbound.client() as client, pytest.raises(httpx.RemoteProtocolError):
        client.get(f"http://localhost:{site}/nowhere")
    async with outbound.async_client() as client_:
        with pytest.raises(httpx.RemoteProtocolError):
            await client_.get(f"http://localhost:{site}/nowhere")


def test_proxies_of_the_environment_are_not_used(
    site: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{site}")

    with outbound.client() as client, pytest.raises(outbound.BlockedError):
        client.get("http://10.0.0.1/")

    assert Site.seen == []


def test_the_refusal_says_how_to_allow_it() -> None:
    with outbound.client() as client, pytest.raises(outbound.BlockedError) as caught:
        client.get("http://localhost/")

    assert "OUTBOUND_ALLOWED_HOSTS=localhost:80" in str(caught.value)


@pytest.mark.parametrize("again", [CONTINUE, HEADER])
async def test_an_answer_that_never_begins_is_not_waited_for(
    settings: Settings, again: bytes
) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    begins = b"" if again == CONTINUE else b"HTTP/1.1 200 OK\r\n"
    with Flood(begins, again) as server, takes_at_most(5):
        with outbound.client() as client, pytest.raises(httpx.RemoteProtocolError):
            client.get(server.url)
        async with outbound.async_client() as client_:
            with pytest.raises(httpx.RemoteProtocolError):
                await client_.get(server.url)


async def test_the_body_of_an_answer_may_be_longer_than_its_head(settings: Settings) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    body = b"x" * (2 * LARGEST_HEAD)
    begins = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
    with Flood(begins + body, b"") as server:
        with outbound.client() as client:
            assert client.get(server.url).content == body
        async with outbound.async_client() as client_:
            assert (await client_.get(server.url)).content == body
