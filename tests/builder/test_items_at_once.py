"""Several people who change one list at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from django.db import connections
from django.test import Client

from tests.builder.screen import Screen
from tests.support.people import signed_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from drafts.draft import Draft
    from tests.builder.kinds import Machine
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 8


def at_once(draft: Draft, machine: Machine, actor: Actor, *operations: str) -> list[int]:
    """Press a button in as many windows; gives the answers' statuses."""
    screens = [Screen(signed_in(Client(), actor), actor, machine, draft.id) for _each in operations]
    start = Barrier(len(operations))

    def press(screen: Screen, operation: str) -> int:
        start.wait()
        try:
            return screen.act("places/", _op=operation).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(operations)) as pool:
        return list(pool.map(press, screens, operations))


def test_everybody_who_adds_an_item_gets_one(
    screen: Callable[[Actor], Screen], draft: Draft, machine: Machine, alice: Actor
) -> None:
    for _round in range(3):
        assert at_once(draft, machine, alice, *["add:places"] * PEOPLE) == [200] * PEOPLE
    names = {place["name"] for place in screen(alice).data["places"]}
    assert names == {f"place_{number}" for number in range(1, 3 * PEOPLE + 1)}


def test_moving_loses_nothing_that_is_added_meanwhile(
    screen: Callable[[Actor], Screen], draft: Draft, machine: Machine, alice: Actor
) -> None:
    screen(alice).patch(alice, {"places": {"attic": {}, "cellar": {}}})
    operations = ["up:places:cellar", "add:places"] * (PEOPLE // 2)
    assert at_once(draft, machine, alice, *operations) == [200] * PEOPLE
    names = [place["name"] for place in screen(alice).data["places"]]
    assert sorted(names) == ["attic", "cellar", "place_1", "place_2", "place_3", "place_4"]
    assert names[0] == "cellar"
