"""What follows from a release for the starts of a flow: its address, and its next run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from chatflows.models import Schedule, Webhook, new_token
from chatflows.nodes.trigger import SCHEDULE, WEBHOOK
from common.timestamps import rfc3339
from workspaces import audit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatflows.nodes.trigger import TriggerSettings
    from drafts.models import Entity
    from workspaces.access import Actor

LIVE = "success"


def sync(entity: Entity, starts: Mapping[str, TriggerSettings]) -> None:
    """Write what a release with these starts asks for. Inside its transaction."""
    _sync_webhook(entity, is_wanted=WEBHOOK in starts)
    _sync_schedule(entity, starts.get(SCHEDULE))


def _sync_webhook(entity: Entity, *, is_wanted: bool) -> None:
    """The address outlives a release without such a start: those who know it may call again."""
    if is_wanted:
        Webhook.objects.update_or_create(entity_id=entity.pk, defaults={"enabled": True})
    else:
        Webhook.objects.filter(entity_id=entity.pk).update(enabled=False)


def _sync_schedule(entity: Entity, settings: TriggerSettings | None) -> None:
    """A time that has come is kept by a release with the same times: a worker is about to run."""
    if settings is None:
        Schedule.objects.filter(entity_id=entity.pk).delete()
        return
    timetable = settings.timetable
    wanted = {"cron": timetable.cron, "timezone": timetable.zone}
    if Schedule.objects.filter(entity_id=entity.pk, **wanted).exists():
        return
    next_run_at = timetable.after(timezone.now())
    Schedule.objects.update_or_create(
        entity_id=entity.pk, defaults={**wanted, "next_run_at": next_run_at}
    )


def results(entity: Entity) -> dict[str, dict[str, Any]]:
    """The starts of a live flow, for the deployment answer."""
    found: dict[str, dict[str, Any]] = {}
    if webhook := Webhook.objects.filter(entity_id=entity.pk, enabled=True).first():
        found[WEBHOOK] = {
            "status": LIVE,
            "url": webhook.url,
            "last_run_at": webhook.last_run_at and rfc3339(webhook.last_run_at),
            "error": webhook.last_error,
        }
    if schedule := Schedule.objects.filter(entity_id=entity.pk).first():
        found[SCHEDULE] = {
            "status": LIVE,
            "cron": schedule.cron,
            "timezone": schedule.timezone,
            "next_run_at": rfc3339(schedule.next_run_at),
            "last_run_at": schedule.last_run_at and rfc3339(schedule.last_run_at),
            "error": schedule.last_error,
        }
    return found


def replace_address(actor: Actor, entity: Entity) -> bool:
    """Give the webhook another address; the one before leads nowhere from then on. False where the
    flow has none."""
    rows = Webhook.objects.filter(entity_id=entity.pk, enabled=True)
    if not rows.update(token=new_token()):
        return False
    audit.record(actor, "webhook.replaced", entity.name)
    return True
