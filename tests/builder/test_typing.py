"""Two hundred random edits with random pauses: not one character is lost. Number 8 of the
interface's checklist."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Route

    from tests.builder.seat import Seat
    from workspaces.access import Actor

    Sit = Callable[..., Seat]

EDITS = 200
PAUSES_MS = (*[0] * 8, *[5, 20, 60, 200] * 2, 600, 2000)
LONGEST_DELAY_MS = 2000


@dataclass(frozen=True)
class Form:
    """A step, what its boxes hold at first, and what somebody else changes there meanwhile."""

    step: str
    other_step: str
    boxes: dict[str, str]
    changes: tuple[dict[str, Any], ...]

    def kept(self, data: dict[str, Any]) -> dict[str, str]:
        """What ``data``, a document, holds of the boxes."""
        places = {place["name"]: place for place in data["places"]}
        found = {f"places.{name}.label": place.get("label", "") for name, place in places.items()}
        return {name: (found | data).get(name, "") for name in self.boxes}


MODES = ({"mode": "slow"}, {"mode": "fast"})
FORMS = {
    "basics": Form("basics", "prompt", {"name": "Robot", "notes": ""}, MODES),
    "prompt": Form("prompt", "basics", {"prompt": "Hello"}, MODES),
    "places": Form(
        "places",
        "basics",
        {"places.attic.label": "Up", "places.loft.label": ""},
        ({"places": {"shed": {"color": "green"}}}, {"places": {"shed": {"color": "red"}}}),
    ),
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("name", "trouble"),
    [("basics", "none"), ("basics", "flaky"), *((name, "slow") for name in FORMS)],
)
def test_no_character_is_lost(seat: Sit, alice: Actor, bob: Actor, name: str, trouble: str) -> None:
    form, dice = FORMS[name], random.Random(name + trouble)
    here = seat(alice)
    here.patch(alice, {"places": {"attic": {"label": "Up"}, "loft": {}, "shed": {}}})
    here.open(f"{form.step}/")
    disturb = TROUBLES[trouble](here, dice)
    expected = dict(form.boxes)
    for number in range(EDITS):
        if number == EDITS // 2:
            go_and_come_back(here, form)
        box = dice.choice([*form.boxes])
        expected[box] = edit(here, box, expected[box], dice)
        if number % 40 == 20:
            here.patch(bob, dice.choice(form.changes))
        if number % 10 == 0:
            disturb()
        here.page.wait_for_timeout(dice.choice(PAUSES_MS))
    here.wait_saved(timeout=30_000)
    here.page.wait_for_timeout(300)
    assert {box: here.page.input_value(here.field(box)) for box in expected} == expected
    assert form.kept(here.data) == expected
    assert "conflict" not in here.states()


def go_and_come_back(here: Seat, form: Form) -> None:
    first, *_ = form.boxes
    here.page.click(f"#step-{form.other_step} a")
    here.page.wait_for_selector(here.field(first), state="detached")
    here.page.click(f"#step-{form.step} a")
    here.page.wait_for_selector(here.field(first))


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


def calm(here: Seat, dice: random.Random) -> Callable[[], None]:
    del here, dice
    return lambda: None


def slow(here: Seat, dice: random.Random) -> Callable[[], None]:
    """An answer takes up to two seconds, now more and now less."""
    session = here.context.new_cdp_session(here.page)
    session.send("Network.enable")
    speed = {"offline": False, "downloadThroughput": -1, "uploadThroughput": -1}

    def change() -> None:
        latency = dice.randrange(LONGEST_DELAY_MS)
        session.send("Network.emulateNetworkConditions", speed | {"latency": latency})

    return change


def flaky(here: Seat, dice: random.Random) -> Callable[[], None]:
    """Requests are refused, get lost, or are done and their answer is lost."""

    def answer(route: Route) -> None:
        throw = dice.random()
        if route.request.method != "POST" or throw > 0.4:
            route.continue_()
        elif throw > 0.25:
            route.fulfill(status=503, body="")
        elif throw > 0.1:
            route.abort()
        else:
            route.fetch()
            route.abort()

    here.page.route("**/basics/", answer)
    return lambda: None


TROUBLES = {"none": calm, "slow": slow, "flaky": flaky}
