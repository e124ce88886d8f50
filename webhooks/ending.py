"""Ends subscriptions: by a person, by Zapier, by the receiver, and with what they belonged to.

What ends by itself stays, switched off, and says why. A hook of Zapier's goes where it cannot come
back; that it was there is remembered for a while. Deliveries are changed before what they belong
to, as where a bot is deleted with all of it: of two, neither holds what the other waits for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.problems import not_found
from webhooks.finding import find
from webhooks.models import EventDelivery, Subscription
from workspaces import audit

if TYPE_CHECKING:
    from uuid import UUID

    from workspaces.access import Actor

Source, Status, Reason = Subscription.Source, Subscription.Status, Subscription.Reason


@transaction.atomic
def delete(actor: Actor, subscription_id: UUID) -> None:
    """Delete it with its log; raises ``Problem`` 404."""
    found = find(actor, subscription_id)
    audit.record(actor, "subscription.deleted", str(found), id=str(found.pk))
    if found.is_zapier:
        _forget(found)
    else:
        found.delete()


@transaction.atomic
def unhook(actor: Actor, hook_id: UUID) -> None:
    """End what Zapier asked for; nothing happens where that was done. Raises ``Problem`` 404."""
    own = Subscription.objects.filter(workspace=actor.workspace_id, source=Source.ZAPIER)
    found = own.filter(pk=hook_id).first()
    if found is None:
        raise not_found(_("There is no such hook."))
    if found.status != Status.ENDED:
        audit.record(actor, "subscription.deleted", str(found), id=str(found.pk))
        _forget(found)


@transaction.atomic
def end(subscription_id: UUID, reason: str) -> None:
    """It ends by itself; safe to run twice."""
    going_on = Subscription.objects.filter(status__in=(Status.ACTIVE, Status.PAUSED))
    found = going_on.filter(pk=subscription_id).first()
    if found is None:
        return
    if found.is_zapier and reason != Reason.FAILING:
        _forget(found)
        return
    waiting = found.deliveries.filter(status=EventDelivery.Status.PENDING)
    waiting.update(
        status=EventDelivery.Status.FAILED,
        error=_("The webhook was switched off."),
        next_attempt_at=None,
        lease_until=None,
    )
    ended = {"status": Status.DISABLED, "reason": reason, "updated_at": timezone.now()}
    going_on.filter(pk=subscription_id).update(**ended)


def end_unentitled() -> None:
    """What belonged to a key that cannot be used, or to somebody who left, is told nothing any
    more as soon as that is so; here it is said where people see it."""
    standing = Subscription.objects.standing().exclude(status=Status.DISABLED)
    lost = standing.exclude(pk__in=Subscription.objects.entitled().values("pk"))
    for pk, api_key_id in lost.values_list("pk", "api_key_id"):
        end(pk, Reason.KEY if api_key_id else Reason.LEFT)


def _forget(found: Subscription) -> None:
    """Keep nothing but that it was there."""
    found.deliveries.all().delete()
    found.status, found.encrypted, found.fingerprint = Status.ENDED, "", None
    found.name, found.shown_url = "", ""
    found.save(
        update_fields=[*("status", "encrypted", "fingerprint"), "name", "shown_url", "updated_at"]
    )
