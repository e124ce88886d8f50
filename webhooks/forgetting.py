"""The log of deliveries is kept for some days, and so is what is remembered of hooks that ended."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from webhooks.models import EventDelivery, Subscription

if TYPE_CHECKING:
    from datetime import datetime

KEPT = timedelta(days=15)
# Deliveries that are deleted in one transaction, and in one go of the sweep.
BATCH, MOST = 1000, 20_000


def forget_old() -> None:
    """Delete what is older, of deliveries a bounded number."""
    before = timezone.now() - KEPT
    deleted = 0
    while deleted < MOST and (batch := _delete_batch(before)):
        deleted += batch
    ended = Subscription.objects.filter(status=Subscription.Status.ENDED, updated_at__lt=before)
    ended.delete()


@transaction.atomic
def _delete_batch(before: datetime) -> int:
    """How many were deleted; those that somebody else holds come later."""
    oldest = EventDelivery.objects.filter(created_at__lt=before).order_by("created_at")
    held = oldest.select_for_update(skip_locked=True).values_list("pk", flat=True)
    return EventDelivery.objects.filter(pk__in=list(held[:BATCH])).delete()[0]
