"""A worker's part: takes document after document, embeds what is new, writes chunks."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from celery import current_app
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common import crash
from inference.embedding import EmbeddingError
from knowledge.embedding import embedder_of
from knowledge.index.qdrant_api import VectorStoreError
from knowledge.index.writing import replace_document
from knowledge.indexing import claims, finishing
from knowledge.indexing.chunks import rows_of
from knowledge.indexing.targets import target_of
from knowledge.indexing.vectors import UnwantedError
from knowledge.locking import GoneError
from knowledge.models import IndexedDocument, KnowledgeBase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from common.leases import Lease
    from inference.embedding import Embedder
    from knowledge.index.rows import Row
    from knowledge.models import Index

logger = logging.getLogger(__name__)
Status = IndexedDocument.Status
TASK = "knowledge.tasks.index"
# Seconds that one task works before it lets others have the worker's thread.
SLICE = 45.0
LONGEST_PAUSE = timedelta(minutes=5)


def wake(base_id: UUID) -> None:
    """Tell a worker that there is something to do; may be lost, the sweep finds it."""
    current_app.send_task(TASK, (str(base_id),), retry=False)


def run(base_id: UUID) -> None:
    """Work on the base for a while, and call the next one if more is left. In a worker."""
    with claims.held(base_id) as mine:
        try:
            more = mine is not None and _work(base_id, mine, time.monotonic() + SLICE)
        except VectorStoreError as error:
            logger.warning("base %s is left to the sweep: %s", base_id, error)
            more = False
    if more:
        wake(base_id)


def _work(base_id: UUID, mine: Lease, deadline: float) -> bool:
    """Whether something is left that can be done at once."""
    while mine.is_mine and time.monotonic() < deadline:
        bases = KnowledgeBase.objects.select_related("live_index", "next_index")
        base = bases.filter(pk=base_id).first()
        if base is None:  # deleted meanwhile
            return False
        finishing.take_out_removed(base)
        index = target_of(base)
        if index is None or base.stopped_at:
            return False
        row = claims.claim(index)
        if row is None:
            return finishing.finish(base, index, deadline)
        _carry_out(row)
    return True


def _carry_out(row: IndexedDocument) -> None:
    """Index one document; whatever goes wrong is noted with it."""
    try:
        _index(row, _embedder(row.index))
    except (UnwantedError, GoneError):
        claims.let_go(row)
    except EmbeddingError as error:
        _failed(row, str(error), permanent=error.permanent, after=error.retry_after)
    except Exception:
        # Whatever it was: the other documents are not to wait for this one.
        logger.exception("indexing document %s failed", row.document_id)
        _failed(row, _("Something went wrong on our side."))


def _embedder(index: Index) -> Embedder:
    """The index's embedder; how long its vectors are is known from here on."""
    embedder = embedder_of(index)
    if index.dimensions != embedder.dimensions:
        index.dimensions = embedder.dimensions
        index.save(update_fields=["dimensions"])
    return embedder


def _index(row: IndexedDocument, embedder: Embedder) -> None:
    crash.point("index.claimed")
    write(row, rows_of(row, embedder))
    crash.point("index.committed")


def write(row: IndexedDocument, rows: Sequence[Row]) -> None:
    """Make ``rows`` the document's chunks, all or nothing; raises ``UnwantedError`` where the
    document is not this worker's any more."""
    with transaction.atomic():
        replace_document(row.index, row.document, rows)
        is_done = claims.mine(row).update(
            status=Status.READY,
            fingerprint=row.document.fingerprint,
            tried="",
            failures=0,
            error="",
            chunks=len(rows),
            tokens=sum(each.tokens for each in rows),
            done=len(rows),
            total=len(rows),
            leased_until=None,
            updated_at=timezone.now(),
        )
        if not is_done:
            raise UnwantedError
        crash.point("index.written")


def _failed(
    row: IndexedDocument, words: str, *, permanent: bool = False, after: int | None = None
) -> None:
    """Note the failure; try again later unless that would not help or was tried often enough."""
    again = row.tried == row.document.fingerprint
    failures = row.failures + 1 if again else 1
    over = permanent or failures >= claims.MOST_FAILURES
    pause = min(timedelta(seconds=after or 2**failures), LONGEST_PAUSE)
    claims.mine(row).update(
        status=Status.FAILED if over else Status.WAITING,
        error=words[:500],
        tried=row.document.fingerprint,
        failures=failures,
        leased_until=None if over else timezone.now() + pause,
        updated_at=timezone.now(),
    )


def retry(index: Index, document_id: UUID) -> bool:
    """Try a document again that failed; False when it has not."""
    failed = IndexedDocument.objects.filter(
        index=index, document_id=document_id, status=Status.FAILED
    )
    found = failed.update(status=Status.WAITING, failures=0, error="", leased_until=None)
    if found:
        KnowledgeBase.objects.filter(pk=index.base_id).update(
            finished_at=None, stopped_at=None, started_at=timezone.now()
        )
        wake(index.base_id)
    return bool(found)


def sweep() -> int:
    """Wake a worker for every base that nobody works on although something is left; gives how many
    there were."""
    left = KnowledgeBase.objects.filter(started_at__isnull=False, finished_at=None, stopped_at=None)
    removed = KnowledgeBase.objects.filter(documents__removed_at__isnull=False)
    retired = KnowledgeBase.objects.filter(
        indexes__retired_at__lt=timezone.now() - finishing.GRACE, finished_at__isnull=False
    )
    bases = {
        key for found in (left, removed, retired) for key in found.values_list("pk", flat=True)
    }
    alone = [base_id for base_id in bases if not claims.is_held(base_id)]
    for base_id in alone:
        wake(base_id)
    return len(alone)


def stop(base: KnowledgeBase) -> bool:
    """End the run where it is; what is indexed stays. False when nothing runs."""
    running = KnowledgeBase.objects.filter(
        pk=base.pk, started_at__isnull=False, finished_at=None, stopped_at=None
    )
    return bool(running.update(stopped_at=timezone.now()))
