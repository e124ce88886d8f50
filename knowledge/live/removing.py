"""Deletes a base: hidden at once, and then removed piece by piece in the background.

Nothing of a hidden base changes any more but that it gets less, so whoever dies over it is followed
by another that goes on; the sweep sees to that. No piece keeps anybody waiting.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from celery import current_app
from django.db import transaction
from django.utils import timezone

from common import crash
from drafts import entities
from knowledge.index import hnsw
from knowledge.index.dropping import drop_index
from knowledge.index.qdrant_api import VectorStoreError
from knowledge.indexing import claims
from knowledge.locking import hold_base
from knowledge.models import (
    Document,
    DocumentText,
    Index,
    KnowledgeBase,
    ReleasedDocument,
    SourceRefresh,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from django.db.models import QuerySet

    from drafts.models import Entity

logger = logging.getLogger(__name__)
TASK = "knowledge.tasks.remove"
# Seconds that one task works before it lets others have the worker's thread.
SLICE = 45.0
# Documents and texts that one transaction deletes: their pages may be long.
AT_ONCE = 200


def begin(entity: Entity) -> None:
    """Hide the base, and have it removed. Inside the transaction that deletes it."""
    base_id = entity.pk
    # Whoever is indexing sees that it is stopped before the next batch of texts.
    KnowledgeBase.objects.filter(pk=base_id).update(
        stopped_at=timezone.now(), live_index=None, next_index=None
    )
    SourceRefresh.objects.filter(base=base_id).delete()
    entities.hide(entity)
    transaction.on_commit(lambda: wake(base_id))


def wake(base_id: UUID) -> None:
    """Tell a worker; may be lost, the sweep comes by."""
    current_app.send_task(TASK, (str(base_id),), retry=False)


def run(base_id: UUID) -> None:
    """Remove what the base held for a while, and call the next one if more is left. In a worker;
    may be run twice, or be killed."""
    with claims.held(base_id) as mine:
        try:
            done = mine is None or _remove(base_id, time.monotonic() + SLICE)
        except VectorStoreError as error:
            logger.warning("base %s is left to the sweep: %s", base_id, error)
            done = True
    if not done:
        wake(base_id)


def sweep() -> int:
    """Wake a worker for every base that is hidden and still there; gives how many there are."""
    hidden = KnowledgeBase.with_deleted.filter(deleted_at__isnull=False)
    bases = list(hidden.values_list("pk", flat=True))
    for base_id in bases:
        wake(base_id)
    return len(bases)


def _remove(base_id: UUID, deadline: float) -> bool:
    """Whether all of it is gone."""
    base = KnowledgeBase.with_deleted.filter(pk=base_id, deleted_at__isnull=False).first()
    if base is None:
        return True
    for index in Index.objects.filter(base=base):
        if not drop_index(index, deadline):
            return False
    for _step in _emptied(base):
        crash.point("base.removing")
        if time.monotonic() > deadline:
            return False
    with transaction.atomic():
        if held := hold_base(base_id):
            held.delete()
    hnsw.drop_leftovers()
    return True


def _emptied(base: KnowledgeBase) -> Iterator[None]:
    """Deletes what the base holds beside its indexes, some of it at each step."""
    held: tuple[QuerySet[Any], ...] = (
        ReleasedDocument.objects.filter(release__entity=base.pk),
        Document.objects.filter(base=base),
        DocumentText.objects.filter(base=base),
    )
    for rows in held:
        while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
            rows.model.objects.filter(pk__in=keys).delete()
            yield
