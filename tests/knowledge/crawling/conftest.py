"""A website on this machine that may be crawled, and a crawl of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from knowledge.crawling.crawl import crawl
from knowledge.crawling.events import CrawledPage, Skipped, Unfinished
from knowledge.crawling.limits import CrawlLimits, Patience
from knowledge.parsing.web.decoding import html_decoded
from knowledge.parsing.web.reading import page_of
from tests.servers.website import WebsiteServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django.fixtures import Settings

    from knowledge.crawling.events import Event
    from knowledge.parsing.web.page import WebPage

QUICK = Patience(page_seconds=20, silence=20, crawl_delay=0.05, retry_seconds=1)


def parse_html(body: bytes, url: str) -> WebPage:
    """What the process for pages does, in this one."""
    return page_of(html_decoded(body), url)


class Crawl:
    """What a crawl of ``site`` found."""

    def __init__(self, site: WebsiteServer, events: list[Event]) -> None:
        self._site = site
        self.pages = [each for each in events if isinstance(each, CrawledPage)]
        self.skipped = {
            self._path(each.url): each.reason for each in events if isinstance(each, Skipped)
        }
        self.unfinished = [each.reason for each in events if isinstance(each, Unfinished)]

    @property
    def paths(self) -> list[str]:
        return [self._path(page.url) for page in self.pages]

    def _path(self, url: str) -> str:
        return url.removeprefix(self._site.url)


@pytest.fixture
def site(settings: Settings) -> Iterator[WebsiteServer]:
    with WebsiteServer() as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [server.url.removeprefix("http://")]
        yield server


@pytest.fixture
def crawled(site: WebsiteServer) -> Callable[..., Crawl]:
    """Crawls from a path; what is given besides are limits or a site's patience."""

    def run(path: str = "/", patience: dict[str, Any] | None = None, **limits: Any) -> Crawl:
        bears = replace(QUICK, **(patience or {}))
        events = crawl(
            site.url + path, CrawlLimits(**limits), parse_html=parse_html, patience=bears
        )
        return Crawl(site, list(events))

    return run
