"""What workers do for chatflows. Every task may run twice, and may be lost: the sweep comes by.

Runs take as long as a minute, and a worker has few threads, which channels need too: of one worker
only some are ever busy with them, and workspaces share them evenly. What finds none free is asked
for by the next sweep.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from asgiref.sync import async_to_sync
from celery import shared_task

from chatflows.models import Delivery, Schedule
from chatflows.triggers import deliveries, running, schedules, webhook
from common.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable

# Threads of one worker that run flows, and how many of them one workspace has.
AT_ONCE, EACH = 4, 2
_threads = Turns(AT_ONCE, EACH)


@shared_task
def sweep() -> None:
    """Start what is due, and what a crash or a lost message left waiting."""
    schedules.sweep()
    deliveries.sweep()


@shared_task
def run_schedule(pk: int) -> None:
    """Run one flow whose time has come."""
    entities = Schedule.objects.filter(pk=pk).values_list("entity__workspace_id", flat=True)
    _in_turn(entities.first(), f"schedule {pk}", lambda: schedules.run(pk))


@shared_task
def deliver(delivery_id: str) -> None:
    """Run one call of a webhook that was answered already."""
    pk = UUID(delivery_id)
    owners = Delivery.objects.filter(pk=pk).values_list("webhook__entity__workspace_id", flat=True)
    _in_turn(owners.first(), delivery_id, lambda: _deliver(pk))


def _deliver(pk: UUID) -> None:
    row = deliveries.begun(pk)
    if row is None:
        return
    asked = webhook.asked_of(**row.payload, session_id=row.session_id)
    ran = async_to_sync(running.run)(row.webhook.entity, asked)
    webhook.note(row.webhook, row, ran)


def _in_turn(owner: UUID | None, name: str, act: Callable[[], None]) -> None:
    if owner is None or not _threads.take(name, str(owner)):
        return
    try:
        act()
    finally:
        _threads.end(str(owner))
