"""Where things stand and where the focus goes: nothing is covered, nothing is lost from sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from drafts import creating

if TYPE_CHECKING:
    from collections.abc import Callable

    from drafts.draft import Draft
    from tests.builder.kinds import Machine
    from tests.builder.seat import Seat
    from workspaces.access import Actor

    Sit = Callable[..., Seat]

PHONE = {"width": 390, "height": 760}
COVERED = """() => {
  const box = (selector) => document.querySelector(selector).getBoundingClientRect();
  const notes = box('.builder-notes');
  return ['.builder-bar', '.builder-steps', '.builder-form', '.builder-preview'].filter((each) => {
    const other = box(each);
    const apart = other.right <= notes.left || other.left >= notes.right
      || other.bottom <= notes.top || other.top >= notes.bottom;
    return notes.height === 0 || !apart;
  });
}"""
FOCUSED = "document.activeElement.name || document.activeElement.localName"


def test_what_is_said_about_saving_covers_nothing(seat: Sit, alice: Actor, bob: Actor) -> None:
    here = seat(alice)
    here.context.set_offline(True)
    here.type("name", "!")
    here.wait_for("offline")
    here.page.wait_for_function(f"() => !({COVERED})().length")
    here.patch(bob, {"name": "Bob's"})
    here.context.set_offline(False)
    here.wait_for("conflict")
    here.page.wait_for_selector("#conflict form")
    here.page.wait_for_function(f"() => !({COVERED})().length")


def test_the_focus_goes_on_with_the_step(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    here.page.get_by_role("link", name="Continue: Prompt").click()
    here.page.wait_for_function("() => document.activeElement.textContent === 'Prompt'")
    assert here.page.evaluate(FOCUSED) == "h1"


def test_a_draft_without_a_name_begins_with_it(
    seat: Sit, alice: Actor, machine: Machine, draft: Draft
) -> None:
    here = seat(alice)
    assert here.page.evaluate(FOCUSED) == "body"
    here.draft_id = creating.create(alice, machine, {}).id
    here.open()
    assert here.page.evaluate(FOCUSED) == "name"


def test_after_a_removal_the_focus_is_on_the_next_item(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    here.patch(alice, {"places": {"attic": {}, "loft": {}, "shed": {}, "yard": {}}})
    here.open("places/")
    remove = "button[value='remove:places:{}']"
    for key, then in (("attic", "loft"), ("shed", "yard"), ("yard", "loft")):
        here.page.click(remove.format(key))
        here.page.wait_for_function(
            "(name) => document.activeElement.name === name", arg=f"places.{then}.name"
        )
    assert here.page.evaluate("document.querySelector('.builder-form').scrollTop") == 0
    here.page.click(remove.format("loft"))
    here.page.wait_for_function("() => document.activeElement.matches('[data-add-item]')")


def test_a_phone_undoes_from_the_menu(seat: Sit, alice: Actor) -> None:
    here = seat(alice, viewport=PHONE, has_touch=True, is_mobile=True)
    here.patch(alice, {"notes": "new"})
    undo = here.page.locator("#draft-menu [data-undo]:not([disabled])")
    undo.wait_for(state="attached")
    here.page.click("[popovertarget=draft-menu]")
    assert "Show or hide the steps" not in here.page.inner_text("#draft-menu")
    assert "Keyboard shortcuts" not in here.page.inner_text("#draft-menu")
    undo.click()
    here.page.locator("#toasts").get_by_text("Undone: Notes (Basics)").wait_for()
    assert "notes" not in here.data


def test_columns_come_back_when_there_is_room_for_them(seat: Sit, alice: Actor) -> None:
    here = seat(alice, viewport={"width": 780, "height": 900})
    steps, preview = (here.page.locator(f".builder-{name}") for name in ("steps", "preview"))
    expect(steps).to_be_hidden()
    here.page.set_viewport_size({"width": 1400, "height": 900})
    expect(steps).to_be_visible()
    expect(preview).to_be_visible()
    here.page.click("#test")
    expect(preview).to_be_hidden()
    here.page.set_viewport_size({"width": 780, "height": 900})
    here.page.set_viewport_size({"width": 1400, "height": 900})
    expect(steps).to_be_visible()
    expect(preview).to_be_hidden()


def test_finding_does_not_open_over_a_dialog(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    here.page.click("#problems")
    here.page.wait_for_selector("#modal[open]")
    here.page.keyboard.press("Control+k")
    here.page.wait_for_timeout(300)
    assert here.page.locator("dialog[open]").count() == 1


def test_nothing_is_called_saved_before_the_script_has_looked(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    here.page.route("**/js/builder.js", lambda route: route.abort())
    here.page.goto(f"{here.base}basics/")
    assert here.state == "unknown"
    assert not here.page.locator("[data-save-text]").is_visible()
