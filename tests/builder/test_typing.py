"""Two hundred random edits with random pauses: not one character is lost."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Route

    from tests.builder.seat import Seat
    from workspaces.access import Actor

    Sit = Callable[..., Seat]

EDITS = 200


@pytest.mark.parametrize("trouble", ["none", "slow", "flaky"])
def test_no_character_is_lost(seat: Sit, alice: Actor, bob: Actor, trouble: str) -> None:
    here = seat(alice)
    dice = random.Random(trouble)
    disturb(here, trouble, dice)
    expected = {"name": "Robot", "notes": ""}
    for number in range(EDITS):
        if number == EDITS // 2:
            here.page.click("#step-prompt a")
            here.page.wait_for_selector(here.field("prompt"))
            here.page.click("#step-basics a")
            here.page.wait_for_selector(here.field("notes"))
        name = dice.choice(["name", "notes"])
        expected[name] = edit(here, name, expected[name], dice)
        if number % 40 == 20:
            here.patch(bob, {"mode": dice.choice(["slow", "fast"])})
        here.page.wait_for_timeout(dice.choice([0, 0, 5, 20, 60, 200, 600]))
    here.wait_saved(timeout=30_000)
    here.page.wait_for_timeout(300)
    shown = {name: here.page.input_value(here.field(name)) for name in expected}
    assert shown == expected
    assert {name: here.data[name] for name in expected} == expected
    assert "conflict" not in here.states()


def edit(here: Seat, name: str, text: str, dice: random.Random) -> str:
    """Type, delete or insert somewhere; gives the text that should be there now."""
    here.page.focus(here.field(name))
    at = dice.randrange(len(text) + 1)
    units = len(text[:at].encode("utf-16-le")) // 2
    here.page.evaluate("(at) => document.activeElement.setSelectionRange(at, at)", units)
    if text and dice.random() < 0.25:
        here.page.keyboard.press("Backspace")
        return text[: max(0, at - 1)] + text[at:]
    new = "".join(dice.choice("abcdefg é😀") for _ in range(dice.randrange(1, 5)))
    here.page.keyboard.type(new)
    return text[:at] + new + text[at:]


def disturb(here: Seat, trouble: str, dice: random.Random) -> None:
    def flaky(route: Route) -> None:
        throw = dice.random()
        if route.request.method != "POST" or throw > 0.4:
            route.continue_()
        elif throw > 0.25:
            route.fulfill(status=503, body="")
        elif throw > 0.1:
            route.abort()
        else:
            route.fetch()  # it is saved, but the answer is lost
            route.abort()

    if trouble == "flaky":
        here.page.route("**/basics/", flaky)
    if trouble == "slow":
        session = here.context.new_cdp_session(here.page)
        session.send("Network.enable")
        session.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": 400, "downloadThroughput": -1, "uploadThroughput": -1},
        )
