"""What workers do for flows. Every task may run twice, and may be lost: whoever looks at what it is
for has it sent again.

Runs take as long as a minute, and a worker has few threads, which channels need too: of one worker
only some are ever busy with them, and workspaces share them evenly.
"""

from __future__ import annotations

from functools import partial
from uuid import UUID

from asgiref.sync import async_to_sync
from celery import shared_task

from chatflows.cases import batch
from chatflows.models import Delivery, Schedule
from chatflows.triggers import deliveries, schedules, unattended, webhook
from common.turns import Turns, in_turn

# Threads of one worker that play test cases, and how many of them one workspace has; then of those
# that run flows.
_players = Turns(2, 1)
_threads = Turns(4, 2)


@shared_task
def play_cases(workspace_id: str, draft_id: str, attempt: str) -> None:
    """Play the test cases of a draft."""
    act = partial(batch.run, UUID(workspace_id), draft_id, attempt)
    in_turn(_players, workspace_id, act, batch.TASK, workspace_id, draft_id, attempt)


@shared_task
def sweep() -> None:
    """Start what is due, and what a crash or a lost message left waiting."""
    schedules.sweep()
    deliveries.sweep()


@shared_task
def run_schedule(pk: int) -> None:
    """Run one flow whose time has come."""
    owners = Schedule.objects.filter(pk=pk).values_list("entity__workspace_id", flat=True)
    if owner := owners.first():
        in_turn(_threads, str(owner), partial(schedules.run, pk), run_schedule.name, pk)


@shared_task
def deliver(delivery_id: str) -> None:
    """Run one call of a webhook that was answered already."""
    pk = UUID(delivery_id)
    owners = Delivery.objects.filter(pk=pk).values_list("webhook__entity__workspace_id", flat=True)
    if owner := owners.first():
        in_turn(_threads, str(owner), partial(_deliver, pk), deliver.name, delivery_id)


def _deliver(pk: UUID) -> None:
    row = deliveries.begun(pk)
    if row is None:
        return
    asked = webhook.asked_of(**row.payload, session_id=row.session_id)
    ran = async_to_sync(unattended.run)(row.webhook.entity, asked)
    webhook.note(row.webhook, row, ran)
