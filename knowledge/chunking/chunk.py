"""A chunk: the piece of a page that is found, read and cited as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Span(NamedTuple):
    """From where to where in a page's text, in characters."""

    start: int
    end: int


@dataclass(frozen=True)
class Parent:
    """The larger passage that the model is shown in place of a small chunk that was found."""

    page: int
    start: int
    end: int


@dataclass(frozen=True)
class Chunk:
    """``text`` is what the page numbered ``page`` says from ``start`` to ``end``.

    ``headings`` lead to it, outermost first. ``overlap`` is how many of its first characters the
    chunk before ends with. ``question`` is what the chunk answers, where the document says so.
    An ``edited`` chunk's text may be another one than the page's.
    """

    text: str
    page: int
    start: int
    end: int
    headings: tuple[str, ...] = ()
    tokens: int = 0
    overlap: int = 0
    parent: Parent | None = None
    question: str = ""
    edited: bool = False
