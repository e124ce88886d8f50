"""How far a crawl goes, and what it bears from a site."""

from __future__ import annotations

from dataclasses import dataclass

MEGA = 1024 * 1024


@dataclass(frozen=True)
class CrawlLimits:
    """What a person chose. The patterns are of paths: ``/docs/*``."""

    max_pages: int = 50
    max_depth: int = 3
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    include_subdomains: bool = False

    @property
    def most_requests(self) -> int:
        """For how many pages a site is asked at most to find ``max_pages`` that are of use."""
        return 5 * self.max_pages + 50


@dataclass(frozen=True)
class Patience:
    """What a site may cost: seconds, bytes, and how many of what."""

    page_seconds: float = 30
    # Of a whole crawl, which keeps a worker's thread.
    seconds: float = 1800
    silence: float = 10
    crawl_delay: float = 5
    retries: int = 2
    retry_seconds: float = 30
    redirects: int = 5
    page_bytes: int = 10 * MEGA
    robots_bytes: int = 512 * 1024
    sitemap_bytes: int = 10 * MEGA
    sitemaps: int = 20
    queue: int = 10_000
    # Of all pages together, which a worker holds until the crawl has ended.
    characters: int = 30 * MEGA
