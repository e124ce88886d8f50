"""More people at Acme, and what they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.people import member
from workspaces import credentials, keys
from workspaces.models import ApiKey, Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from workspaces.access import Actor
    from workspaces.models import Credential, Workspace

CANARY = "CANARY-7f3a9b-sk-live-0123456789"


@pytest.fixture(autouse=True)
def _fresh_limits(redis_clean: None) -> None:
    """Nobody has tried anything yet."""


@pytest.fixture
def ada(acme: Workspace) -> Actor:
    """An admin at Acme."""
    return member("Ada", acme, Role.ADMIN)


@pytest.fixture
def manage_key(alice: Actor) -> str:
    """A key of Alice's for Acme."""
    return keys.issue(alice.workspace, "Server", ApiKey.Scope.MANAGE, by=alice)[1]


@pytest.fixture
def evil_key(mallory: Actor) -> str:
    """A key of Mallory's for her own workspace."""
    return keys.issue(mallory.workspace, "Server", ApiKey.Scope.MANAGE, by=mallory)[1]


@pytest.fixture
def stored(alice: Actor) -> Credential:
    """A credential of Acme's that holds the canary."""
    return credentials.create(
        alice,
        name="Our model",
        kind="llm",
        values={"api_key": CANARY, "base_url": "https://models.example.com/v1"},
    )


@pytest.fixture
def bearer() -> Callable[[str], dict[str, str]]:
    return lambda raw: {"Authorization": f"Bearer {raw}"}
