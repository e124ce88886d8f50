"""What a crawl tells, in the order in which it finds it. Knows no framework."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CrawledPage:
    """A page with text. ``url`` is the one that the page itself calls its own."""

    url: str
    title: str
    text: str


@dataclass(frozen=True)
class Skipped:
    """A page that is left out; ``reason`` is a sentence. ``is_temporary``: it may be there all the
    same."""

    url: str
    reason: str
    is_temporary: bool = False


@dataclass(frozen=True)
class Unfinished:
    """The last event of a crawl that a limit ended; ``reason`` is a sentence."""

    reason: str


Event = CrawledPage | Skipped | Unfinished
