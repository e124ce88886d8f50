"""Where vectors lie: what a store of them can do, and which there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from knowledge.index.pgvector import PgVector
from knowledge.index.qdrant import Qdrant
from knowledge.models import Index

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from numpy import float32
    from numpy.typing import NDArray

    from knowledge.index.lookup import Candidate, Lookup


class VectorStore(Protocol):
    """Keeps the vectors of chunks that lie in our own tables.

    What it is told may be told again. Whoever writes is inside a transaction in which the chunks
    are written too. A store elsewhere raises ``VectorStoreError``.
    """

    def write(
        self, index: Index, document_id: UUID, vectors: Sequence[tuple[int, NDArray[float32], bool]]
    ) -> None:
        """Keep the vectors (chunk, vector, enabled) of a document of which there are none."""

    def forget(self, index: Index, document_id: UUID) -> None:
        """Forget the vectors of a document whose chunks are being deleted."""

    def vectors(self, index: Index, keys: Sequence[str]) -> dict[str, NDArray[float32]]:
        """The vectors of texts that are indexed, by ``text_hash``."""

    def settle(self, index: Index) -> None:
        """Put the index in order at the end of a run. Not in a transaction; may take long."""

    def drop(self, index: Index) -> None:
        """Forget the whole index."""

    def candidates(self, lookup: Lookup) -> list[Candidate]:
        """The chunks nearest to a question, by its words, by its vector, or by both."""


STORES: dict[str, VectorStore] = {Index.Store.PGVECTOR: PgVector(), Index.Store.QDRANT: Qdrant()}


def store_of(index: Index) -> VectorStore:
    """The store that keeps the vectors of ``index``."""
    return STORES[index.store]
