"""What can go wrong with a crawl and with a page of it."""

from __future__ import annotations

from django.utils.translation import gettext as _


class CrawlError(Exception):
    """Nothing can be crawled; the message tells a person why and what to do."""


class CrawlStoppedError(Exception):
    """Nobody wants the crawl any more."""


class PageError(Exception):
    """One page is left out: ``reason`` says why in a sentence that many pages may share,
    ``advice`` what to do where it is the page that was asked for. ``is_temporary``: the page may be
    there all the same, and be had later."""

    def __init__(self, reason: str, advice: str = "", *, is_temporary: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.advice = advice
        self.is_temporary = is_temporary

    @property
    def sentences(self) -> str:
        return f"{self.reason} {self.advice}".strip()


class ParseError(PageError):
    """The page was too much for the process that reads it, or is none."""

    def __init__(self) -> None:
        super().__init__(
            _("The page is too complex or too damaged to read."),
            _("Copy what matters of it and add that as a text."),
        )
