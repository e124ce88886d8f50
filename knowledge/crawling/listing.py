"""The pages that a site lists in sitemaps, those that sitemaps lead to included."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from knowledge.crawling import sitemaps
from knowledge.crawling.addresses import normalised
from knowledge.crawling.errors import PageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from knowledge.crawling.fetching import Answer
    from knowledge.crawling.limits import Patience
    from knowledge.crawling.sitemaps import Sitemap


def pages_of(
    first: Sitemap, at: str, get: Callable[[str], Answer], patience: Patience
) -> Iterator[str]:
    """The addresses of pages, as they are written. ``get`` raises ``PageError`` for a sitemap that
    is not to be had, which is then left out, as is one that is damaged."""
    yield from first.pages
    waiting = deque(first.sitemaps)
    seen = {at}
    while waiting and len(seen) <= patience.sitemaps:
        url = normalised(waiting.popleft(), at)
        if not url or url in seen:
            continue
        seen.add(url)
        try:
            found = sitemaps.parsed(get(url).body, patience.sitemap_bytes)
        except PageError:
            continue
        yield from found.pages
        waiting.extend(found.sitemaps)
