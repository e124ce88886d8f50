"""The only door to subscriptions and deliveries: a workspace's own, and no other's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from common.problems import not_found
from webhooks.models import EventDelivery, Subscription

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from workspaces.access import Actor


def subscriptions(actor: Actor) -> QuerySet[Subscription]:
    """The workspace's, those that Zapier made among them, the newest first."""
    found = Subscription.objects.standing().filter(workspace=actor.workspace_id)
    return found.select_related("entity", "created_by", "api_key").order_by("-created_at", "-id")


def find(actor: Actor, subscription_id: UUID) -> Subscription:
    """Raises ``Problem`` 404."""
    return _there(subscriptions(actor).filter(pk=subscription_id).first())


def find_own(actor: Actor, subscription_id: UUID) -> Subscription:
    """One that people made: what Zapier made is Zapier's to change. Raises ``Problem`` 404."""
    return _there(_own(actor).filter(pk=subscription_id).first())


def hold_own(actor: Actor, subscription_id: UUID) -> Subscription:
    """The same, locked."""
    held = _own(actor).select_for_update(of=("self",))
    return _there(held.filter(pk=subscription_id).first())


def find_delivery(actor: Actor, subscription_id: UUID, delivery_id: UUID) -> EventDelivery:
    """Raises ``Problem`` 404."""
    found = find(actor, subscription_id).deliveries.filter(pk=delivery_id).first()
    if found is None:
        raise not_found(_("There is no such delivery."))
    return found


def _own(actor: Actor) -> QuerySet[Subscription]:
    return subscriptions(actor).filter(source=Subscription.Source.WEBHOOK)


def _there(found: Subscription | None) -> Subscription:
    if found is None:
        raise not_found(_("There is no such webhook."))
    return found
