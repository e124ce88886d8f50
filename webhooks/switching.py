"""Pauses and resumes webhooks, for pages and the API alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from conversations import happenings
from webhooks.finding import hold_own
from webhooks.models import Subscription
from webhooks.waking import wake
from workspaces import audit

if TYPE_CHECKING:
    from uuid import UUID

    from workspaces.access import Actor

Status = Subscription.Status


@transaction.atomic
def pause(actor: Actor, subscription_id: UUID) -> Subscription:
    """Send nothing until it is resumed. What waits is kept, what happens meanwhile is not; raises
    ``Problem`` 404."""
    found = hold_own(actor, subscription_id)
    if found.status == Status.ACTIVE:
        found.status = Status.PAUSED
        found.save(update_fields=["status", "updated_at"])
        audit.record(actor, "subscription.paused", str(found), id=str(found.pk))
    return found


@transaction.atomic
def resume(actor: Actor, subscription_id: UUID) -> Subscription:
    """Send again what happens, on behalf of the actor, to whom it belongs from now on; raises
    ``Problem`` 404."""
    happenings.follow(actor.workspace_id)
    found = hold_own(actor, subscription_id)
    if found.status != Status.ACTIVE:
        found.belongs_to(actor)
        found.begin_anew()
        found.save()
        audit.record(actor, "subscription.resumed", str(found), id=str(found.pk))
        wake()
    return found
