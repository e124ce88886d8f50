"""Puts chunks that follow each other together again, without what they share. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Part:
    """A chunk in its document: the place it was cut from, and its text, which may be edited."""

    page: int
    start: int
    end: int
    text: str


def joined(parts: Iterable[Part]) -> str:
    """The text of ``parts``, which are in order; what two of them share is there once. Between
    others is a blank line, or the end of a line where one character was between them: a space in a
    paragraph, or the end of a row."""
    text = ""
    before: Part | None = None
    for part in parts:
        text += _separator(before, part) + part.text[_shared(before, part) :]
        before = part
    return text


def _shared(before: Part | None, part: Part) -> int:
    """How many characters at the start of ``part`` end ``before`` too."""
    if before is None or before.page != part.page:
        return 0
    shared = min(max(before.end - part.start, 0), len(part.text))
    return shared if shared and before.text.endswith(part.text[:shared]) else 0


def _separator(before: Part | None, part: Part) -> str:
    if before is None or _shared(before, part):
        return ""
    is_next = before.page == part.page and part.start == before.end + 1
    return "\n" if is_next else "\n\n"
