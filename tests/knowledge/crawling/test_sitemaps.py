"""Sitemaps as the start of a crawl, and those that robots.txt names."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from knowledge.crawling.errors import CrawlError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.knowledge.crawling.conftest import Crawl
    from tests.servers.website import WebsiteServer

    Crawled = Callable[..., Crawl]

XML = "application/xml"
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>
<urlset><url><loc>&d;</loc></url></urlset>"""
FILES = b"""<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>
<urlset><url><loc>&f;</loc></url></urlset>"""


def urlset(*addresses: str) -> bytes:
    rows = "".join(f"<url><loc> {address} </loc></url>" for address in addresses)
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {SPACE}>{rows}</urlset>'.encode()


def index(*addresses: str) -> bytes:
    rows = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return f"<sitemapindex {SPACE}>{rows}</sitemapindex>".encode()


def test_a_sitemap_lists_the_pages(site: WebsiteServer, crawled: Crawled) -> None:
    site.put(
        "/map.xml",
        urlset(f"{site.url}/a", f"{site.url}/b", "https://elsewhere.example/", f"{site.url}/c"),
        XML,
    )
    site.page("/a", links=["/not-listed"])
    site.page("/b")
    site.page("/c")

    assert crawled("/map.xml", exclude=("/c",), max_depth=0).paths == ["/a", "/b"]


@pytest.mark.parametrize("type_", ["application/gzip", "application/octet-stream"])
def test_an_index_leads_to_compressed_sitemaps(
    site: WebsiteServer, crawled: Crawled, type_: str
) -> None:
    site.put("/map.xml", index(f"{site.url}/one.xml.gz", f"{site.url}/gone.xml", "/map.xml"), XML)
    site.put("/one.xml.gz", gzip.compress(urlset(f"{site.url}/a")), type_)
    site.page("/a")

    assert crawled("/map.xml").paths == ["/a"]


def test_sitemaps_that_robots_txt_names_add_to_the_root(
    site: WebsiteServer, crawled: Crawled
) -> None:
    site.put("/robots.txt", f"Sitemap: {site.url}/map.xml\n".encode(), "text/plain")
    site.put("/map.xml", urlset(f"{site.url}/lonely", f"{site.url}/linked"), XML)
    site.page("/", links=["/linked"])
    site.page("/linked", links=["/deeper"])
    for path in ("/lonely", "/deeper"):
        site.page(path)

    assert crawled().paths == ["/", "/linked", "/lonely", "/deeper"]
    assert crawled("/linked").paths == ["/linked", "/deeper"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (LAUGHS, "defines entities"),
        (FILES, "defines entities"),
        (b"<urlset><url>", "not valid XML"),
        (b"<rss><channel/></rss>", "not a sitemap"),
        (urlset("https://elsewhere.example/"), "lists no page"),
        (gzip.compress(b" " * 5_000_000, mtime=0), "too large"),
        (gzip.compress(b"<urlset/>", mtime=0)[:-12], "not valid XML|lists no page"),
    ],
)
def test_what_is_wrong_with_a_sitemap_is_said(
    site: WebsiteServer, crawled: Crawled, body: bytes, reason: str
) -> None:
    site.put("/map.xml", body, XML)

    with pytest.raises(CrawlError, match=reason):
        crawled("/map.xml", patience={"sitemap_bytes": 1_000_000})


def test_an_index_without_end_ends(site: WebsiteServer, crawled: Crawled) -> None:
    site.put("/map.xml", index(*(f"/{n}.xml" for n in range(100))), XML)
    for n in range(100):
        site.put(f"/{n}.xml", urlset(f"{site.url}/page"), XML)
    site.page("/page")

    assert crawled("/map.xml", patience={"sitemaps": 3}).paths == ["/page"]
    assert sum(path.endswith(".xml") for path in site.asked) == 1 + 3
