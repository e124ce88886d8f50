"""Carries out one delivery that was handed out, and keeps what came of it.

An attempt is begun once, whoever is told to twice. A worker that stood still for longer than its
lease keeps nothing over what another has done since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asgiref.sync import async_to_sync
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from webhooks import ending
from webhooks.models import EventDelivery, Subscription
from webhooks.sealed import values_of
from webhooks.sending.attempt import Attempt, attempt
from webhooks.sending.handing_out import LEASE
from webhooks.sending.schedule import GIVEN_UP_AFTER, MOST_ATTEMPTS, hold_after, wait_after

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

Status = EventDelivery.Status


def deliver(delivery_id: UUID, number: int) -> None:
    """The attempt of that ``number``, unless it was begun before."""
    row = _begun(delivery_id, number)
    if row is None:
        return
    found = _attempted(row)
    if not _kept(row, found):
        return
    if found.is_gone:
        ending.end(row.subscription_id, Subscription.Reason.GONE)
    elif not row.is_test:
        _note(row.subscription, found)


def _begun(delivery_id: UUID, number: int) -> EventDelivery | None:
    waiting = EventDelivery.objects.filter(
        pk=delivery_id,
        status=Status.PENDING,
        attempts=number - 1,
        subscription__in=Subscription.objects.told(),
    )
    now = timezone.now()
    if not waiting.update(attempts=number, lease_until=now + LEASE, attempted_at=now):
        EventDelivery.objects.filter(pk=delivery_id, attempts=number - 1).update(lease_until=None)
        return None
    rows = EventDelivery.objects.select_related("subscription")
    return rows.filter(pk=delivery_id, attempts=number).first()


def _attempted(row: EventDelivery) -> Attempt:
    try:
        values = values_of(row.subscription)
    except LookupError:
        words = _("The address cannot be read: the server's encryption keys have changed.")
        return Attempt(error=words, permanent=True)
    return async_to_sync(attempt)(values, row.event_id, row.payload)


def _kept(row: EventDelivery, found: Attempt) -> bool:
    """Write down what came of the attempt; whether it was still this worker's to say."""
    changes: dict[str, Any] = {
        "response_status": found.status,
        "excerpt": found.excerpt,
        "error": found.error[:300],
        "duration_ms": found.duration_ms,
        "lease_until": None,
    }
    again = None if found.is_taken else _again(row, found)
    if again is not None:
        changes |= {"next_attempt_at": again}
    else:
        ended = Status.SENT if found.is_taken else Status.FAILED
        changes |= {"status": ended, "next_attempt_at": None}
    own = EventDelivery.objects.filter(pk=row.pk, status=Status.PENDING, attempts=row.attempts)
    return bool(own.update(**changes))


def _again(row: EventDelivery, found: Attempt) -> datetime | None:
    """When to try again; None when it was tried for the last time."""
    if found.permanent or found.is_gone or row.is_test:
        return None
    wait = wait_after(row.attempts, found.retry_after)
    return timezone.now() + wait if wait is not None else None


def _note(row: Subscription, found: Attempt) -> None:
    """How the receiver is doing."""
    own, now = Subscription.objects.filter(pk=row.pk), timezone.now()
    if found.is_taken:
        if row.failures or row.failing_since:
            own.update(failures=0, failing_since=None, held_until=None)
        return
    hold = hold_after(row.failures + 1, found.retry_after)
    own.update(failures=F("failures") + 1, held_until=now + hold)
    own.filter(failing_since=None).update(failing_since=now)
    if own.filter(failing_since__lte=now - GIVEN_UP_AFTER).exists():
        ending.end(row.pk, Subscription.Reason.FAILING)


def give_up_interrupted() -> None:
    """Say of those whose last attempt nobody heard the end of that they failed."""
    lost = EventDelivery.objects.filter(
        status=Status.PENDING, attempts__gte=MOST_ATTEMPTS, lease_until__lte=timezone.now()
    )
    lost.update(
        status=Status.FAILED,
        error=_("The last attempt was interrupted."),
        next_attempt_at=None,
        lease_until=None,
    )
