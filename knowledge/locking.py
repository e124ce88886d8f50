"""The order in which everybody locks rows of a base, so that nobody waits for each other in a ring.

1. The entity, then the base.
2. Documents, by their keys.
3. Indexes, the newest first: shared by whoever writes into one, alone by whoever drops it.
4. Chunks with their postings and vectors, of a document or an index that is held.
5. Terms, by their keys; then the index's statistics.
6. How far documents are (``IndexedDocument``).
7. Kept vectors, by their texts.

Nobody needs all of them, and whoever has one takes none that stands before it. What follows from
foreign keys is checked at the commit: it shares rows that the same transaction holds already, or
that only somebody deletes who holds the base.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from drafts.models import Entity
from knowledge.models import Document, Index, KnowledgeBase

if TYPE_CHECKING:
    from uuid import UUID

SHARE_INDEX = "SELECT 1 FROM knowledge_index WHERE id = %s FOR KEY SHARE"
HOLD_DOCUMENT = "SELECT 1 FROM knowledge_document WHERE id = %s FOR NO KEY UPDATE"


class GoneError(Exception):
    """The index or the document was deleted meanwhile: there is nothing to write into."""


def hold_base(base_id: UUID) -> KnowledgeBase | None:
    """Hold the base to the end of the transaction, even if it is hidden; None when it is gone."""
    Entity.with_deleted.select_for_update().filter(pk=base_id).first()
    return KnowledgeBase.with_deleted.select_for_update(of=("self",)).filter(pk=base_id).first()


def hold_indexes(base_id: UUID) -> list[Index]:
    """Hold the base's documents and indexes as whoever deletes all of them; gives the indexes."""
    documents = Document.objects.filter(base=base_id).order_by("pk").select_for_update()
    list(documents.values_list("pk"))
    return list(Index.objects.filter(base=base_id).order_by("-pk").select_for_update())


def hold_to_write(index: Index, document_id: UUID) -> None:
    """Keep the document from being written twice at once and the index from being dropped;
    ``GoneError`` when there is none."""
    with connection.cursor() as cursor:
        for statement, key in ((HOLD_DOCUMENT, document_id), (SHARE_INDEX, index.pk)):
            cursor.execute(statement, (key,))
            if cursor.fetchone() is None:
                raise GoneError
