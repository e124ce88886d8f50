"""Loads what was found: texts, addresses, parents and neighbours of the hits."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q

from inference.embedders.local import LOCAL
from knowledge.annotations import context_of
from knowledge.chunking.embedded_text import embedded_text
from knowledge.models import Chunk
from knowledge.retrieval.context import Part, joined
from knowledge.retrieval.distinct import is_repeated, shingles
from knowledge.retrieval.query import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.retrieval.fusion import Scored
    from knowledge.retrieval.query import Query
    from knowledge.retrieval.room import Room

# For each hit that many more are looked at, since near-duplicates fall away.
SPARE = 3
# The address of the page a chunk was cut from; each document is unpacked once. Where the document
# has changed since it was cut and waits to be indexed, its pages are others.
ADDRESSES = """
SELECT chunk.id, page.value ->> 'url'
FROM knowledge_chunk AS chunk
JOIN knowledge_document AS document ON document.id = chunk.document_id
LEFT JOIN knowledge_indexeddocument AS made
  ON made.index_id = chunk.index_id AND made.document_id = chunk.document_id
CROSS JOIN LATERAL (
  SELECT document.pages WHERE made.id IS NULL OR made.fingerprint = document.fingerprint OFFSET 0
) AS unpacked (pages)
CROSS JOIN LATERAL (
  SELECT value FROM jsonb_array_elements(unpacked.pages)
  WHERE (value ->> 'number')::bigint = chunk.page LIMIT 1
) AS page
WHERE chunk.id = ANY(%s)
"""


def load(scored: Sequence[Scored], query: Query, room: Room) -> list[Hit]:
    """The first of ``scored`` that are not alike, as many as there is ``room`` for."""
    chosen = list(islice(_different(scored, query.top_k, room), query.top_k))
    chunks = [chunk for _, chunk in chosen]
    addresses, parents = _addresses(chunks), _parents(chunks)
    near = _neighbours(chunks, query.neighbours)
    # What is a hit itself, or stands beside a better one, is not given once more.
    for key in {_place(chunk) for chunk in chunks}:
        near.pop(key, None)
    found = []
    for each, chunk in chosen:
        url = addresses.get(chunk.pk, "")
        parent = parents.get(_parent(chunk))
        context = parent or _context(_around(chunk, near, query.neighbours))
        found.append(_hit(each, chunk, url, parent or chunk.text, context))
    return found


def embedded_texts(keys: Sequence[int]) -> dict[int, str]:
    """What was embedded for each of these chunks; those that are gone are left out."""
    return {
        key: embedded_text(
            chunk.document.name, chunk, LOCAL.tokenizer, context_of(chunk.document.annotations)
        )
        for key, chunk in _chunks(keys).items()
    }


def _different(scored: Sequence[Scored], top_k: int, room: Room) -> Iterator[tuple[Scored, Chunk]]:
    """The candidates with their chunks, read a few at a time, but for those like a better one and
    those that there is no room for."""
    step = SPARE * top_k
    seen: list[frozenset[tuple[str, ...]]] = []
    parents = set()
    for first in range(0, len(scored), step):
        some = [s for s in scored[first : first + step] if room.is_for(s.candidate.index_id)]
        chunks = _chunks([each.candidate.chunk_id for each in some])
        for each in some:
            chunk = chunks.get(each.candidate.chunk_id)
            if chunk is None or not room.is_for(chunk.index_id):
                continue
            parent = _parent(chunk)
            words = shingles(chunk.text)
            if parent in parents or is_repeated(words, seen):
                continue
            if chunk.parent_page is not None:
                parents.add(parent)
            seen.append(words)
            room.take(chunk.index_id)
            yield each, chunk


def _chunks(keys: Sequence[int]) -> dict[int, Chunk]:
    found = Chunk.objects.filter(pk__in=keys).select_related("document")
    return {chunk.pk: chunk for chunk in found.defer("document__pages", "terms", "frequencies")}


def _addresses(chunks: Sequence[Chunk]) -> dict[int, str]:
    """Where the page is found that each was cut from, if anywhere."""
    if not chunks:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(ADDRESSES, ([chunk.pk for chunk in chunks],))
        return {key: url or "" for key, url in cursor.fetchall()}


def _parents(chunks: Sequence[Chunk]) -> dict[tuple[object, ...], str]:
    """The texts of the larger passages that some of the chunks are parts of: those of all their
    parts, as people left them."""
    wanted = Q()
    for chunk in chunks:
        if chunk.parent_page is not None:
            wanted |= Q(
                index_id=chunk.index_id,
                document_id=chunk.document_id,
                parent_page=chunk.parent_page,
                parent_start=chunk.parent_start,
            )
    if not wanted:
        return {}
    parts: dict[tuple[object, ...], list[Chunk]] = {}
    inside = Chunk.objects.filter(wanted, enabled=True).defer("terms", "frequencies")
    for part in inside.order_by("position"):
        parts.setdefault(_parent(part), []).append(part)
    return {parent: _context(found) for parent, found in parts.items()}


def _neighbours(chunks: Sequence[Chunk], many: int) -> dict[tuple[object, int], Chunk]:
    """Chunks by their places, with those up to ``many`` places away."""
    found: dict[tuple[object, int], Chunk] = {}
    wanted = Q()
    for chunk in chunks:
        wanted |= Q(
            index_id=chunk.index_id,
            document_id=chunk.document_id,
            position__range=(max(chunk.position - many, 0), chunk.position + many),
        )
    if wanted and many > 0:
        near = Chunk.objects.filter(wanted, enabled=True).defer("terms", "frequencies")
        found |= {_place(chunk): chunk for chunk in near}
    return found


def _hit(scored: Scored, chunk: Chunk, url: str, text: str, context: str) -> Hit:
    document, candidate = chunk.document, scored.candidate
    return Hit(
        chunk_id=chunk.pk,
        document_id=document.pk,
        base_id=document.base_id,
        title=document.name,
        url=url or document.url,
        page=chunk.page,
        start=chunk.start,
        end=chunk.end,
        found=chunk.text,
        text=text,
        context=context,
        headings=tuple(chunk.headings),
        score=scored.score,
        keyword=candidate.keyword,
        vector=candidate.vector,
        relevance=scored.relevance,
        rerank=scored.rerank,
    )


def _around(chunk: Chunk, near: dict[tuple[object, int], Chunk], many: int) -> list[Chunk]:
    """The chunk with its neighbours, in order, as far as they follow without a gap; takes them out
    of ``near``."""
    run = [chunk]
    for step in (-1, 1):
        for distance in range(1, many + 1):
            neighbour = near.pop((chunk.document_id, chunk.position + step * distance), None)
            if neighbour is None:
                break
            run.append(neighbour)
    return sorted(run, key=lambda each: each.position)


def _parent(chunk: Chunk) -> tuple[object, ...]:
    return chunk.index_id, chunk.document_id, chunk.parent_page, chunk.parent_start


def _place(chunk: Chunk) -> tuple[object, int]:
    return chunk.document_id, chunk.position


def _context(chunks: Sequence[Chunk]) -> str:
    return joined(Part(each.page, each.start, each.end, each.text) for each in chunks)
