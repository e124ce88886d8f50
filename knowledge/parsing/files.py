"""The way to what a file holds: it is read in a sandbox, and what comes from there is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from knowledge.parsing.cleaning import cleaned
from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.sandbox import BROKE_DOWN, USUAL, Limits, Sandbox, never, too_much_text
from knowledge.texts import Page, Parsed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

READER = "knowledge.parsing.reading"
TOO_MANY_PAGES = "The file has more than {pages:,} pages. Split it into smaller files."


def parse(
    path: Path,
    name: str,
    *,
    cancelled: Callable[[], bool] = never,
    limits: Limits = USUAL,
    reader: str = READER,
) -> Parsed:
    """What the file at ``path``, brought as ``name``, holds. ``cancelled`` is asked all the time.

    Raises ``UnreadableError`` with words for people, and ``CancelledError``. ``reader`` is the
    module whose ``read`` does it.
    """
    with Sandbox(reader, limits, cancelled) as sandbox:
        return _judged(_parsed(sandbox.read(path, name)), limits)


def _parsed(found: dict[str, Any]) -> Parsed:
    try:
        pages = tuple(_page(**each) for each in found["pages"])
        return cleaned(Parsed(pages, str(found["title"]), str(found["mime_type"])))
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableError(BROKE_DOWN) from error


def _page(number: object, text: object, title: object, url: object) -> Page:
    return Page(int(str(number)), str(text), str(title), str(url))


def _judged(parsed: Parsed, limits: Limits) -> Parsed:
    if len(parsed.pages) > limits.pages:
        raise UnreadableError(TOO_MANY_PAGES.format(pages=limits.pages))
    if sum(len(page.text.encode()) for page in parsed.pages) > limits.text:
        raise UnreadableError(too_much_text(limits))
    return parsed
