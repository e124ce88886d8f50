"""Reads the pages of a crawl in a process of its own, which may die without harm.

One process serves a whole crawl and is started anew when a page was too much for it.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Self

from knowledge.crawling.errors import CrawlStoppedError, ParseError
from knowledge.parsing.cleaning import clean
from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.sandbox import MEBIBYTE, CancelledError, Limits, Sandbox, never
from knowledge.parsing.web.page import WebPage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

READER = "knowledge.parsing.web.reading"
# The processor's time is that of a whole crawl; nothing is to be written.
LIMITS = Limits(seconds=20, cpu_seconds=3600, memory=1024 * MEBIBYTE, files=16, written=0)


class Extractor:
    """``extractor(body, url)`` is a ``WebPage``; it raises ``ParseError``, and
    ``CrawlStoppedError`` soon after ``is_stopped``. Use it in a ``with`` block, in one thread."""

    def __init__(self, is_stopped: Callable[[], bool] = never, limits: Limits = LIMITS) -> None:
        self._sandbox = Sandbox(READER, limits, is_stopped)
        self._folder = TemporaryDirectory(prefix="privexbot-page-")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._folder, self._sandbox:
            pass

    def __call__(self, body: bytes, url: str) -> WebPage:
        path = Path(self._folder.name) / "page.html"
        path.write_bytes(body)
        try:
            return _page(**self._sandbox.read(path, url))
        except CancelledError as error:
            raise CrawlStoppedError from error
        except (UnreadableError, TypeError) as error:
            raise ParseError from error


def _page(
    *, links: Iterable[object], robots: Iterable[object], asks_for_password: object, **texts: object
) -> WebPage:
    """The process that gives these is not trusted."""
    return WebPage(
        links=tuple(map(str, links)),
        robots=tuple(map(str, robots)),
        asks_for_password=bool(asks_for_password),
        **{name: clean(str(text)) for name, text in texts.items()},
    )
