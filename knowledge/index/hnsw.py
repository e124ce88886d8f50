"""HNSW for the indexes that are too large to be read through: one partial index per generation.

A single one for all generations would answer from other people's vectors first and go on looking
for ours among them. Measured with 10,000 vectors among 100,000: 16 ms and 4 of the true first ten,
where the partial one takes 2 ms and finds 9 of them, and reading all takes 5 ms. It would also
force one number of dimensions on everybody.
"""

from __future__ import annotations

from django.db import connection

from knowledge.models import Index

# Chunks. Below, reading all vectors takes 10 ms at most.
THRESHOLD = 20_000
# The other half of the key of the lock that a builder holds.
LOCK = 7_450_117
LEFTOVERS = """
SELECT key FROM pg_class, LATERAL (SELECT substr(relname, 16)::bigint AS key) AS numbered
WHERE relname ~ '^knowledge_hnsw_[0-9]+$' AND relkind = 'i'
  AND NOT EXISTS (SELECT 1 FROM knowledge_index WHERE id = key)
"""


def name(index: Index) -> str:
    """The name of its database index."""
    return f"knowledge_hnsw_{int(index.pk)}"


def is_due(index: Index) -> bool:
    """Whether ``index`` has grown so large that it needs one, and has none."""
    return index.chunks >= THRESHOLD and not exists(index)


def exists(index: Index) -> bool:
    """Whether it is there and whole."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", (name(index),)
        )
        return bool(cursor.fetchone() == (True,))


def build(index: Index) -> None:
    """Build it while others read and write, unless somebody is at it. Not in a transaction; what a
    crash left is removed first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", (LOCK, _key(index)))
        if cursor.fetchone() != (True,):
            return
        try:
            if not exists(index):
                drop(index)
                _create(index)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", (LOCK, _key(index)))


def drop(index: Index) -> None:
    """Remove it, if it is there."""
    how = "" if connection.in_atomic_block else "CONCURRENTLY"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {how} IF EXISTS {name(index)}")


def drop_leftovers() -> None:
    """Remove those whose index was deleted together with its base."""
    with connection.cursor() as cursor:
        cursor.execute(LEFTOVERS)
        for (key,) in cursor.fetchall():
            drop(Index(pk=key))


def _create(index: Index) -> None:
    # Numbers, not parameters: no statement that defines something takes any.
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        try:
            cursor.execute(
                f"CREATE INDEX CONCURRENTLY {name(index)} ON knowledge_embedding "
                f"USING hnsw ((embedding::halfvec({int(index.dimensions)})) halfvec_cosine_ops) "
                f"WHERE index_id = {int(index.pk)}"
            )
        finally:
            cursor.execute("RESET maintenance_work_mem")


def _key(index: Index) -> int:
    """Half of a lock's key is so short that numbers may have to share one."""
    return int(index.pk) % 2**31
