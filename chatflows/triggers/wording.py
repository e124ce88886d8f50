"""The starts of a flow in words, for the pages of what goes live and what is live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from assistants.named import NamedStart
from chatflows.models import Schedule, Webhook
from chatflows.nodes.trigger import SCHEDULE, WEBHOOK
from chatflows.starts import next_runs, shown_in, starts_in
from chatflows.summary import starts_with
from chatflows.timetable import Timetable
from drafts.releases import configuration_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from chatflows.nodes.trigger import TriggerSettings
    from drafts.models import Entity


_CALL = """\
curl {} \\
  -H "Content-Type: application/json" \\
  -d '{{"message": "Hello"}}'"""


def going_live(entity_id: UUID, starts: Mapping[str, TriggerSettings]) -> str:
    """What deploying these starts does, as sentences."""
    return " ".join(_told(entity_id, starts))


def _told(entity_id: UUID, starts: Mapping[str, TriggerSettings]) -> Iterator[str]:
    if WEBHOOK in starts:
        webhook = Webhook.objects.filter(entity_id=entity_id).first()
        if webhook is None:
            yield _("Its webhook gets an address, which is shown after the deploy.")
        else:
            yield _("Its webhook keeps its address.")
    if SCHEDULE in starts:
        yield _("It starts by itself. %(times)s.") % {"times": next_runs(starts[SCHEDULE])}


def named_starts(starts: Mapping[str, TriggerSettings]) -> list[NamedStart]:
    """Its webhook and its schedule, as lists of flows name them."""
    named = {
        WEBHOOK: NamedStart(_("Webhook"), "webhook"),
        SCHEDULE: NamedStart(_("Schedule"), "clock"),
    }
    return [each for start, each in named.items() if start in starts]


def shown_starts(entity: Entity) -> dict[str, Any]:
    """A live flow's webhook and schedule; empty where it has neither."""
    assert entity.live_release is not None
    starts = starts_in(configuration_of(entity.live_release))
    shown: dict[str, Any] = {}
    webhook = Webhook.objects.filter(entity_id=entity.pk, enabled=True).first()
    if webhook and WEBHOOK in starts:
        is_signed = bool(starts[WEBHOOK].credential_id)
        shown |= {"webhook": webhook, "signed": is_signed, "call": _CALL.format(webhook.url)}
    schedule = Schedule.objects.filter(entity_id=entity.pk).first()
    if schedule and SCHEDULE in starts:
        shown["schedule"] = _schedule(schedule, starts[SCHEDULE])
    return shown


def _schedule(row: Schedule, settings: TriggerSettings) -> dict[str, Any]:
    timetable = Timetable(row.cron, row.timezone)
    return {
        "words": starts_with(settings),
        "next": shown_in(timetable, row.next_run_at),
        "last": shown_in(timetable, row.last_run_at) if row.last_run_at else "",
        "error": row.last_error,
    }
