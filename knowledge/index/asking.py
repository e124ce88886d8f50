"""Puts a question to the database: words are looked up there whatever the vector store is.

Vectors are either the database's own, or their nearest are named: a store elsewhere has found them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from knowledge.index import statement
from knowledge.index.lexemes import QUESTION, question_text
from knowledge.index.lookup import Candidate, Lookup, Method

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from numpy import float32
    from numpy.typing import NDArray

# Compiling a statement takes longer than it runs. Candidates are few and looked up by their keys,
# where the planner would rather read a whole table of a few thousand chunks; with filters it is to
# choose. The rest is about HNSW: how well it looks, and that it looks on where filters drop much.
SET = """
SELECT set_config('jit', 'off', true), set_config('enable_hashjoin', %(joins)s, true),
  set_config('enable_mergejoin', %(joins)s, true), set_config('hnsw.ef_search', %(ef)s, true),
  set_config('hnsw.iterative_scan', 'strict_order', true)
"""
EF_SEARCH = "200"


def candidates(lookup: Lookup, nearest: Sequence[int] | None = None) -> list[Candidate]:
    """The chunks nearest to the question. With ``nearest``, the chunks that another store found by
    the vector, cosines are left at 0."""
    values = _values(lookup) | {"nearest": list(nearest or ())}
    with transaction.atomic(), connection.cursor() as cursor:
        joins = "on" if lookup.filters.given else "off"
        cursor.execute(SET, {"joins": joins, "ef": EF_SEARCH})
        few = False
        if lookup.filters.given:
            cursor.execute(_in_documents(statement.COUNT_SCOPE, lookup), values)
            (many,) = cursor.fetchone() or (0,)
            few = many <= statement.CONSTANTS["few"]
        cursor.execute(_statement(lookup, few=few, named=nearest is not None), values)
        return [Candidate(*row) for row in cursor.fetchall()]


def documents_found_by(lookup: Lookup) -> list[UUID]:
    """The documents that the filters of ``lookup`` leave."""
    with connection.cursor() as cursor:
        cursor.execute(statement.ALLOWED, _values(lookup))
        return [key for (key,) in cursor.fetchall()]


def literal(vector: NDArray[float32]) -> str:
    """A vector as pgvector reads it."""
    return f"[{','.join(format(value, '.6g') for value in vector.tolist())}]"


def _statement(lookup: Lookup, *, few: bool, named: bool) -> str:
    """The whole statement; with ``few`` it scores every chunk that the filters leave."""
    drawn, by_vector = statement.DRAWN, statement.BY_VECTOR
    if few:
        drawn, by_vector = statement.IN_SCOPE, statement.BY_VECTOR_IN_SCOPE
    by_word = statement.BY_WORD
    if named:
        by_vector = statement.NAMED
    if lookup.method == Method.VECTOR:
        by_word = statement.NOBODY.format("by_word")
    elif lookup.method == Method.KEYWORD:
        by_vector = statement.NOBODY.format("by_vector")
    whole = statement.TERMS + drawn + by_word + by_vector + statement.SCORES
    for mark, part in (
        ("[question]", QUESTION),
        ("[exact]", statement.EXACT),
        ("[dimensions]", str(int(lookup.index.dimensions))),
    ):
        whole = whole.replace(mark, part)
    return _in_documents(whole, lookup)


def _in_documents(part: str, lookup: Lookup) -> str:
    documents = statement.FILTERED if lookup.filters.given else statement.NOT_DISABLED
    return part.replace("[documents]", documents)


def _values(lookup: Lookup) -> dict[str, Any]:
    filters = lookup.filters
    return statement.CONSTANTS | {
        "index": lookup.index.pk,
        "base": lookup.index.base_id,
        "pool": list(lookup.pool),
        "languages": list(lookup.languages),
        "text": question_text(lookup.text),
        "vector": None if lookup.vector is None else literal(lookup.vector),
        "documents": _list(filters.documents),
        "sources": _list(filters.sources),
        "tags": _list(filters.tags),
        "document_languages": _list(filters.languages),
    }


def _list(values: tuple[Any, ...] | None) -> list[Any] | None:
    return None if values is None else list(values)
