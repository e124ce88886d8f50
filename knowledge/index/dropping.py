"""Drops a generation of an index, step by step, so that no step takes long and any may be the last.

Called again it goes on. A generation that answers is not to be dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction

from knowledge.index import hnsw
from knowledge.index.stores import store_of
from knowledge.models import Index

if TYPE_CHECKING:
    from collections.abc import Sequence

TERMS = """
WITH gone AS (
  DELETE FROM knowledge_term WHERE id IN
    (SELECT id FROM knowledge_term WHERE index_id = %s ORDER BY id LIMIT 1000 FOR UPDATE)
  RETURNING id
), postings AS (DELETE FROM knowledge_posting USING gone WHERE term_id = gone.id)
SELECT count(*) FROM gone
"""
CHUNKS = """
WITH gone AS (
  DELETE FROM knowledge_chunk WHERE id IN
    (SELECT id FROM knowledge_chunk WHERE index_id = %s LIMIT 5000)
  RETURNING id
)
SELECT count(*) FROM gone
"""
LEFTOVER_POSTINGS = """
DELETE FROM knowledge_posting WHERE NOT EXISTS
  (SELECT 1 FROM knowledge_term WHERE knowledge_term.id = knowledge_posting.term_id)
"""
STEPS = (TERMS, CHUNKS)


def drop_index(index: Index) -> None:
    """Delete ``index`` and all that belongs to it."""
    store_of(index).drop(index)
    _empty(index, STEPS)
    with transaction.atomic():
        # Whoever writes a document holds the index; after the last of them nobody can.
        if Index.objects.select_for_update().filter(pk=index.pk).exists():
            store_of(index).drop(index)
            _empty(index, STEPS)
            Index.objects.filter(pk=index.pk).delete()


def drop_leftovers() -> None:
    """Delete what a cascade leaves: the postings and HNSW of bases that were deleted as they were.

    Reads all postings, so it is for a quiet hour.
    """
    hnsw.drop_leftovers()
    with connection.cursor() as cursor:
        cursor.execute(LEFTOVER_POSTINGS)


def _empty(index: Index, steps: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in steps:
            left = 1
            while left:
                cursor.execute(statement, (index.pk,))
                (left,) = cursor.fetchone() or (0,)
