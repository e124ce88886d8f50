"""A subscription ends with the key or the person that made it, and with its bot."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from drafts import entities
from tests.support.people import member
from webhooks import switching
from webhooks.models import EventDelivery, Subscription
from workspaces import keys, membership
from workspaces.models import ApiKey, Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.webhooks.conftest import Desk, Program
    from workspaces.access import Actor
    from workspaces.models import Workspace

ZAP = "https://hooks.zapier.com/hooks/standard/12345/0123456789abcdef/"
STARTED = "conversation.created"


@pytest.fixture
def carol(acme: Workspace) -> Actor:
    """Another owner."""
    return member("Carol", acme, Role.OWNER)


def revoked(key: ApiKey, _carol: Actor) -> None:
    keys.revoke(key)


def expired(key: ApiKey, _carol: Actor) -> None:
    ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def left_by_its_maker(key: ApiKey, carol: Actor) -> None:
    row = carol.workspace.memberships.get(user=key.created_by)
    membership.remove(carol, row.pk)


@pytest.mark.parametrize(
    "ends", [revoked, expired, left_by_its_maker], ids=lambda each: each.__name__
)
def test_what_a_key_made_ends_with_it_at_once(
    desk: Desk, api: Program, carol: Actor, ends: Callable[[ApiKey, Actor], None]
) -> None:
    api("POST", "webhooks", {"url": desk.hook.url, "events": [STARTED]})
    api("POST", "hooks", {"target_url": ZAP, "event": STARTED})
    desk.say()
    ends(api.row, carol)
    desk.work()
    assert desk.told == []
    desk.say("s-2")
    desk.sweep()
    assert desk.told == []
    assert sorted(Subscription.objects.values_list("source", "status", "reason")) == [
        ("webhook", "disabled", "key"),
        ("zapier", "ended", ""),
    ]


def test_what_was_waiting_for_a_key_that_was_revoked_is_not_sent(desk: Desk, api: Program) -> None:
    api("POST", "webhooks", {"url": desk.hook.url, "events": [STARTED]})
    desk.answers(500, nth=1)
    desk.say()
    desk.work()
    keys.revoke(api.row)
    desk.later()
    assert len(desk.told) == 1
    assert desk.delivery.error == "The webhook was switched off."


def test_what_somebody_made_who_left_waits_for_another(desk: Desk, carol: Actor) -> None:
    made = desk.webhook(STARTED)
    membership.leave(desk.alice)
    desk.say()
    desk.sweep()
    assert (desk.row.status, desk.row.reason) == ("disabled", "left")
    assert desk.told == []
    switching.resume(carol, made.pk)
    desk.say("s-2")
    desk.work()
    assert len(desk.told) == 1


def test_somebody_who_may_not_sign_in_any_more_is_told_nothing(desk: Desk) -> None:
    desk.webhook(STARTED)
    assert desk.alice.user
    desk.alice.user.is_active = False
    desk.alice.user.save()
    desk.say()
    desk.sweep()
    assert desk.told == []


def test_what_is_of_one_bot_goes_with_it(desk: Desk) -> None:
    desk.webhook(STARTED, entity_id=desk.bot.pk)
    desk.say()
    desk.work()
    entities.remove(desk.alice, desk.bot)
    assert not Subscription.objects.exists()
    assert not EventDelivery.objects.exists()
    desk.sweep()


def test_a_workspace_that_is_deleted_takes_all_of_it_along(desk: Desk) -> None:
    desk.webhook(STARTED)
    desk.say()
    desk.work()
    desk.say("s-2")
    desk.alice.workspace.delete()
    desk.sweep()
    assert len(desk.told) == 1
    assert not EventDelivery.objects.exists()
