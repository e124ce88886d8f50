"""The tests' own kind, and people who build with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from drafts import creating
from drafts.types import draft_types
from tests.builder.kinds import Machine
from tests.builder.screen import Screen
from tests.builder.seat import Seat
from tests.support.browser import sign_in
from tests.support.live import start_web
from tests.support.people import signed_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from drafts.draft import Draft
    from tests.support.live import Live
    from workspaces.access import Actor


@pytest.fixture
def machine() -> Iterator[Machine]:
    kind = Machine()
    with draft_types.temporarily("machine", kind):
        yield kind


@pytest.fixture
def draft(machine: Machine, alice: Actor, redis_clean: None) -> Draft:
    return creating.create(alice, machine, {"name": "Robot", "prompt": "Hello"})


@pytest.fixture
def screen(draft: Draft, machine: Machine) -> Callable[[Actor], Screen]:
    """The draft's builder as somebody sees it."""

    def of(actor: Actor) -> Screen:
        return Screen(signed_in(Client(), actor), actor, machine, draft.id)

    return of


@pytest.fixture(scope="session")
def _builder_web(django_db_setup: None) -> Iterator[Live]:
    live = start_web(DJANGO_SETTINGS_MODULE="tests.builder.settings")
    yield live
    live.child.stop()


@pytest.fixture
def live(_builder_web: Live, transactional_db: None, redis_clean: None) -> Live:
    """A web process that knows the tests' own kind, on this test's database."""
    return _builder_web


@pytest.fixture
def seat(live: Live, browser: Browser, draft: Draft) -> Iterator[Callable[..., Seat]]:
    """Opens the draft in a browser of somebody's own; complaints of the page fail the test."""
    contexts, seats = [], []

    def sit(actor: Actor, step: str = "basics/", **options: Any) -> Seat:
        context = browser.new_context(
            **({"base_url": live.url, "viewport": {"width": 1440, "height": 900}} | options)
        )
        context.set_default_timeout(8000)
        contexts.append(context)
        sign_in(context, live, actor)
        seats.append(Seat(context, actor, draft.id))
        seats[-1].open(step)
        return seats[-1]

    yield sit
    complaints = [complaint for seat in seats for complaint in seat.complaints]
    for context in contexts:
        context.close()
    assert not complaints
