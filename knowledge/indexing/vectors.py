"""Vectors of a document's texts: those that the index has already, and new ones batch by batch."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np
from pgvector import HalfVector

from common import crash
from knowledge.beside import cuts
from knowledge.index.qdrant_api import VectorStoreError
from knowledge.index.rows import text_hash
from knowledge.index.stores import store_of
from knowledge.indexing import claims
from knowledge.models import KeptVector

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy import float32
    from numpy.typing import NDArray

    from inference.embedding import Embedder
    from knowledge.models import Index, IndexedDocument

    Vector = NDArray[float32]

logger = logging.getLogger(__name__)
# Texts between two signs of life, and what a worker that is killed does again at most.
BATCH = 16


class UnwantedError(Exception):
    """The run was stopped, or somebody else does the work."""


def vectors_of(row: IndexedDocument, texts: Sequence[str], embedder: Embedder) -> dict[str, Vector]:
    """The vector of each text, by ``text_hash``. Keeps what is new as soon as it is there; raises
    ``UnwantedError`` and the embedder's ``EmbeddingError``."""
    wanted = {text_hash(text): text for text in texts}
    found = _known(row.index, list(wanted))
    found |= _moved(row.index, [key for key in wanted if key not in found])
    missing = [key for key in wanted if key not in found]
    still_wanted = claims.renew(row, len(found), len(wanted))
    for start in range(0, len(missing), BATCH):
        if not still_wanted:
            break
        batch = missing[start : start + BATCH]
        made = embedder.embed([wanted[key] for key in batch])
        found |= dict(zip(batch, made, strict=True))
        with claims.waiting_for_no_disk():
            _keep(row.index, dict(zip(batch, made, strict=True)))
        still_wanted = claims.renew(row, len(found), len(wanted))
        crash.point("index.embedded")
    if not still_wanted:
        raise UnwantedError
    return found


def take_over(index: Index, draft_id: str, source_ids: Sequence[str]) -> None:
    """Keep for ``index`` what was embedded in a draft. Inside the release's transaction."""
    made: dict[str, Vector] = {}
    for source_id in source_ids:
        made |= cuts.vectors_of(draft_id, source_id, index.embedder)
    _keep(index, made)


def _known(index: Index, keys: Sequence[str]) -> dict[str, Vector]:
    """What the index has of them, in its chunks or beside them."""
    kept = KeptVector.objects.filter(index=index, text_hash__in=keys)
    pairs = kept.values_list("text_hash", "embedding")
    beside = {key: np.asarray(vector, dtype=np.float32) for key, vector in pairs}
    return store_of(index).vectors(index, keys) | beside


def _moved(index: Index, keys: Sequence[str]) -> dict[str, Vector]:
    """What the base's indexes in other stores have of them: texts need not be embedded again to
    move."""
    found: dict[str, Vector] = {}
    others = index.base.indexes.filter(embedder=index.embedder).exclude(store=index.store)
    for other in others if keys else ():
        try:
            found |= store_of(other).vectors(other, keys)
        except VectorStoreError:
            logger.warning("index %s cannot be read, so its texts are embedded again", other.pk)
    return found


def _keep(index: Index, vectors: Mapping[str, Vector]) -> None:
    """In the order of the keys: of two that keep the same texts, one waits for the other."""
    rows = [
        KeptVector(index=index, text_hash=key, embedding=HalfVector(vectors[key]))
        for key in sorted(vectors)
    ]
    KeptVector.objects.bulk_create(rows, ignore_conflicts=True)
