"""People with names: Acme's three, and Mallory, who has no business there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from workspaces.access import Actor
from workspaces.models import Membership, Role, User, Workspace

if TYPE_CHECKING:
    from django.test import Client

PASSWORD = "correct horse battery staple"


@pytest.fixture
def acme(db: None) -> Workspace:
    return Workspace.objects.create(name="Acme", slug="acme")


@pytest.fixture
def evil(db: None) -> Workspace:
    return Workspace.objects.create(name="Evil", slug="evil")


@pytest.fixture
def alice(acme: Workspace) -> Actor:
    """Acme's owner."""
    return member("Alice", acme, Role.OWNER)


@pytest.fixture
def bob(acme: Workspace) -> Actor:
    """An editor at Acme."""
    return member("Bob", acme, Role.EDITOR)


@pytest.fixture
def vera(acme: Workspace) -> Actor:
    """A viewer at Acme."""
    return member("Vera", acme, Role.VIEWER)


@pytest.fixture
def mallory(evil: Workspace) -> Actor:
    """The owner of another workspace."""
    return member("Mallory", evil, Role.OWNER)


def member(name: str, workspace: Workspace, role: Role) -> Actor:
    """A new person with ``role``, who signs in as ``name@example.com`` with ``PASSWORD``."""
    email = f"{name.lower()}@example.com"
    user = User.objects.create_verified(email, PASSWORD, name=name)
    Membership.objects.create(workspace=workspace, user=user, role=role)
    return Actor(workspace=workspace, role=role, label=name, user=user)


def signed_in(client: Client, actor: Actor) -> Client:
    """``client`` with the session of ``actor``."""
    assert actor.user is not None
    client.force_login(actor.user)
    return client
