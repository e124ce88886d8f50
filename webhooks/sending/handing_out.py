"""Hands deliveries that are due to workers: few at once, and in turn.

A receiver may take long to answer. So of the threads that a worker has, which channels need too,
some are left to others. The workspace that has the fewest of them comes first, then the one that
was served the longest ago, and of its receivers whoever was sent to the longest ago; one that fails
is asked by one event at a time. What is handed out has a lease; a worker that dies is followed by
another one when it is over.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from celery import current_app
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from webhooks.models import EventDelivery, Subscription
from webhooks.sending.schedule import MOST_ATTEMPTS

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import OrderBy, QuerySet

TASK = "webhooks.tasks.deliver"
MOST_AT_ONCE, MOST_OF_ONE = 4, 2
# Longer than an attempt may take, and than it may wait for a thread.
LEASE = timedelta(seconds=90)
PENDING = EventDelivery.Status.PENDING


def hand_out() -> None:
    """Start as many as there is room for."""
    now = timezone.now()
    for _ in range(MOST_AT_ONCE - _leased(now).count()):
        claimed = _claimed(now)
        if claimed is None:
            return
        pk, attempts = claimed
        current_app.send_task(TASK, (str(pk), attempts + 1), retry=False)


def _claimed(now: datetime) -> tuple[UUID, int] | None:
    """The next delivery with a lease on it; None when none is due."""
    for subscription_id in _ready(now).values_list("pk", flat=True)[:MOST_AT_ONCE]:
        due = _due(now).filter(subscription=subscription_id).order_by("next_attempt_at")
        for pk, attempts in due.values_list("pk", "attempts")[:MOST_AT_ONCE]:
            # Another may be doing the same.
            if _due(now).filter(pk=pk).update(lease_until=timezone.now() + LEASE):
                Subscription.objects.filter(pk=subscription_id).update(last_attempt_at=now)
                return pk, attempts
    return None


def _ready(now: datetime) -> QuerySet[Subscription]:
    """Subscriptions that something is due for and that have room, in turn."""
    own = {"subscription": OuterRef("pk")}
    same = Subscription.objects.filter(
        workspace=OuterRef("workspace"), last_attempt_at__isnull=False
    )
    found = Subscription.objects.told().annotate(
        busy=_count(now, "subscription", "pk"),
        crowd=_count(now, "subscription__workspace", "workspace"),
        # Whoever has many receivers, or new ones all the time, is not more often served for it.
        served_at=Subquery(same.order_by("-last_attempt_at").values("last_attempt_at")[:1]),
    )
    return found.filter(
        Q(held_until=None) | Q(held_until__lte=now),
        Q(busy__lt=1) | Q(busy__lt=MOST_OF_ONE, failures=0),
        Exists(_due(now).filter(**own)),
    ).order_by("crowd", _longest_ago("served_at"), "busy", _longest_ago("last_attempt_at"))


def _longest_ago(moment: str) -> OrderBy:
    return F(moment).asc(nulls_first=True)


def _count(now: datetime, whose: str, outer: str) -> Coalesce:
    """How many deliveries workers have that have the same ``whose`` as a row has ``outer``."""
    same = _leased(now).filter(**{whose: OuterRef(outer)}).values(whose)
    return Coalesce(Subquery(same.annotate(many=Count("pk")).values("many")), 0)


def _leased(now: datetime) -> QuerySet[EventDelivery]:
    return EventDelivery.objects.filter(status=PENDING, lease_until__gt=now)


def _due(now: datetime) -> QuerySet[EventDelivery]:
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    return EventDelivery.objects.filter(
        free, status=PENDING, next_attempt_at__lte=now, attempts__lt=MOST_ATTEMPTS
    )
