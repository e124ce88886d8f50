"""A client of the knowledge API for Alice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.knowledge.client import KnowledgeApi

if TYPE_CHECKING:
    from workspaces.access import Actor


@pytest.fixture
def api(redis_clean: None, alice: Actor) -> KnowledgeApi:
    return KnowledgeApi(alice)
