"""Drops a generation of an index, step by step, so that no step takes long and any may be the last.

Called again it goes on. A generation that answers is not to be dropped.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.db import connection, transaction

from common import crash
from knowledge.index import hnsw
from knowledge.index.stores import store_of
from knowledge.models import Index

if TYPE_CHECKING:
    from collections.abc import Iterator

# Chunks, each with its postings, by their whole keys, and with its vector where that is ours: as
# long as a chunk is there, all that belongs to it is known.
CHUNKS = """
WITH gone AS MATERIALIZED (
  DELETE FROM knowledge_chunk WHERE id IN
    (SELECT id FROM knowledge_chunk WHERE index_id = %s LIMIT 200)
  RETURNING id, length, terms, frequencies
), postings AS (
  DELETE FROM knowledge_posting p USING gone, unnest(gone.terms, gone.frequencies) AS t (id, times)
  WHERE p.term_id = t.id AND p.chunk_id = gone.id
    AND p.weight = knowledge_posting_weight(t.times, gone.length)
), vectors AS (
  DELETE FROM knowledge_embedding USING gone WHERE chunk_id = gone.id
)
SELECT count(*) FROM gone
"""
SOME = """
WITH gone AS (
  DELETE FROM [table] WHERE id IN (SELECT id FROM [table] WHERE index_id = %s LIMIT 5000)
  RETURNING 1
)
SELECT count(*) FROM gone
"""
TABLES = ("knowledge_term", "knowledge_keptvector", "knowledge_indexeddocument")
STEPS = (CHUNKS, *(SOME.replace("[table]", table) for table in TABLES))
# Each posting is looked up by its key, however many the planner believes there to be.
BY_KEY = """
SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
  set_config('jit', 'off', true)
"""


def drop_index(index: Index, deadline: float = float("inf")) -> bool:
    """Delete ``index`` and all that belongs to it; whether that is done. At the ``deadline`` (of
    ``time.monotonic``) it stops where it is."""
    hnsw.drop(index)
    for _step in _emptied(index):
        if time.monotonic() > deadline:
            return False
    store_of(index).drop(index)
    with transaction.atomic():
        # Whoever writes a document shares the index; after the last of them nobody can.
        if _held(index):
            for _step in _emptied(index):
                pass
            store_of(index).drop(index)
            Index.objects.filter(pk=index.pk).delete()
    return True


def _held(index: Index) -> bool:
    """Hold the index alone to the end of the transaction; whether it is there. Whoever writes a
    document may have come to some of what goes here, and waits for the rest."""
    return Index.objects.select_for_update().filter(pk=index.pk).exists()


def _emptied(index: Index) -> Iterator[None]:
    """Deletes what the index holds, some of it at each step."""
    for statement in STEPS:
        while _delete(statement, index):
            crash.point("index.dropping")
            yield


def _delete(statement: str, index: Index) -> int:
    """How many rows there were; fewer may be left than one takes."""
    with transaction.atomic(), connection.cursor() as cursor:
        if not _held(index):
            return 0
        cursor.execute(BY_KEY)
        cursor.execute(statement, (index.pk,))
        (gone,) = cursor.fetchone() or (0,)
        return int(gone)
