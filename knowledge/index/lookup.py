"""What a vector store is asked for and what it gives: chunks with the raw scores of each method."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy import float32
    from numpy.typing import NDArray

    from knowledge.models import Index

# How many each method puts forward; both sets together are scored by both methods.
CANDIDATES = 50
# The rarest words of a question; more is a text.
WORDS = 100


class Method(StrEnum):
    KEYWORD = "keyword"
    VECTOR = "vector"
    HYBRID = "hybrid"


@dataclass(frozen=True)
class Filters:
    """Which documents may answer; ``None`` is no limit. All that are given must hold; one of the
    tags is enough."""

    documents: tuple[UUID, ...] | None = None
    sources: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Filters:
        """From plain data, whose lists are no limit where they are empty."""
        documents = tuple(UUID(str(each)) for each in given.get("documents") or ())
        names = {
            name: tuple(given.get(name) or ()) or None for name in ("sources", "tags", "languages")
        }
        return cls(documents or None, **names)

    @property
    def given(self) -> bool:
        return any(
            each is not None for each in (self.documents, self.sources, self.tags, self.languages)
        )


@dataclass(frozen=True)
class Lookup:
    """A question to one index. ``pool`` are all indexes that are asked together: how rare a word is
    is counted over them, so that their scores can be compared. Without a ``vector`` cosines are 0.
    """

    index: Index
    pool: tuple[int, ...]
    languages: tuple[str, ...]
    text: str
    method: Method
    vector: NDArray[float32] | None
    filters: Filters


@dataclass(frozen=True)
class Candidate:
    """``keyword`` is BM25, ``vector`` the cosine. ``coverage`` is how much of the question's words
    the chunk holds, by their rarity, from 0 to 1."""

    chunk_id: int
    document_id: UUID
    keyword: float
    vector: float
    coverage: float
    importance: str = ""
    index_id: int = 0
