"""The vector store in our own database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.db import connection

from knowledge.index import asking, hnsw
from knowledge.index.asking import literal
from knowledge.models import Embedding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from numpy import float32
    from numpy.typing import NDArray

    from knowledge.index.lookup import Candidate, Lookup
    from knowledge.models import Index

COPY = """
COPY knowledge_embedding (chunk_id, index_id, document_id, enabled, embedding) FROM STDIN
"""


class PgVector:
    """Half precision, exact for small indexes, HNSW for large ones (``knowledge.index.hnsw``)."""

    def write(
        self, index: Index, document_id: UUID, vectors: Sequence[tuple[int, NDArray[float32], bool]]
    ) -> None:
        with connection.cursor() as cursor, cursor.copy(COPY) as copy:
            for chunk_id, vector, enabled in vectors:
                copy.write_row((chunk_id, index.pk, document_id, enabled, literal(vector)))

    def forget(self, index: Index, document_id: UUID) -> None:
        Embedding.objects.filter(index=index, document_id=document_id).delete()

    def vectors(self, index: Index, keys: Sequence[str]) -> dict[str, NDArray[float32]]:
        found = Embedding.objects.filter(chunk__index=index, chunk__text_hash__in=keys)
        pairs = found.values_list("chunk__text_hash", "embedding")
        return {key: np.asarray(vector, dtype=np.float32) for key, vector in pairs}

    def settle(self, index: Index) -> None:
        if hnsw.is_due(index):
            hnsw.build(index)

    def drop(self, index: Index) -> None:
        hnsw.drop(index)
        Embedding.objects.filter(index=index).delete()

    def candidates(self, lookup: Lookup) -> list[Candidate]:
        return asking.candidates(lookup)
