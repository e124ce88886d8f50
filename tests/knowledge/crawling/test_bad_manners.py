"""Sites that are slow, large, busy, damaged or hostile; and crawls that nobody wants any more."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from knowledge.crawling.crawl import crawl
from knowledge.crawling.errors import CrawlError, CrawlStoppedError
from knowledge.crawling.limits import CrawlLimits
from tests.knowledge.crawling.conftest import QUICK, parse_html
from tests.servers.website import Reply, WebsiteServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django.fixtures import Settings

    from tests.knowledge.crawling.conftest import Crawl

    Crawled = Callable[..., Crawl]

MEGA = 1024 * 1024


@pytest.fixture
def door(site: WebsiteServer, crawled: Crawled) -> Callable[..., str]:
    """Why a page that the first one leads to is left out; given besides is a site's patience."""
    site.page("/", links=["/page", "/after"])
    site.page("/after")

    def reason(path: str, **patience: float) -> str:
        found = crawled(patience=patience)
        assert found.paths == ["/", "/after"]
        return found.skipped[path]

    return reason


def test_one_bad_page_never_ends_a_crawl(site: WebsiteServer, door: Callable[[str], str]) -> None:
    site.fail("/page", 500)

    assert door("/page") == "The site has a fault (500)."


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("/page", "without end"),
        ("http://169.254.169.254/latest/meta-data/", "another site"),
        ("http://127.0.0.1:6379/", "another site"),
        ("https://elsewhere.example/", "another site"),
        ("file:///etc/passwd", "not an address of the web"),
        ("gopher://127.0.0.1:6379/_INFO", "not an address of the web"),
        ("http://user:secret@127.0.0.1/", "not an address of the web"),
        ("http://[::1", "broke off"),
    ],
)
def test_redirects_lead_nowhere_else(
    site: WebsiteServer, door: Callable[[str], str], to: str, reason: str
) -> None:
    site.redirect("/page", to)

    assert reason in door("/page")


def test_a_redirect_to_another_private_port_is_not_followed(
    site: WebsiteServer, door: Callable[[str], str]
) -> None:
    with WebsiteServer() as other:
        site.redirect("/page", f"{other.url}/secret")

        assert "another site" in door("/page")
        assert other.asked == []


def test_robots_txt_leads_into_no_private_network(site: WebsiteServer, crawled: Crawled) -> None:
    with WebsiteServer() as other:
        site.redirect("/robots.txt", f"{other.url}/robots.txt")
        site.page("/")

        with pytest.raises(CrawlError, match="not on the public internet"):
            crawled()
        assert other.asked == []


@pytest.mark.parametrize("type_", ["application/pdf", "image/png", "text/plain", "video/mp4"])
def test_only_html_is_read(site: WebsiteServer, door: Callable[[str], str], type_: str) -> None:
    site.put("/page", b"%PDF-", type_)

    assert door("/page") == f"It is not a web page but {type_}."


def test_a_page_of_a_gigabyte_is_cut_off(site: WebsiteServer, crawled: Crawled) -> None:
    sent: list[int] = []

    def pieces() -> Iterator[bytes]:
        for _n in range(1024):
            sent.append(MEGA)
            yield b"a" * MEGA

    site.page("/", links=["/page"])
    site.stream("/page", pieces)

    found = crawled(patience={"page_bytes": 2 * MEGA})

    assert found.skipped == {"/page": "The page is larger than 2 MB."}
    assert sum(sent) < 64 * MEGA


def test_a_gzip_bomb_is_never_unpacked(site: WebsiteServer, crawled: Crawled) -> None:
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join(packer.compress(b"\0" * MEGA) for _n in range(200)) + packer.flush()
    site.page("/", links=["/page", "/twice"])
    site.put("/page", bomb, Content_Encoding="gzip")
    site.put("/twice", gzip.compress(bomb), Content_Encoding="gzip, gzip")

    found = crawled()

    assert found.skipped == {
        "/page": "The page is larger than 10 MB.",
        "/twice": "The page is compressed in a way that was not asked for.",
    }


def test_compressed_pages_are_read(site: WebsiteServer, crawled: Crawled) -> None:
    body = "<html><body><p>Täglich geöffnet von acht bis zwölf.</p></body></html>".encode("latin-1")
    type_ = "text/html; charset=ISO-8859-1"
    site.put("/", gzip.compress(body), type_, Content_Encoding="gzip")

    assert "Täglich geöffnet" in crawled().pages[0].text


def test_damaged_pages_are_left_out(site: WebsiteServer, door: Callable[[str], str]) -> None:
    site.put("/page", b"this is not gzip", Content_Encoding="gzip")

    assert door("/page") == "The page arrives damaged."


def test_a_body_that_drips_has_an_end(site: WebsiteServer, door: Callable[..., str]) -> None:
    def pieces() -> Iterator[bytes]:
        while not site.going_away.wait(0.1):
            yield b"<p>"

    site.stream("/page", pieces)

    assert door("/page", page_seconds=2) == "The site takes too long to answer."


def test_a_head_that_drips_has_an_end(site: WebsiteServer, door: Callable[..., str]) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nX-Slow: "
        while not site.going_away.wait(0.1):
            yield b"x"

    site.answer("/page", lambda: Reply(pieces=pieces, raw=True))

    assert door("/page", page_seconds=2) == "The site takes too long to answer."


def test_what_is_no_http_is_left_out(site: WebsiteServer, door: Callable[[str], str]) -> None:
    site.answer("/page", lambda: Reply(pieces=lambda: [b"SSH-2.0-OpenSSH\r\n"], raw=True))

    assert door("/page") == "The connection to the site broke off."


