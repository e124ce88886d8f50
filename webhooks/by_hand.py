"""Sent by hand: an event of the log once more, or one that shows whether a receiver works."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.problems import conflict, not_found
from webhooks import samples
from webhooks.finding import find
from webhooks.models import EventDelivery, Subscription
from webhooks.waking import wake
from workspaces import audit

if TYPE_CHECKING:
    from uuid import UUID

    from workspaces.access import Actor

Status = EventDelivery.Status


def redeliver(actor: Actor, subscription_id: UUID, delivery_id: UUID) -> EventDelivery:
    """Send the event once more, as it was, from the first attempt on; raises ``Problem`` 404, or
    409 while it is being sent or where nothing is sent to its address."""
    subscription = _sent_to(actor, subscription_id)
    with transaction.atomic():
        own = subscription.deliveries.select_for_update().filter(pk=delivery_id)
        found = own.first()
        if found is None:
            raise not_found(_("There is no such delivery."))
        if found.lease_until and found.lease_until > timezone.now():
            raise conflict(_("It is being sent just now."))
        found.status, found.attempts, found.next_attempt_at = Status.PENDING, 0, timezone.now()
        found.lease_until = None
        found.save(update_fields=["status", "attempts", "next_attempt_at", "lease_until"])
        # Somebody has mended the receiver: it is not left alone any longer.
        Subscription.objects.filter(pk=subscription.pk).update(held_until=None)
        audit.record(actor, "subscription.redelivered", str(subscription), event=found.event_id)
        wake()
    return found


def send_test(actor: Actor, subscription_id: UUID) -> EventDelivery:
    """Send an example of the first event that it wants, once; raises ``Problem`` 404, 409."""
    subscription = _sent_to(actor, subscription_id)
    body = samples.test_event(subscription.events[0])
    with transaction.atomic():
        made = EventDelivery.objects.create(
            subscription=subscription,
            event_id=body["id"],
            event_type=body["type"],
            is_test=True,
            payload=orjson.dumps(body).decode(),
            next_attempt_at=timezone.now(),
        )
        Subscription.objects.filter(pk=subscription.pk).update(held_until=None)
        wake()
    return made


def _sent_to(actor: Actor, subscription_id: UUID) -> Subscription:
    found = find(actor, subscription_id)
    if not found.is_active:
        raise conflict(_("Resume the webhook first: nothing is sent while it is off."))
    return found
