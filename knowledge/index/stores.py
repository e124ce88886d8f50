"""Where vectors lie: what a store of them can do, and which there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from knowledge.index.pgvector import PgVector
from knowledge.models import Index

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from numpy import float32
    from numpy.typing import NDArray

    from knowledge.retrieval.candidates import Candidate, Lookup


class VectorStore(Protocol):
    """Keeps the vectors of chunks that lie in our own tables.

    What it is told may be told again. Whoever writes is inside a transaction in which the chunks
    are written too.
    """

    def write(
        self, index: Index, document_id: UUID, vectors: Sequence[tuple[int, NDArray[float32], bool]]
    ) -> None:
        """Keep exactly these vectors (chunk, vector, enabled) of the document."""

    def enable(self, index: Index, chunk_ids: Sequence[int], *, enabled: bool) -> None:
        """Let chunks be found, or not."""

    def drop(self, index: Index) -> None:
        """Forget the whole index."""

    def candidates(self, lookup: Lookup) -> list[Candidate]:
        """The chunks nearest to a question, by its words, by its vector, or by both."""


STORES: dict[str, VectorStore] = {Index.Store.PGVECTOR: PgVector()}


def store_of(index: Index) -> VectorStore:
    """The store that keeps the vectors of ``index``."""
    return STORES[index.store]
