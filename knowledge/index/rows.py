"""What is written into an index: a chunk with its vector."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Span:
    """A part of a document: characters ``start`` to ``end`` of a page's text."""

    page: int
    start: int
    end: int


@dataclass(frozen=True)
class Row:
    """One chunk of a document. ``embedded`` is the very text that ``vector`` was made of;
    ``parent`` the page and the character where the larger passage begins that it is a part of."""

    position: int
    span: Span
    text: str
    vector: NDArray[float32]
    embedded: str = ""
    headings: tuple[str, ...] = ()
    question: str = ""
    parent: tuple[int, int] | None = None
    tokens: int = 0
    enabled: bool = True

    @property
    def text_hash(self) -> str:
        return text_hash(self.embedded or self.text)


def text_hash(text: str) -> str:
    """By which a vector that was made before is known again."""
    return f"sha256:{hashlib.sha256(text.encode(errors='surrogatepass')).hexdigest()}"
