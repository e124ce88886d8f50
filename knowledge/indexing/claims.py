"""Who is at work on which base and which document of it: taken, renewed, given back."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from common import leases
from knowledge.models import IndexedDocument, KnowledgeBase

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from uuid import UUID

    from django.db.models import QuerySet

    from common.leases import Lease
    from knowledge.models import Index

Status = IndexedDocument.Status
# Of a base that nobody works on any more, a document that was begun is left alone for so long.
LEASE = timedelta(seconds=60)
# After so many attempts at the same text it has failed.
MOST_FAILURES = 5


def held(base_id: UUID) -> AbstractContextManager[Lease | None]:
    """Be the one who works on the base while the block runs; None while somebody else does."""
    return leases.lease(_lease(base_id))


def is_held(base_id: UUID) -> bool:
    """Whether somebody works on the base."""
    return leases.is_taken(_lease(base_id))


def _lease(base_id: UUID) -> str:
    return f"kb:base:{base_id}:indexing"


def waiting(index: Index) -> QuerySet[IndexedDocument]:
    """Documents that are not yet in ``index`` as they should be, and have not failed for good."""
    current = Q(document__removed_at=None) & ~Q(fingerprint=F("document__fingerprint"))
    return IndexedDocument.objects.filter(current, index=index).exclude(status=Status.FAILED)


def claim(index: Index) -> IndexedDocument | None:
    """A document to work on that nobody else has, as it is now; None when there is none just now.
    One that too many workers were lost over has failed."""
    while True:
        with transaction.atomic():
            row = _free(index).select_for_update(of=("self",), skip_locked=True).first()
            if row is None:
                return None
            if row.status == Status.INDEXING:
                _interrupted(row)
            if row.status != Status.FAILED:
                row.status, row.leased_until = Status.INDEXING, timezone.now() + LEASE
                row.done = row.total = 0
            row.save()
        if row.status != Status.FAILED:
            return row


def _free(index: Index) -> QuerySet[IndexedDocument]:
    free = waiting(index).filter(Q(leased_until=None) | Q(leased_until__lt=timezone.now()))
    return free.select_related("index__base", "document").order_by("pk")


def _interrupted(row: IndexedDocument) -> None:
    """Whoever had it is gone without a word, perhaps because of it."""
    is_again = row.tried == row.document.fingerprint
    row.failures = row.failures + 1 if is_again else 1
    row.tried = row.document.fingerprint
    if row.failures >= MOST_FAILURES:
        row.status, row.leased_until = Status.FAILED, None
        words = _("Indexing it was interrupted %(count)d times.")
        row.error = words % {"count": row.failures}


def mine(row: IndexedDocument) -> QuerySet[IndexedDocument]:
    """The row as long as whoever claimed it has it: no release asked for it anew, and nobody else
    has it."""
    return IndexedDocument.objects.filter(pk=row.pk, leased_until=row.leased_until)


def renew(row: IndexedDocument, done: int, total: int) -> bool:
    """Say that somebody is at work, and how far; False when the work is not wanted any more: it
    was stopped, or somebody else has it. Not in a transaction: the base is locked after the row."""
    now = timezone.now()
    wanted = mine(row).filter(document__removed_at=None, index__base__stopped_at=None)
    until = now + LEASE
    with waiting_for_no_disk():
        if not IndexedDocument.objects.filter(pk__in=wanted.values("pk")).update(
            leased_until=until, done=done, total=total
        ):
            return False
    row.leased_until = until
    with waiting_for_no_disk():
        KnowledgeBase.objects.filter(pk=row.index.base_id).update(worked_at=now)
    return True


@contextmanager
def waiting_for_no_disk() -> Iterator[None]:
    """A transaction for what is made again if the database itself should die a moment later."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")
        yield


def let_go(row: IndexedDocument) -> None:
    """Leave the document to whoever comes next."""
    mine(row).update(status=Status.WAITING, leased_until=None)
