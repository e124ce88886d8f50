"""The tests' own kind, and people who build with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from drafts import editing
from drafts.types import draft_types
from tests.builder.kinds import Machine
from tests.builder.screen import Screen
from tests.support.people import signed_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from drafts.draft import Draft
    from workspaces.access import Actor


@pytest.fixture
def machine() -> Iterator[Machine]:
    with draft_types.temporarily("machine", Machine()) as kind:
        yield kind


@pytest.fixture
def draft(machine: Machine, alice: Actor, redis_clean: None) -> Draft:
    return editing.create(alice, machine, {"name": "Robot", "prompt": "Hello"})


@pytest.fixture
def screen(draft: Draft, machine: Machine) -> Callable[[Actor], Screen]:
    """The draft's builder as somebody sees it."""

    def of(actor: Actor) -> Screen:
        return Screen(signed_in(Client(), actor), actor, machine, draft.id)

    return of
