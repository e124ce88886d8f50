"""The inverted file: postings of a document's chunks, and how many chunks hold each term."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from knowledge.models import Index

TERM_IDS = "SELECT word, knowledge_term_id(%s, word) FROM unnest(%s::text[]) AS word"
TERMS = """
SELECT term, count(*) FROM knowledge_chunk, unnest(terms) AS term
WHERE index_id = %s AND document_id = %s GROUP BY term
"""
CHUNKS = """
SELECT count(*), coalesce(sum(length), 0)::bigint FROM knowledge_chunk
WHERE index_id = %s AND document_id = %s
"""
# By the whole key, since common terms have very many postings.
DELETE = """
DELETE FROM knowledge_posting p
USING knowledge_chunk c, unnest(c.terms, c.frequencies) AS t (id, frequency)
WHERE c.index_id = %s AND c.document_id = %s
  AND p.term_id = t.id AND p.chunk_id = c.id
  AND p.weight = knowledge_posting_weight(t.frequency, c.length)
"""
INSERT = """
INSERT INTO knowledge_posting (term_id, weight, chunk_id)
SELECT t.id, knowledge_posting_weight(t.frequency, c.length), c.id
FROM knowledge_chunk c, unnest(c.terms, c.frequencies) AS t (id, frequency)
WHERE c.index_id = %s AND c.document_id = %s ORDER BY t.id
"""
# In the order of the keys, so that two documents never wait for each other in a ring.
COUNT_TERMS = """
INSERT INTO knowledge_term (id, index_id, lexeme, frequency)
SELECT t.id, %s, t.word, t.more
FROM unnest(%s::bigint[], %s::text[], %s::int[]) AS t (id, word, more) ORDER BY t.id
ON CONFLICT (id) DO UPDATE SET frequency = knowledge_term.frequency + excluded.frequency
"""
COUNT_CHUNKS = """
UPDATE knowledge_index SET chunks = chunks + %s, length = length + %s, languages =
  CASE WHEN %s = ANY(languages || ''::varchar) THEN languages ELSE languages || %s::varchar END
WHERE id = %s
"""


@dataclass(frozen=True)
class Counts:
    """What a document adds to the statistics of an index."""

    chunks: int = 0
    length: int = 0
    terms: Counter[int] = field(default_factory=Counter)


def term_ids(index: Index, words: Iterable[str]) -> dict[str, int]:
    """The keys of words in ``index``."""
    with connection.cursor() as cursor:
        cursor.execute(TERM_IDS, (index.pk, sorted(set(words))))
        return dict(cursor.fetchall())


def counts(index: Index, document_id: UUID) -> Counts:
    """What the chunks of a document that are there now add."""
    with connection.cursor() as cursor:
        cursor.execute(CHUNKS, (index.pk, document_id))
        chunks, length = cursor.fetchone() or (0, 0)
        cursor.execute(TERMS, (index.pk, document_id))
        return Counts(chunks, length, Counter(dict(cursor.fetchall())))


def write(index: Index, document_id: UUID) -> None:
    """Write the postings of the document's chunks."""
    _run(INSERT, (index.pk, document_id))


def delete(index: Index, document_id: UUID) -> None:
    """Delete the postings of the document's chunks, which are still there."""
    _run(DELETE, (index.pk, document_id))


def count(
    index: Index, before: Counts, after: Counts, words: Mapping[int, str], language: str = ""
) -> None:
    """Bring the statistics of ``index`` from ``before`` to ``after``. Locks what documents share,
    until the transaction ends."""
    more = {
        term: after.terms[term] - before.terms[term]
        for term in before.terms.keys() | after.terms.keys()
        if after.terms[term] != before.terms[term]
    }
    if more:
        named = [words.get(term, "") for term in more]
        _run(COUNT_TERMS, (index.pk, list(more), named, list(more.values())))
    chunks, length = after.chunks - before.chunks, after.length - before.length
    _run(COUNT_CHUNKS, (chunks, length, language, language, index.pk))


def _run(statement: str, values: tuple[Any, ...]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
