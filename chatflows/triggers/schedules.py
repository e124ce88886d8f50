"""Starts flows at their set times: each time once, however many workers there are.

After the product was away only the newest time that was missed is made up for, and only within
``LATEST``; those before it are left out.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from asgiref.sync import async_to_sync
from celery import current_app
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from chatflows import occasions
from chatflows.models import Schedule
from chatflows.nodes.trigger import SCHEDULE
from chatflows.timetable import Timetable
from chatflows.triggers import unattended
from chatflows.triggers.deliveries import INTERRUPTED, LEASE
from conversations import live

if TYPE_CHECKING:
    from datetime import datetime

TASK = "chatflows.tasks.run_schedule"
LATEST = timedelta(hours=1)
SWEPT = 500


def sweep() -> None:
    """Ask workers for what is due, and tell of what was interrupted."""
    now = timezone.now()
    lost = Schedule.objects.filter(running_until__lte=now)
    lost.update(running_until=None, last_error=_(INTERRUPTED))
    due = Schedule.objects.filter(next_run_at__lte=now).order_by("next_run_at")
    for pk in due.values_list("pk", flat=True)[:SWEPT]:
        current_app.send_task(TASK, (pk,), retry=False)


def run(pk: int) -> None:
    """Run the flow if it is due and nobody else has begun."""
    row = Schedule.objects.select_related("entity").filter(pk=pk).first()
    moment = claimed(row) if row else None
    if row is None or moment is None:
        return
    asked = live.Asked(
        channel=SCHEDULE, occasion=occasions.of_schedule(moment, ZoneInfo(row.timezone))
    )
    ran = async_to_sync(unattended.run)(row.entity, asked)
    Schedule.objects.filter(pk=pk).update(running_until=None, last_error=ran.error[:500])


def claimed(row: Schedule, now: datetime | None = None) -> datetime | None:
    """The time for which to run now; None where there is none, or another worker was first."""
    now = now or timezone.now()
    if row.next_run_at > now:
        return None
    timetable = Timetable(row.cron, row.timezone)
    newest = max(timetable.last(now), row.next_run_at)
    is_late = now - newest > LATEST
    changes: dict[str, object] = {"next_run_at": timetable.after(now)}
    if is_late:
        changes["last_error"] = _("The run of %(time)s was missed.") % {
            "time": f"{timetable.local(newest):%Y-%m-%d %H:%M}"
        }
    else:
        changes |= {"last_run_at": Now(), "running_until": now + LEASE}
    # A release may have set other times since the row was read.
    as_read = {"next_run_at": row.next_run_at, "cron": row.cron, "timezone": row.timezone}
    is_ours = Schedule.objects.filter(pk=row.pk, **as_read).update(**changes)
    return newest if is_ours and not is_late else None
