"""Two workspaces that must not know of each other, and a model that says what it is told to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from tests.abuse.scene import Scene, build

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

MARK = "CANARY-ACME"


@pytest.fixture
def home(db: None, redis_clean: None) -> Scene:
    """Acme, which is attacked."""
    return build("Acme", MARK)


@pytest.fixture
def abroad(home: Scene) -> Scene:
    """Evil, from where the attacks come."""
    return build("Evil", "MARK-EVIL")


@pytest.fixture
async def _connections_returned() -> AsyncIterator[None]:
    """The thread that answers asynchronous views keeps no connection to the test's database."""
    yield
    await sync_to_async(connections.close_all)()
