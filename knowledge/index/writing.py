"""Writes documents into an index: chunks, vectors, postings and statistics, all or nothing.

Several documents are written at once, with locks in the order of ``knowledge.locking``: terms and
statistics come last, because documents share them.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from knowledge import languages
from knowledge.annotations import context_of
from knowledge.index import postings
from knowledge.index.lexemes import Lexemes, Passage, body_of, of_passages
from knowledge.index.postings import Counts
from knowledge.index.stores import store_of
from knowledge.locking import hold_to_write
from knowledge.models import Chunk, Document, Index

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from knowledge.index.rows import Row

COPY = """
COPY knowledge_chunk (id, index_id, document_id, position, page, start, "end", text, headings,
  question, parent_page, parent_start, tokens, enabled, text_hash, length, terms, frequencies)
FROM STDIN
"""
NEW_IDS = """
SELECT nextval(pg_get_serial_sequence('knowledge_chunk', 'id')) FROM generate_series(1, %s)
"""


def replace_document(index: Index, document: Document, rows: Sequence[Row]) -> None:
    """Make ``rows`` all that ``index`` knows of ``document``; ``GoneError`` if either is gone.

    Notes the document's language. Writing the same again changes nothing but the chunks' ids.
    """
    language = languages.detect("\n".join((document.name, *(row.text for row in rows))))
    read = of_passages([_passage(document, row, language) for row in rows])
    keys = postings.term_ids(index, (word for lexemes in read for word in lexemes.words))
    after = _counts(read, keys)
    with transaction.atomic():
        hold_to_write(index, document.pk)
        before = _forget(index, document.pk)
        ids = _copy(index, document, rows, [_scored(lexemes, keys) for lexemes in read])
        postings.write(index, document.pk)
        vectors = [(key, row.vector, row.enabled) for key, row in zip(ids, rows, strict=True)]
        store_of(index).write(index, document.pk, vectors)
        Document.objects.filter(pk=document.pk).update(language=language)
        words = {key: word for word, key in keys.items()}
        postings.count(index, before, after, words, language if rows else "")
    document.language = language


def remove_document(index: Index, document_id: UUID) -> None:
    """Forget a document: its chunks, vectors and postings. Call this before deleting it."""
    with transaction.atomic():
        hold_to_write(index, document_id)
        before = _forget(index, document_id)
        postings.count(index, before, Counts(), {})


def _passage(document: Document, row: Row, language: str) -> Passage:
    body = body_of(row, context_of(document.annotations))
    return Passage(document.name, row.headings, body, language)


def _counts(read: Sequence[Lexemes], keys: Mapping[str, int]) -> Counts:
    terms = Counter(keys[word] for lexemes in read for word in lexemes.words)
    return Counts(len(read), sum(lexemes.length for lexemes in read), terms)


def _scored(lexemes: Lexemes, keys: Mapping[str, int]) -> tuple[int, list[int], list[int]]:
    return lexemes.length, [keys[word] for word in lexemes.words], list(lexemes.frequencies)


def _forget(index: Index, document_id: UUID) -> Counts:
    before = postings.counts(index, document_id)
    if before.chunks:
        postings.delete(index, document_id)
        store_of(index).forget(index, document_id)
        Chunk.objects.filter(index=index, document_id=document_id).delete()
    return before


def _copy(
    index: Index,
    document: Document,
    rows: Sequence[Row],
    scored: Sequence[tuple[int, list[int], list[int]]],
) -> list[int]:
    """Write the chunks and give their ids."""
    with connection.cursor() as cursor:
        cursor.execute(NEW_IDS, (len(rows),))
        ids = [key for (key,) in cursor.fetchall()]
        with cursor.copy(COPY) as copy:
            for key, row, score in zip(ids, rows, scored, strict=True):
                copy.write_row((key, index.pk, document.pk, *_columns(row), *score))
    return ids


def _columns(row: Row) -> tuple[Any, ...]:
    parent = row.parent or (None, None)
    return (
        *(row.position, row.span.page, row.span.start, row.span.end),
        *(_storable(row.text), [_storable(heading) for heading in row.headings]),
        *(_storable(row.question), *parent, row.tokens, row.enabled, row.text_hash),
    )


def _storable(text: str) -> str:
    """Without what the database cannot hold, each in one character's place."""
    return languages.NUL_AND_SURROGATES.sub("\ufffd", text)
