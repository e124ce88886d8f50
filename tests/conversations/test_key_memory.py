"""A key's decision is kept only while everything that it rests on stays the same."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from common.problems import Problem
from tests.support.people import member
from workspaces import keys
from workspaces.key_memory import remembered_actor
from workspaces.models import Membership, Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoAssertNumQueries

    from workspaces.access import Actor
    from workspaces.models import ApiKey, Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def eve(acme: Workspace) -> Actor:
    return member("Eve", acme, Role.EDITOR)


def test_a_known_key_costs_one_statement(
    acme: Workspace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _, raw = keys.issue(acme, "server", "manage")
    actor = remembered_actor(raw)
    with django_assert_num_queries(1):
        assert remembered_actor(raw) is actor


def _revoked(key: ApiKey, _eve: Actor) -> None:
    key.revoked_at = timezone.now()
    key.save()


def _expired(key: ApiKey, _eve: Actor) -> None:
    key.expires_at = timezone.now() - timedelta(seconds=1)
    key.save()


def _deleted(key: ApiKey, _eve: Actor) -> None:
    key.delete()


def _suspended(_key: ApiKey, eve: Actor) -> None:
    assert eve.user
    eve.user.is_active = False
    eve.user.save()


def _dismissed(_key: ApiKey, eve: Actor) -> None:
    Membership.objects.filter(user=eve.user).delete()


@pytest.mark.parametrize("happens", [_revoked, _expired, _deleted, _suspended, _dismissed])
def test_what_takes_its_ground_away_is_seen_at_once(
    acme: Workspace, eve: Actor, happens: Callable[[ApiKey, Actor], None]
) -> None:
    key, raw = keys.issue(acme, "server", "manage", by=eve)
    assert remembered_actor(raw).may(Role.EDITOR)
    happens(key, eve)
    with pytest.raises(Problem, match="401"):
        remembered_actor(raw)


def test_a_lower_role_is_seen_at_once(acme: Workspace, eve: Actor) -> None:
    _, raw = keys.issue(acme, "server", "manage", by=eve)
    assert remembered_actor(raw).may(Role.EDITOR)
    Membership.objects.filter(user=eve.user).update(role=Role.VIEWER)
    assert not remembered_actor(raw).may(Role.EDITOR)


def test_a_key_that_expires_meanwhile_is_refused(acme: Workspace) -> None:
    soon = timezone.now() + timedelta(milliseconds=300)
    _, raw = keys.issue(acme, "server", "manage", expires_at=soon)
    remembered_actor(raw)
    while timezone.now() <= soon:
        pass
    with pytest.raises(Problem, match="401"):
        remembered_actor(raw)
