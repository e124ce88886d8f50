"""The vector store in a Qdrant server: for those who outgrow the one in the database.

It holds vectors alone; which chunks there are, and which of them may be found, is the database's to
say. A server has no part in its transactions. So what is written before a transaction fails, or
what could not be deleted after it, is a vector without a chunk: it is never given, takes nobody's
place, and is deleted when a run ends (``settle``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from django.conf import settings
from django.db import connection, transaction

from knowledge.index import asking
from knowledge.index.lookup import CANDIDATES, Method
from knowledge.index.qdrant_api import NoCollectionError, configured
from knowledge.models import Chunk, Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from numpy import float32
    from numpy.typing import NDArray

    from knowledge.index.lookup import Candidate, Lookup
    from knowledge.models import Index

DOCUMENT = "document_id"
# How far the nearest are looked for where vectors without a chunk are among them.
DEPTH = 800


class Qdrant:
    """One collection for each generation of an index; the key of a point is its chunk's."""

    def write(
        self, index: Index, document_id: UUID, vectors: Sequence[tuple[int, NDArray[float32], bool]]
    ) -> None:
        payload = {DOCUMENT: str(document_id)}
        points = [(key, vector, payload) for key, vector, _enabled in vectors]
        if not points:
            return
        try:
            configured().put(_name(index), points)
        except NoCollectionError:
            configured().create(_name(index), len(points[0][1]), (DOCUMENT,))
            configured().put(_name(index), points)

    def forget(self, index: Index, document_id: UUID) -> None:
        # By their keys: whoever writes the document next has other ones.
        chunks = Chunk.objects.filter(index=index, document_id=document_id)
        gone = list(chunks.values_list("pk", flat=True))
        transaction.on_commit(lambda: configured().delete(_name(index), gone), robust=True)

    def vectors(self, index: Index, keys: Sequence[str]) -> dict[str, NDArray[float32]]:
        chunks = Chunk.objects.filter(index=index, text_hash__in=keys)
        hashes = dict(chunks.values_list("pk", "text_hash"))
        if not hashes:
            return {}
        found = configured().vectors(_name(index), list(hashes))
        return {hashes[key]: np.array(vector, np.float32) for key, vector in found.items()}

    def settle(self, index: Index) -> None:
        if not index.chunks:
            return
        server, name = configured(), _name(index)
        if server.count(name) == Chunk.objects.filter(index=index).count():
            return
        for keys in server.keys(name):
            there = Chunk.objects.filter(index=index, pk__in=keys).values_list("pk", flat=True)
            if gone := set(keys) - set(there):
                server.delete(name, sorted(gone))

    def drop(self, index: Index) -> None:
        # An operator who has parted with the server has parted with what is on it.
        if not settings.QDRANT_URL:
            return
        name = _name(index)
        if connection.in_atomic_block:
            transaction.on_commit(lambda: configured().drop(name), robust=True)
        else:
            configured().drop(name)

    def candidates(self, lookup: Lookup) -> list[Candidate]:
        if lookup.method == Method.KEYWORD or lookup.vector is None:
            return asking.candidates(lookup, ())
        cosines = _nearest(lookup)
        found = asking.candidates(lookup, list(cosines))
        rest = [each.chunk_id for each in found if each.chunk_id not in cosines]
        cosines |= _exactly(lookup, rest)
        return [replace(each, vector=cosines.get(each.chunk_id, 0.0)) for each in found]


def _name(index: Index) -> str:
    """The collection's. When the index was made tells installations apart that share a server."""
    return f"{settings.QDRANT_PREFIX}-{index.pk}-{round(index.created_at.timestamp() * 1e6)}"


def _nearest(lookup: Lookup) -> dict[int, float]:
    """The cosines of the nearest chunks that may be found, best first."""
    which = _allowed(lookup)
    if which is None:
        return {}
    limit = CANDIDATES
    while True:
        found = _ask(lookup, which, limit)
        there = Chunk.objects.filter(index=lookup.index, pk__in=found, enabled=True)
        keys = set(there.values_list("pk", flat=True))
        if len(keys) >= CANDIDATES or len(found) < limit or limit >= DEPTH:
            best = [key for key in found if key in keys][:CANDIDATES]
            return {key: found[key] for key in best}
        limit *= 2


def _exactly(lookup: Lookup, keys: Sequence[int]) -> dict[int, float]:
    """The cosines of these chunks."""
    return _ask(lookup, {"must": [{"has_id": list(keys)}]}, len(keys), exact=True) if keys else {}


def _ask(
    lookup: Lookup, which: dict[str, Any], limit: int, *, exact: bool = False
) -> dict[int, float]:
    assert lookup.vector is not None
    return configured().nearest(_name(lookup.index), lookup.vector, which, limit, exact=exact)


def _allowed(lookup: Lookup) -> dict[str, Any] | None:
    """The filter that leaves the documents that may answer; None where there are none."""
    if lookup.filters.given:
        documents = asking.documents_found_by(lookup)
        return {"must": [_is_one_of(documents)]} if documents else None
    disabled = Document.objects.filter(base=lookup.index.base_id, enabled=False)
    keys = list(disabled.values_list("pk", flat=True))
    return {"must_not": [_is_one_of(keys)]} if keys else {}


def _is_one_of(documents: Iterable[UUID]) -> dict[str, Any]:
    return {"key": DOCUMENT, "match": {"any": [str(key) for key in documents]}}
