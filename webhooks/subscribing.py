"""Begins and changes subscriptions, for pages and the API alike."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from common.problems import FieldError, Problem, conflict, invalid
from common.webhook_signature import new_secret
from conversations import happenings
from conversations.runtime import assistants
from drafts.models import Entity
from webhooks import addresses
from webhooks.events import BY_NAME
from webhooks.finding import find_own, hold_own
from webhooks.models import Subscription
from webhooks.sealed import fill, values_of
from workspaces import audit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from workspaces.access import Actor

MOST_PER_WORKSPACE = 100
Source = Subscription.Source


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to be told, and where; ``entity_id`` None: of all bots. A ``url`` that is
    empty stays as it is."""

    events: Sequence[str]
    url: str = ""
    entity_id: UUID | None = None
    name: str = ""


def create(actor: Actor, wanted: Wanted) -> tuple[Subscription, str]:
    """A webhook, and the secret that it is signed with, which cannot be had again; raises
    ``Problem`` 422."""
    _check(actor, wanted)
    _check_address("url", wanted.url)
    secret = new_secret()
    with transaction.atomic():
        happenings.follow(actor.workspace_id)  # of two at once, one waits here for the other
        _refuse_too_many(actor)
        made = _new(actor, wanted, Source.WEBHOOK, secret)
        made.save()
        audit.record(actor, "subscription.created", str(made), id=str(made.pk))
    return made, secret


def hook(actor: Actor, wanted: Wanted) -> Subscription:
    """What Zapier asks for when somebody switches a Zap on: the one that there is for the event and
    the address, or a new one. Raises ``Problem`` 422. Nothing is sent to the address."""
    _check(actor, wanted)
    _check_address("target_url", wanted.url, zapier=True)
    known = addresses.fingerprint(wanted.events[0], wanted.url)
    with transaction.atomic():
        happenings.follow(actor.workspace_id)  # of two at once, one waits here for the other
        own = Subscription.objects.filter(workspace=actor.workspace_id, fingerprint=known)
        found = own.select_for_update(of=("self",)).first()
        if found is None:
            _refuse_too_many(actor)
            found = _new(actor, wanted, Source.ZAPIER, new_secret())
            found.fingerprint = known
            audit.record(actor, "subscription.created", str(found), id=str(found.pk))
        found.belongs_to(actor)
        found.begin_anew()
        found.entity_id = wanted.entity_id
        found.save()
    return found


def change(actor: Actor, subscription_id: UUID, wanted: Wanted) -> Subscription:
    """Raises ``Problem`` 404, 422."""
    find_own(actor, subscription_id)
    _check(actor, wanted)
    if wanted.url:
        _check_address("url", wanted.url)
    with transaction.atomic():
        found = hold_own(actor, subscription_id)
        found.name, found.entity_id = wanted.name, wanted.entity_id
        found.events = list(dict.fromkeys(wanted.events))
        if wanted.url:
            fill(found, wanted.url, _secret_of(found))
            found.forget_failures()
        found.save()
        audit.record(actor, "subscription.changed", str(found), id=str(found.pk))
    return found


def replace_secret(actor: Actor, subscription_id: UUID) -> tuple[Subscription, str]:
    """Sign with another secret from now on, which cannot be had again; raises ``Problem`` 404, or
    409 where the address cannot be read."""
    secret = new_secret()
    with transaction.atomic():
        found = hold_own(actor, subscription_id)
        try:
            fill(found, values_of(found)["url"], secret)
        except LookupError:
            raise conflict(_("The address cannot be read any more. Type it again.")) from None
        found.save(update_fields=["encrypted", "shown_url", "updated_at"])
        audit.record(actor, "subscription.secret_replaced", str(found), id=str(found.pk))
    return found, secret


def _secret_of(row: Subscription) -> str:
    """What it was signed with, if that can be read."""
    try:
        return values_of(row)["secret"]
    except LookupError:
        return new_secret()


def _new(actor: Actor, wanted: Wanted, source: str, secret: str) -> Subscription:
    made = Subscription(
        id=uuid.uuid4(),
        workspace=actor.workspace,
        entity_id=wanted.entity_id,
        source=source,
        name=wanted.name,
        events=list(dict.fromkeys(wanted.events)),
    )
    fill(made, wanted.url, secret)
    made.belongs_to(actor)
    return made


def _check(actor: Actor, wanted: Wanted) -> None:
    if not wanted.events or not set(wanted.events) <= BY_NAME.keys():
        raise _refused("events", _("Choose at least one event of those that there are."))
    if wanted.entity_id is None:
        return
    own = Entity.objects.filter(workspace=actor.workspace_id, kind__in=assistants.names())
    if not own.filter(pk=wanted.entity_id).exists():
        raise _refused("assistant_id", _("There is no such bot."))


def _check_address(path: str, url: str, *, zapier: bool = False) -> None:
    try:
        addresses.check(url, hosts=addresses.zapier_hosts() if zapier else ())
    except addresses.AddressError as error:
        raise _refused(path, str(error)) from None


def _refuse_too_many(actor: Actor) -> None:
    standing = Subscription.objects.standing().filter(workspace=actor.workspace_id)
    if standing.count() >= MOST_PER_WORKSPACE:
        words = _("A workspace has at most %(count)d webhooks. Delete one that is not needed.")
        raise invalid(words % {"count": MOST_PER_WORKSPACE})


def _refused(path: str, message: str) -> Problem:
    return invalid(_("The webhook is not valid. Nothing was changed."), FieldError(path, message))
