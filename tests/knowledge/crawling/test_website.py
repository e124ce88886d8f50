"""A website as a source: its pages, its progress and its notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knowledge.sources import described
from knowledge.sources.base import Reading, StoppedError, UnreadError

if TYPE_CHECKING:
    from knowledge.texts import Parsed
    from tests.servers.website import WebsiteServer


class Reader:
    """Reads a source and remembers what it was told meanwhile."""

    def __init__(self) -> None:
        self.progress: list[int] = []
        self.notes: list[str] = []
        self.stopped = False

    def read(self, url: str, **config: Any) -> Parsed:
        source = {"type": "website", "url": url, "crawl_config": config}
        reading = Reading(None, self.progress.append, self.notes.append, lambda: self.stopped)
        return described("website").read(source, reading)


def test_a_website_becomes_numbered_pages(site: WebsiteServer) -> None:
    site.page(
        "/", links=["/a", "/gone", "/missing", "/hidden"], head='<link rel=canonical href="/">'
    )
    site.page("/a", "Descale it every three months.")
    site.page("/hidden", head='<meta name="robots" content="noindex">')
    reader = Reader()

    parsed = reader.read(f"{site.url}/?utm_source=mail")

    assert [(page.number, page.url) for page in parsed.pages] == [
        (1, f"{site.url}/"),
        (2, f"{site.url}/a"),
    ]
    assert parsed.title == parsed.pages[0].title == "Title of /"
    assert "three months" in parsed.pages[1].text
    assert reader.progress == [1, 2]
    assert reader.notes == [
        "3 pages were left out.",
        f"There is no such page (404): {site.url}/gone, {site.url}/missing",
        f"The page asks not to be indexed: {site.url}/hidden",
    ]


def test_it_is_told_that_there_are_more_pages(site: WebsiteServer) -> None:
    site.page("/", links=["/a"])
    site.page("/a")
    reader = Reader()

    assert len(reader.read(f"{site.url}/", max_pages=1).pages) == 1
    assert reader.notes == ["1 page was read, as many as you allowed. The site has more."]


def test_a_site_without_text_says_so(site: WebsiteServer) -> None:
    site.put("/", b"<html><body><div id=root></div><script>app()</script></body></html>")

    with pytest.raises(UnreadError, match=r"No page with text was found. There is no text in it"):
        Reader().read(f"{site.url}/")


def test_a_site_that_is_not_there_says_so(site: WebsiteServer) -> None:
    with pytest.raises(UnreadError, match="There is no such page"):
        Reader().read(f"{site.url}/")


def test_a_reading_that_was_stopped(site: WebsiteServer) -> None:
    site.page("/")
    reader = Reader()
    reader.stopped = True

    with pytest.raises(StoppedError):
        reader.read(f"{site.url}/")
