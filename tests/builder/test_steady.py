"""Nothing moves, and the caret stays where it is, whatever comes back from the server. Numbers in
brackets are those of the interface's checklist (``tests/CHECKLIST.md``)."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.builder.seat import Seat
    from workspaces.access import Actor

    Sit = Callable[..., Seat]

SCREENS = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 800}}
CARET = "() => [document.activeElement.id, document.activeElement.selectionStart]"


@contextmanager
def still(here: Seat) -> Iterator[None]:
    """Nothing moves meanwhile, and not because of a key or a press either."""
    here.page.wait_for_timeout(500)
    here.page.evaluate("window.__shifts.length = 0")
    yield
    here.page.wait_for_timeout(300)
    assert sum(here.page.evaluate("window.__shifts")) == 0


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_moves_when_the_state_changes(seat: Sit, alice: Actor, screen: str) -> None:
    """(4)"""
    here = seat(alice, viewport=SCREENS[screen])
    with still(here):
        here.type("name", "!")
        here.wait_saved()
        here.context.set_offline(True)
        here.type("name", "?")
        here.wait_for("offline")
        here.context.set_offline(False)
        here.wait_saved()


def test_nothing_moves_when_a_problem_comes_and_goes(seat: Sit, alice: Actor) -> None:
    """(4)"""
    here = seat(alice, "prompt/")
    with still(here):
        here.page.fill(here.field("prompt"), "")
        here.wait_for("invalid")
        here.page.wait_for_selector("#problems >> text=Problems")
        here.page.fill(here.field("prompt"), "Hello again")
        here.wait_for("saved")


def test_nothing_moves_when_the_step_changes(seat: Sit, alice: Actor) -> None:
    """(4)"""
    here = seat(alice)
    with still(here):
        for step, name in (("prompt", "prompt"), ("basics", "notes")) * 2:
            here.page.click(f"#step-{step} a")
            here.page.wait_for_selector(here.field(name))
        here.page.go_back()
        here.page.wait_for_selector(here.field("prompt"))


@contextmanager
def caret(here: Seat) -> Iterator[None]:
    """The focus and the caret are afterwards where they were."""
    before = here.page.evaluate(CARET)
    assert before[0].startswith("field-")
    yield
    assert here.page.evaluate(CARET) == before


def test_the_caret_stays_across_every_swap(seat: Sit, alice: Actor, bob: Actor) -> None:
    """(13)"""
    here = seat(alice)
    here.type("notes", "I am typing right here")
    for _ in range(5):
        here.page.keyboard.press("ArrowLeft")
    with caret(here):  # the answer to a save: ticks, problems, what differs from what is live
        here.wait_saved()
    with caret(here):  # a problem that comes and goes, by somebody else's hand
        here.patch(bob, {"prompt": ""})
        here.page.wait_for_selector("#problems >> text=Problems")
        here.patch(bob, {"prompt": "Hello"})
        here.page.wait_for_selector("#problems >> text=Suggestions")
    with caret(here):  # another field of this step, and the name in the bar
        here.patch(bob, {"name": "Bob's robot"})
        here.page.wait_for_function(
            "() => document.querySelector('.builder-name').value !== 'Robot'"
        )
    with caret(here):  # rows that somebody else adds above
        here.patch(bob, {"prompts": ["One", "Two"]})
        here.page.wait_for_function("() => document.querySelectorAll('[data-row]').length === 2")
    with caret(here):  # no network, and its return
        here.context.set_offline(True)
        here.page.keyboard.type("x")
        here.page.keyboard.press("Backspace")
        here.page.keyboard.type("x")
        here.page.keyboard.press("ArrowLeft")
        here.wait_for("offline")
        here.page.keyboard.press("Delete")
        here.context.set_offline(False)
        here.wait_saved()
    with caret(here):  # a conflict and its panel
        here.context.set_offline(True)
        here.page.keyboard.type("!")
        here.page.keyboard.press("ArrowLeft")
        here.patch(bob, {"notes": "Bob's notes"})
        here.context.set_offline(False)
        here.wait_for("conflict")
        here.page.wait_for_selector("#conflict .conflict")


def test_the_caret_stays_when_the_list_around_it_changes(
    seat: Sit, alice: Actor, bob: Actor
) -> None:
    """(13)"""
    here = seat(alice)
    here.patch(alice, {"places": {"attic": {"label": "Up there"}, "loft": {}}})
    here.open("places/")
    here.type("places.attic.label", "")
    here.page.keyboard.press("ArrowLeft")
    here.page.wait_for_timeout(500)
    with caret(here):
        here.patch(bob, {"places": {"shed": {}}})
        here.page.wait_for_selector("#item-places-shed")
    with caret(here):
        here.patch(bob, {"places": {"loft": None}})
        here.page.wait_for_selector("#item-places-loft", state="detached")
    here.page.keyboard.type("!")
    with caret(here):
        here.wait_saved()
    assert here.page.input_value(here.field("places.attic.label")) == "Up ther!e"
