"""Undo and redo over all steps, and the browser's own inside of text boxes."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.builder.seat import Seat
    from workspaces.access import Actor

    Sit = Callable[..., Seat]


def leave_boxes(here: Seat) -> None:
    here.page.evaluate("document.activeElement.blur()")


def press(here: Seat, keys: str) -> None:
    """A shortcut whose operation is waited for."""
    with here.page.expect_response(lambda answer: answer.request.method == "POST"):
        here.page.keyboard.press(keys)
    here.wait_saved()


def test_undo_and_redo_go_across_steps(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    here.type("name", "!")
    here.wait_saved()
    here.page.click("#step-prompt a")
    here.page.wait_for_selector(here.field("prompt"))
    here.type("prompt", " there")
    here.wait_saved()
    leave_boxes(here)

    press(here, "Control+z")
    assert here.page.input_value(here.field("prompt")) == "Hello"
    assert here.data["name"] == "Robot!"
    press(here, "Control+z")
    assert here.data["name"] == "Robot"
    assert here.page.input_value(".builder-name") == "Robot"
    press(here, "Control+Shift+z")
    press(here, "Control+y")
    assert here.data == {"name": "Robot!", "prompt": "Hello there"}
    assert here.page.input_value(here.field("prompt")) == "Hello there"
    assert here.page.locator("#redo").is_disabled()


def test_an_undo_says_what_and_whose_it_was_and_leads_there(
    seat: Sit, alice: Actor, bob: Actor
) -> None:
    here = seat(alice, "prompt/")
    here.patch(alice, {"notes": "mine"})
    here.patch(bob, {"mode": "fast"})
    here.page.click("#undo:not([disabled])")
    toast = here.page.locator("#toasts [data-toast]")
    toast.get_by_text("Took back a change by Bob: Mode (Basics)").wait_for()
    toast.get_by_role("button", name="Redo").click()
    toast.get_by_text("Redone: Mode (Basics)").wait_for()
    assert here.data["mode"] == "fast"
    here.page.click("#undo")
    toast.get_by_text("Undone: Mode (Basics)", exact=True).wait_for()
    here.page.click("#undo")
    toast.get_by_text("Undone: Notes (Basics)", exact=True).wait_for()
    assert toast.count() == 1
    toast.get_by_role("button", name="Show").click()
    here.page.wait_for_function("() => document.activeElement.name === 'notes'")
    here.page.click("#redo")
    toast.get_by_text("Redone: Notes (Basics)").wait_for()


def test_in_a_text_box_undo_is_the_browsers_own(seat: Sit, alice: Actor) -> None:
    """(number 14)"""
    here = seat(alice)
    here.type("notes", "one")
    here.wait_saved()
    here.page.keyboard.press("Control+z")
    here.page.wait_for_timeout(100)
    left = here.page.input_value(here.field("notes"))
    assert left != "one"
    here.wait_saved()
    assert here.data["notes"] == left
    posted = [each.url for each in here.saves]
    assert not [url for url in posted if url.endswith("/undo/")]


def test_what_is_unsaved_is_saved_before_it_is_undone(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    here.type("name", "!")
    here.page.click("#undo")
    here.page.wait_for_function(
        "() => document.querySelector('#step-form [name=name]').value === 'Robot'"
    )
    here.page.click("#redo")
    here.page.wait_for_function(
        "() => document.querySelector('#step-form [name=name]').value === 'Robot!'"
    )
    here.wait_saved()
    assert here.data["name"] == "Robot!"


def test_fifty_changes_and_fifty_undos_are_where_it_began(seat: Sit, alice: Actor) -> None:
    """(number 14) And fifty redos are where it ended."""
    here = seat(alice)
    start = here.data
    dice = random.Random(14)
    for number in range(50):
        change(here, dice, number)
    end = here.data
    for _ in range(50):
        here.page.click("#undo")
    here.page.wait_for_function("() => document.getElementById('undo').disabled", timeout=60_000)
    here.wait_saved()
    assert here.data == start
    for _ in range(50):
        here.page.click("#redo")
    here.page.wait_for_function("() => document.getElementById('redo').disabled", timeout=60_000)
    here.wait_saved()
    assert here.data == end


def change(here: Seat, dice: random.Random, number: int) -> None:
    kind = dice.choice(["text", "radio", "number", "box"])
    with here.page.expect_response(lambda answer: answer.request.method == "POST"):
        if kind == "radio":
            other = "slow" if here.page.is_checked("input[value=fast]") else "fast"
            here.page.check(f'input[name="mode"][value="{other}"]')
        elif kind == "box":
            here.page.click('input[name="colors"][value="red"]')
        else:
            name, text = ("notes", f"n{number}") if kind == "text" else ("speed", f"1.{number}")
            here.page.fill(here.field(name), text)
            here.page.keyboard.press("Control+s")
    here.wait_saved()


def test_an_earlier_version_is_restored_from_the_history(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    for text in ("one", "two"):
        here.page.fill(here.field("name"), text)
        here.page.keyboard.press("Control+s")
        here.wait_saved()
    here.page.click("[popovertarget=draft-menu]")
    here.page.click("#draft-menu >> text=History")
    here.page.click("#modal li:has-text('version 2') >> text=Restore")
    here.page.wait_for_function(
        "() => document.querySelector('#step-form [name=name]').value === 'one'"
    )
    assert here.page.locator("dialog[open]").count() == 0
    here.wait_saved()
    assert here.data["name"] == "one"


def test_abandoning_asks_first_and_does_not_hold_the_page(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    here.page.click("[popovertarget=draft-menu]")
    here.page.click("#draft-menu >> text=Abandon")
    here.page.click("#confirm >> text=Cancel")
    assert here.data["name"] == "Robot"
    here.page.click("[popovertarget=draft-menu]")
    here.page.click("#draft-menu >> text=Abandon")
    here.page.click("#confirm >> text=Abandon draft")
    here.page.wait_for_url("**/w/acme/machines/")
