"""Calls of webhooks that are begun once: those that have a name, and those that are answered before
they run."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from celery import current_app
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chatflows.models import Delivery, Webhook
from common.problems import Problem, conflict, invalid, too_many

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from chatflows.triggers.calls import Call
    from chatflows.triggers.unattended import Ran

TASK = "chatflows.tasks.deliver"
Status = Delivery.Status
# Longer than any run may take, and how long what became of one is remembered.
LEASE, KEPT = timedelta(minutes=3), timedelta(days=1)
MOST_WAITING = 200
SWEPT = 200
INTERRUPTED = "The run was interrupted. It is not begun again."


def taken(
    webhook: Webhook, call: Call, session_id: str, *, status: str, payload: Mapping[str, Any]
) -> tuple[Delivery, bool]:
    """The delivery of ``call``, and whether it is a new one. Raises ``Problem`` 409 while the same
    call runs, 422 where its name was given to another one, 429 where too many wait."""
    wanted = {
        "fingerprint": call.fingerprint,
        "session_id": session_id,
        "status": status,
        "payload": payload,
        "lease_until": timezone.now() + LEASE if status == Status.RUNNING else None,
    }
    with transaction.atomic():
        if status == Status.WAITING:
            _refuse_too_many(webhook)
        if not call.key:
            return Delivery.objects.create(webhook=webhook, **wanted), True
        row, is_new = Delivery.objects.get_or_create(webhook=webhook, key=call.key, defaults=wanted)
    if not is_new:
        _refuse_other(row, call)
    return row, is_new


def _refuse_too_many(webhook: Webhook) -> None:
    waiting = webhook.deliveries.filter(status=Status.WAITING)[:MOST_WAITING].count()
    if waiting >= MOST_WAITING:
        raise too_many(_("Too many calls wait for their turn."), retry_after=60)


def _refuse_other(row: Delivery, call: Call) -> None:
    if row.fingerprint != call.fingerprint:
        raise invalid(_("Another call had the same name. Give each one of its own."))
    if row.status == Status.RUNNING and row.lease_until and row.lease_until > timezone.now():
        found = conflict(_("The same call is still running."))
        found.headers["Retry-After"] = "5"
        raise found


def begun(delivery_id: UUID) -> Delivery | None:
    """A delivery that waited, now this one's to run; None where another has it, or it is gone."""
    waiting = Delivery.objects.filter(pk=delivery_id, status=Status.WAITING)
    if not waiting.update(status=Status.RUNNING, lease_until=timezone.now() + LEASE):
        return None
    rows = Delivery.objects.select_related("webhook__entity")
    return rows.filter(pk=delivery_id).first()


def ended(row: Delivery, ran: Ran) -> None:
    """Keep what became of it. What was refused before it began may be sent again."""
    if not ran.began and row.answer is None:
        row.delete()
        return
    status, answer = answer_of(ran)
    changes: dict[str, Any] = {"status": Status.DONE, "payload": {}, "lease_until": None}
    if row.answer is None:
        changes |= {"answer_status": status, "answer": answer}
    Delivery.objects.filter(pk=row.pk).update(**changes)


def answer_of(ran: Ran) -> tuple[int, dict[str, Any]]:
    """The status and body that a sender gets."""
    if ran.problem is not None:
        return ran.problem.status, ran.problem.body()
    return 200, ran.answer or {}


def kept(row: Delivery) -> tuple[int, dict[str, Any]]:
    """What the sender of a delivery got that is not running any more."""
    return (row.answer_status, row.answer or {}) if row.answer_status else interrupted()


def interrupted() -> tuple[int, dict[str, Any]]:
    """The same for a run that nobody heard the end of."""
    problem = Problem(502, "Interrupted", str(_(INTERRUPTED)), "interrupted")
    return problem.status, problem.body()


def start(delivery_id: UUID) -> None:
    """Hand one to a worker, once it is written. May be lost, or come to nothing while workers
    cannot be told: the sweep finds the same row."""

    def send() -> None:
        current_app.send_task(TASK, (str(delivery_id),), retry=False)

    transaction.on_commit(send, robust=True)


def sweep() -> None:
    """Start what waits, tell of what was interrupted, and forget what is old."""
    now = timezone.now()
    waiting = Delivery.objects.filter(status=Status.WAITING).order_by("created_at")
    for pk in waiting.values_list("pk", flat=True)[:SWEPT]:
        start(pk)
    lost = Delivery.objects.filter(status=Status.RUNNING, lease_until__lte=now)
    for row in lost.select_related("webhook")[:SWEPT]:
        status, answer = interrupted()
        changes: dict[str, Any] = {"status": Status.DONE, "payload": {}, "lease_until": None}
        if row.answer is None:
            changes |= {"answer_status": status, "answer": answer}
        if lost.filter(pk=row.pk).update(**changes):
            Webhook.objects.filter(pk=row.webhook_id).update(last_error=_(INTERRUPTED))
    Delivery.objects.filter(status=Status.DONE, created_at__lt=now - KEPT).delete()
