"""What a source yields, whatever it was: pages of Markdown. Knows no framework."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """One readable part of a source: a page of a PDF, a sheet, a slide, a web page, or all of it.

    ``text`` is Markdown: ``#`` headings, ``|`` tables, fenced code, blank lines between paragraphs.
    ``number`` counts from 1 within its source; ``url`` is where people find the page, if anywhere.
    """

    number: int
    text: str
    title: str = ""
    url: str = ""


@dataclass(frozen=True)
class Parsed:
    """What was read of one file. ``title`` is the document's own, else empty."""

    pages: tuple[Page, ...]
    title: str = ""
    mime_type: str = ""
