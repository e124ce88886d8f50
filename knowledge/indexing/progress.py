"""How far a base is, read from its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, Q, Sum, Value, When
from django.utils import timezone

from common.timestamps import rfc3339
from knowledge.indexing.targets import target_of
from knowledge.models import IndexedDocument

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from knowledge.models import KnowledgeBase

Status = IndexedDocument.Status
QUEUED, INDEXING, READY, WARNINGS = "queued", "indexing", "ready", "ready_with_warnings"
FAILED, CANCELLED = "failed", "cancelled"
# So many are told one by one; ``GET …/documents`` has them all.
MOST_DOCUMENTS = 1000
COUNTS: Mapping[str, Any] = {
    "documents": Count("pk"),
    **{name: Count("pk", filter=Q(status=name)) for name in Status.values},
    "all_chunks": Sum("chunks"),
    "all_tokens": Sum("tokens"),
    "part": Sum("done"),
    "all": Sum("total"),
}
NOTHING: Mapping[str, int] = dict.fromkeys(COUNTS, 0)


def status_of(base: KnowledgeBase, counts: Mapping[str, int] | None = None) -> str:
    """``queued``, ``indexing``, ``ready``, ``ready_with_warnings``, ``failed`` or ``cancelled``."""
    found = counts if counts is not None else counts_of(base)
    if base.finished_at is None and base.started_at is not None:
        if base.stopped_at:
            return CANCELLED
        begun = found["indexing"] or found["ready"] or found["failed"]
        return INDEXING if begun else QUEUED
    if found["failed"]:
        return WARNINGS if found["ready"] else FAILED
    return READY


def counts_of(base: KnowledgeBase) -> Mapping[str, int]:
    """How many documents are in each state, with chunks and tokens of all."""
    return counts_of_each([base])[base.pk]


def counts_of_each(bases: Iterable[KnowledgeBase]) -> dict[UUID, Mapping[str, int]]:
    """``counts_of`` of each base, in one look."""
    targets = {base.pk: index.pk if (index := target_of(base)) else None for base in bases}
    rows = IndexedDocument.objects.filter(
        index__in=[key for key in targets.values() if key], document__removed_at=None
    )
    counted: Iterable[Any] = rows.values("index").annotate(**COUNTS).order_by()
    by_index = {row["index"]: row for row in counted}
    return {base_id: by_index.get(key, NOTHING) for base_id, key in targets.items()}


def progress_of(base: KnowledgeBase) -> dict[str, Any]:
    """The answer of ``GET …/progress``: the figures, and the first documents one by one."""
    documents = [as_json(row) for row in documents_of(base)[:MOST_DOCUMENTS]]
    return {**figures_of(base), "documents": documents}


def figures_of(base: KnowledgeBase) -> dict[str, Any]:
    """How far the base is as a whole."""
    counts = counts_of(base)
    status = status_of(base, counts)
    return {
        "status": status,
        "stage": _stage(status, counts),
        "percent": _percent(status, counts),
        "stats": {
            "documents": counts["documents"],
            "chunks": counts["all_chunks"],
            "tokens": counts["all_tokens"],
            "seconds": _seconds(base.started_at, base.finished_at or base.stopped_at),
        },
        "started_at": rfc3339(base.started_at) if base.started_at else None,
        "updated_at": rfc3339(base.finished_at or base.worked_at or base.updated_at),
    }


def documents_of(base: KnowledgeBase, named: str = "") -> QuerySet[IndexedDocument]:
    """The documents of the index that is being filled whose name or address holds ``named``: those
    that failed first, then in the order of their names."""
    rows = IndexedDocument.objects.filter(index=target_of(base), document__removed_at=None)
    found = rows.select_related("document").defer("document__pages")
    if named:
        found = found.filter(Q(document__name__icontains=named) | Q(document__url__icontains=named))
    failed_first = Case(When(status=Status.FAILED, then=Value(0)), default=Value(1))
    return found.order_by(failed_first, "document__name", "document__key")


def as_json(row: IndexedDocument) -> dict[str, Any]:
    """A document as the API tells it."""
    return {
        "id": str(row.document_id),
        "name": row.document.name,
        "status": row.status,
        "chunks": row.chunks,
        "error": row.error or None,
    }


def _stage(status: str, counts: Mapping[str, int]) -> str:
    if status == INDEXING:
        return "embedding" if counts["indexing"] else "chunking"
    return status


def _percent(status: str, counts: Mapping[str, int]) -> int:
    if status in (READY, WARNINGS, FAILED) or not counts["documents"]:
        return 100 if status in (READY, WARNINGS) else 0
    settled = counts["ready"] + counts["failed"]
    begun = min(counts["indexing"], 1) * counts["part"] / (counts["all"] or 1)
    whole = (settled + min(begun, 0.99)) / counts["documents"]
    return min(99, int(100 * whole))


def _seconds(since: datetime | None, until: datetime | None) -> float:
    if since is None:
        return 0.0
    return round(((until or timezone.now()) - since).total_seconds(), 1)
