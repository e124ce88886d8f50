"""Two workspaces that must not know of each other, and a model that says what it is told to."""

from __future__ import annotations

import pytest

from tests.abuse.scene import Scene, build

MARK = "CANARY-ACME"


@pytest.fixture
def home(db: None, redis_clean: None) -> Scene:
    """Acme, which is attacked."""
    return build("Acme", MARK)


@pytest.fixture
def abroad(home: Scene) -> Scene:
    """Evil, from where the attacks come."""
    return build("Evil", "MARK-EVIL")