def test_a_busy_site_is_asked_again_when_it_says_so(site: WebsiteServer, crawled: Crawled) -> None:
    site.page("/", links=["/page"])
    busy = iter([429, 503])

    def reply() -> Reply:
        status = next(busy, 200)
        return Reply(status, {"Retry-After": "0", "Content-Type": "text/html"}, lambda: [b"Hello"])

    site.answer("/page", reply)

    assert crawled().paths == ["/", "/page"]
    assert site.asked.count("/page") == 3


HUGE = f"Fri, 31 Dec {10**30} 23:59:59 GMT"


@pytest.mark.parametrize("after", ["3600", "Fri, 31 Dec 2999 23:59:59 GMT", HUGE, "soon", ""])
def test_a_site_that_stays_busy_is_left_alone(
    site: WebsiteServer, door: Callable[[str], str], after: str
) -> None:
    site.fail("/page", 429, **({"Retry_After": after} if after else {}))

    assert door("/page") == "The site is too busy (429)."
    assert site.asked.count("/page") == 1


def test_it_is_asked_three_times_at_most(site: WebsiteServer, door: Callable[[str], str]) -> None:
    site.fail("/page", 503, Retry_After="0")

    assert door("/page") == "The site is too busy (503)."
    assert site.asked.count("/page") == 3


def test_a_crawl_is_stopped_in_the_middle_of_a_page(site: WebsiteServer) -> None:
    stopped = threading.Event()

    def pieces() -> Iterator[bytes]:
        stopped.set()
        while not site.going_away.wait(0.05):
            yield b"<p>"

    site.page("/", links=["/page"])
    site.stream("/page", pieces)
    events = crawl(f"{site.url}/", CrawlLimits(), parse_html=parse_html, is_stopped=stopped.is_set)
    began = time.monotonic()

    with pytest.raises(CrawlStoppedError):
        list(events)
    assert time.monotonic() - began < 2


# The first page


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "There is no such page (404). Check the address."),
        (500, "The site has a fault (500). Try again later."),
        (403, "The site does not let us read this page (403). Save the page and"),
        (401, "The site does not let us read this page (401)."),
    ],
)
def test_a_first_page_that_is_refused(
    site: WebsiteServer, crawled: Crawled, status: int, words: str
) -> None:
    site.fail("/", status)

    with pytest.raises(CrawlError) as caught:
        crawled()
    assert words in str(caught.value)


def test_a_first_page_that_is_no_page(site: WebsiteServer, crawled: Crawled) -> None:
    site.put("/", b"%PDF-1.7", "application/pdf")

    with pytest.raises(CrawlError, match=r"not a web page but application/pdf. Download it"):
        crawled()


def test_a_first_page_that_robots_must_not_read(site: WebsiteServer, crawled: Crawled) -> None:
    site.put("/robots.txt", b"User-agent: *\nDisallow: /\n", "text/plain")
    site.page("/")

    with pytest.raises(CrawlError, match=r"does not let robots read it. Ask its owner"):
        crawled()


def test_a_first_page_to_sign_in(site: WebsiteServer, crawled: Crawled) -> None:
    site.redirect("/", "/login")
    site.put("/login", b"<form>Sign in <input type=password></form>")

    with pytest.raises(CrawlError, match="It is a page to sign in"):
        crawled()


def test_a_first_page_that_leads_to_another_site(site: WebsiteServer, crawled: Crawled) -> None:
    site.redirect("/", "https://elsewhere.example/welcome")

    with pytest.raises(CrawlError, match=r"enter its address: https://elsewhere.example/welcome"):
        crawled()


def test_a_private_address_is_refused_with_advice(settings: Settings) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = []
    with WebsiteServer() as inside:
        port = inside.url.rpartition(":")[2]
        for url in (inside.url, f"http://localhost:{port}/", "http://127.0.0.1/"):
            with pytest.raises(CrawlError, match="OUTBOUND_ALLOWED_HOSTS="):
                list(crawl(url, CrawlLimits(), parse_html=parse_html, patience=QUICK))
        assert inside.asked == []


def test_a_port_where_nobody_listens(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]

    with pytest.raises(CrawlError, match=r"refuses connections. Check the address"):
        list(crawl(f"http://127.0.0.1:{port}/", CrawlLimits(), parse_html=parse_html))


def test_a_site_that_says_nothing(settings: Settings) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"

        with pytest.raises(CrawlError, match="takes too long to answer"):
            list(
                crawl(url, CrawlLimits(), parse_html=parse_html, patience=replace(QUICK, silence=1))
            )


def test_a_site_without_a_certificate(settings: Settings, site: WebsiteServer) -> None:
    url = site.url.replace("http:", "https:")

    with pytest.raises(CrawlError, match="No secure connection"):
        list(crawl(url, CrawlLimits(), parse_html=parse_html, patience=QUICK))


@pytest.mark.parametrize(
    "url", ["", "nothing", "ftp://example.com/", "file:///etc/passwd", "http://", "http://a@b.c/"]
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(CrawlError, match="no address of the web"):
        list(crawl(url, CrawlLimits(), parse_html=parse_html))


def test_a_name_that_nobody_has_is_not_told_from_one_inside() -> None:
    told = set()
    for url in ("https://nowhere.invalid/", "https://localhost/", "http://localhost/docs"):
        with pytest.raises(CrawlError, match=r"No site of this name is known.* Check") as failure:
            list(crawl(url, CrawlLimits(), parse_html=parse_html, patience=QUICK))
        told.add(str(failure.value))
    assert len(told) == 1


def test_a_port_is_refused_wherever_the_name_leads() -> None:
    for host in ("nowhere.invalid", "localhost", "127.0.0.1"):
        with pytest.raises(CrawlError, match=f"Port 8123 of {host} is not allowed"):
            list(crawl(f"http://{host}:8123/", CrawlLimits(), parse_html=parse_html))
