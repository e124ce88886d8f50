"""What is asked, of which indexes, and what is found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from knowledge.index.lookup import Filters, Method

if TYPE_CHECKING:
    from uuid import UUID

    from knowledge.models import Index


@dataclass(frozen=True)
class Query:
    """``threshold`` is the least relevance (0 to 1). ``rerank``: the best are compared with the
    question once more, token by token. ``neighbours`` is how many chunks before and after a hit are
    handed over with it."""

    text: str
    top_k: int = 5
    method: Method = Method.HYBRID
    threshold: float | None = None
    rerank: bool = False
    filters: Filters = field(default_factory=Filters)
    neighbours: int = 0


@dataclass(frozen=True)
class Target:
    """An index that is asked, and what is different for it than the query says. ``top_k`` is the
    most that it gives; where they are ``reserved``, so many of the query's are for it alone."""

    index: Index
    top_k: int | None = None
    reserved: bool = False
    method: Method | None = None
    threshold: float | None = None
    rerank: bool | None = None
    filters: Filters | None = None


@dataclass(frozen=True)
class Hit:
    """A passage that was found.

    ``found`` is the chunk's own text, ``text`` that or its parent's where it has one; ``context``
    also has the neighbours'.
    ``score`` orders the hits of one query (1 is the best there could be); ``keyword`` is BM25,
    ``vector`` the cosine, ``rerank`` how alike the tokens are where that was looked at (0 to 1).
    ``relevance`` is the same for the same passage whatever else was found:
    by it one can say that nothing fits.
    """

    chunk_id: int
    document_id: UUID
    base_id: UUID
    title: str
    url: str
    page: int
    start: int
    end: int
    found: str
    text: str
    context: str
    headings: tuple[str, ...]
    score: float
    keyword: float
    vector: float
    relevance: float
    rerank: float | None = None
