"""What ends a run: removed documents go, a new index takes the place of the live one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from common import crash
from knowledge.index.dropping import drop_index
from knowledge.index.stores import store_of
from knowledge.index.writing import remove_document
from knowledge.indexing import claims
from knowledge.indexing.targets import target_of
from knowledge.locking import GoneError, hold_base, hold_indexes
from knowledge.models import Document, Index, IndexedDocument, KeptVector, KnowledgeBase

if TYPE_CHECKING:
    from uuid import UUID

Status = IndexedDocument.Status
GRACE = timedelta(minutes=1)


def take_out_removed(base: KnowledgeBase) -> None:
    """Delete the documents that a release left out, from the indexes first."""
    removed = Document.objects.filter(base=base, removed_at__isnull=False)
    for key in removed.values_list("pk", flat=True):
        with transaction.atomic():
            # A release that came meanwhile may have brought it back.
            document = removed.filter(pk=key).defer("pages").select_for_update().first()
            if document is None:
                continue
            for index in base.indexes.all():  # the newest first
                try:
                    remove_document(index, document.pk)
                except GoneError:
                    continue
            document.delete()


def finish(base: KnowledgeBase, index: Index, deadline: float) -> bool:
    """End the run if nothing is left; whether something can be done at once. What takes long
    stops at the ``deadline`` (of ``time.monotonic``)."""
    if claims.waiting(index).exists():
        return False  # being done elsewhere, or to be tried again later: the sweep comes by
    index.refresh_from_db()
    store_of(index).settle(index)
    if not _ended(base, index):
        return True
    return not _drop_others(base, deadline)


def _ended(base: KnowledgeBase, index: Index) -> bool:
    """End the run; False where a release has come meanwhile, whose documents are to be indexed.
    Releases hold the base too."""
    with transaction.atomic():
        held = KnowledgeBase.objects.select_for_update(of=("self",)).filter(pk=base.pk).first()
        if held is None:  # deleted meanwhile
            return True
        if target_of(held) != index or claims.waiting(index).exists():
            return False
        if held.next_index_id == index.pk and not _is_poorer(held, index):
            Index.objects.filter(pk=held.live_index_id or 0).update(retired_at=timezone.now())
            held.live_index, held.next_index = index, None
        if held.finished_at is None:
            held.finished_at = timezone.now()
        held.save(update_fields=["live_index", "next_index", "finished_at"])
        KeptVector.objects.filter(index=index).delete()
        crash.point("index.switched")
        return True


def _is_poorer(base: KnowledgeBase, index: Index) -> bool:
    """Whether a document that answers now would be missing."""
    failed = IndexedDocument.objects.filter(index=index, status=Status.FAILED)
    live = IndexedDocument.objects.filter(index=base.live_index, status=Status.READY)
    return live.filter(document__in=failed.values("document")).exists()


def _drop_others(base: KnowledgeBase, deadline: float) -> bool:
    """Drop the generations that neither answer nor grow; whether all of them are gone. One that
    answered until a moment ago is left for whoever has just begun to ask it."""
    held = KnowledgeBase.objects.filter(pk=base.pk).first()
    if held is None:  # deleted meanwhile
        return True
    others = held.indexes.exclude(pk__in=[held.live_index_id or 0, held.next_index_id or 0])
    retired = others.exclude(retired_at__gt=timezone.now() - GRACE)
    return all(drop_index(index, deadline) for index in retired)


def drop_all(base_id: UUID) -> None:
    """Drop every index of a base that is being deleted. Inside the transaction that does it."""
    hold_base(base_id)
    KnowledgeBase.objects.filter(pk=base_id).update(live_index=None, next_index=None)
    for index in hold_indexes(base_id):
        drop_index(index)
