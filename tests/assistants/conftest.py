"""A second kind that one talks to, beside chatbots."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from assistants import uses
from conversations.runtime import assistants
from drafts.types import draft_types
from knowledge.live.base_use import base_uses
from tests.assistants.parrots import Parrot, ParrotDraft
from workspaces.credential_use import credential_uses

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def parrots(redis_clean: None) -> Iterator[ParrotDraft]:
    """What ``assistants.kinds.register`` does, for one test."""
    del redis_clean
    kind = ParrotDraft()
    with (
        draft_types.temporarily(kind.kind, kind),
        assistants.temporarily(kind.kind, Parrot),
        credential_uses.temporarily(kind.kind, partial(uses.credential_uses, kind)),
        base_uses.temporarily(kind.kind, partial(uses.base_uses, kind)),
    ):
        yield kind
