"""A webhook that its receiver takes nothing of, with its log."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from webhooks import subscribing
from webhooks.models import EventDelivery, Subscription
from webhooks.samples import sample
from webhooks.subscribing import Wanted

if TYPE_CHECKING:
    from workspaces.access import Actor

ADDRESS = "https://help-desk.example/webhooks/bot-0123456789"


def build(owner: Actor) -> EventDelivery:
    """The last delivery of it. Nothing of it is due, so that no worker touches it."""
    wanted = Wanted(["lead.created", "handoff.requested"], ADDRESS, name="Help desk")
    webhook = subscribing.create(owner, wanted)[0]
    now = timezone.now()
    row = Subscription.objects.filter(pk=webhook.pk)
    row.update(failures=1, failing_since=now, held_until=now + timedelta(hours=1))
    body = sample("lead.created")
    return EventDelivery.objects.create(
        subscription=webhook,
        event_id=body["id"],
        event_type="lead.created",
        payload=json.dumps(body),
        attempts=3,
        response_status=503,
        excerpt='{"error": "The help desk is being updated. Come back in a few minutes."}',
        error="The receiver answered 503.",
        duration_ms=412,
        attempted_at=now,
        next_attempt_at=now + timedelta(hours=2),
    )


def pages(workspace: str, delivery: EventDelivery) -> dict[str, str]:
    one = [workspace, delivery.subscription_id]
    return {
        "webhooks": reverse("webhooks:webhooks", args=[workspace]),
        "webhook-new": reverse("webhooks:new", args=[workspace]),
        "webhook": reverse("webhooks:webhook", args=one),
        "webhook-change": reverse("webhooks:change", args=one),
        "webhook-delivery": reverse("webhooks:delivery", args=[*one, delivery.pk]),
    }
