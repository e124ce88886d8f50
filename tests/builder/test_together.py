"""Two people, or two tabs, on one draft. Number 11 of the interface's checklist."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Route

    from tests.builder.seat import Seat
    from workspaces.access import Actor

    Sit = Callable[..., Seat]

PANEL = "#conflict .conflict"


def test_different_fields_merge(seat: Sit, alice: Actor, bob: Actor) -> None:
    hers, his = seat(alice), seat(bob)
    hers.context.set_offline(True)
    hers.type("notes", "hers")
    his.page.check('input[name="mode"][value="fast"]')
    his.wait_saved()
    hers.context.set_offline(False)
    hers.wait_saved()
    assert hers.data["notes"] == "hers"
    assert hers.data["mode"] == "fast"
    hers.page.wait_for_function("() => document.querySelector('input[value=fast]').checked")


def test_a_change_made_elsewhere_appears_and_moves_nothing(
    seat: Sit, alice: Actor, bob: Actor
) -> None:
    here = seat(alice)
    here.type("notes", "I am typing right here")
    here.wait_saved()
    for _ in range(5):
        here.page.keyboard.press("ArrowLeft")
    scroll = here.page.evaluate("document.querySelector('.builder-form').scrollTop")
    here.page.wait_for_timeout(500)
    here.patch(bob, {"name": "Bob's robot", "limits": {"enabled": False}})
    here.page.wait_for_function(
        "() => document.querySelector('#step-form [name=name]').value === \"Bob's robot\"",
        timeout=3000,
    )
    assert here.page.input_value(".builder-name") == "Bob's robot"
    assert not here.page.is_checked('[name="limits.enabled"]')
    assert "Bob" in (here.page.get_attribute("[data-changed-by]", "data-changed-by") or "")
    active = "[document.activeElement.name, document.activeElement.selectionStart]"
    assert here.page.evaluate(active) == ["notes", len("I am typing right here") - 5]
    assert here.page.evaluate("document.querySelector('.builder-form').scrollTop") == scroll
    here.page.keyboard.type("!!")
    here.wait_saved()
    assert here.data["notes"] == "I am typing right!! here"
    assert here.data["name"] == "Bob's robot"


def test_the_field_in_focus_keeps_its_caret_when_somebody_else_changes_it(
    seat: Sit, alice: Actor, bob: Actor
) -> None:
    here = seat(alice)
    here.page.focus(here.field("name"))
    here.page.keyboard.press("Home")
    here.page.keyboard.press("ArrowRight")
    here.page.wait_for_timeout(500)
    here.patch(bob, {"name": "Robot two"})
    here.page.wait_for_function(
        "() => document.querySelector('#step-form [name=name]').value === 'Robot two'"
    )
    assert here.page.evaluate("document.activeElement.selectionStart") == 1


def conflicting(seat: Sit, alice: Actor, bob: Actor) -> Seat:
    here = seat(alice)
    here.collide(bob, "name", " of Alice", "Robot of Bob")
    return here


def test_a_conflict_shows_both_and_takes_no_focus(seat: Sit, alice: Actor, bob: Actor) -> None:
    here = conflicting(seat, alice, bob)
    words = here.page.inner_text(PANEL)
    assert "Robot of Alice" in words
    assert "Robot of Bob" in words
    assert "By Bob" in words
    assert not here.page.is_visible("[data-save-help=conflict]")
    assert here.page.evaluate("document.activeElement.name") == "name"
    assert here.page.input_value(here.field("name")) == "Robot of Alice"
    assert here.data["name"] == "Robot of Bob"
    here.type("name", " and on")
    here.page.wait_for_timeout(1500)
    assert here.state == "conflict"
    assert here.data["name"] == "Robot of Bob"


def test_the_second_of_two_tabs_is_asked_and_overwrites_nothing(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    # What it hears of the other tab would come first and be no conflict yet.
    here.page.route("**/events/", lambda route: route.abort())
    here.page.reload()
    here.page.route("**/basics/", hold)
    here.type("name", " of the first tab")
    here.wait_for("saving")
    other = here.new_page()
    other.goto(here.page.url)
    other.fill(here.field("name"), "Robot of the second tab")
    other.wait_for_function("() => document.getElementById('save-state').dataset.state === 'saved'")
    here.page.unroute("**/basics/", hold)
    held[0].continue_()
    here.wait_for("conflict")
    here.page.wait_for_selector(PANEL)
    assert here.data["name"] == "Robot of the second tab"
    assert here.page.input_value(here.field("name")) == "Robot of the first tab"
    assert other.input_value(here.field("name")) == "Robot of the second tab"
    other.close()


def test_a_conflict_with_ones_own_other_tab_says_so(seat: Sit, alice: Actor) -> None:
    here = conflicting(seat, alice, alice)
    words = here.page.inner_text(PANEL)
    assert "In another tab or window of yours" in words
    assert "By Alice" not in words
    assert "somebody" not in here.page.inner_text("[data-save-help=conflict]").lower()


def test_mine_is_kept_by_choice_with_what_was_typed_since(
    seat: Sit, alice: Actor, bob: Actor
) -> None:
    here = conflicting(seat, alice, bob)
    here.type("name", " and on")
    here.page.click(f"{PANEL} button >> text=Save my choice")
    here.wait_saved()
    assert here.data["name"] == "Robot of Alice and on"
    assert here.page.locator(PANEL).count() == 0


def test_theirs_is_taken_by_choice(seat: Sit, alice: Actor, bob: Actor) -> None:
    here = conflicting(seat, alice, bob)
    here.page.check(f"{PANEL} input[value=theirs]")
    here.page.click(f"{PANEL} button >> text=Save my choice")
    here.wait_saved()
    assert here.page.input_value(here.field("name")) == "Robot of Bob"
    assert here.page.input_value(".builder-name") == "Robot of Bob"
    assert here.data["name"] == "Robot of Bob"


def test_a_conflict_survives_a_reload(seat: Sit, alice: Actor, bob: Actor) -> None:
    here = conflicting(seat, alice, bob)
    here.page.reload()
    here.wait_for("conflict")
    assert here.page.input_value(here.field("name")) == "Robot of Alice"
    here.page.click(f"{PANEL} button >> text=Take all theirs")
    here.wait_saved()
    assert here.data["name"] == "Robot of Bob"


def test_equal_values_are_no_conflict(seat: Sit, alice: Actor, bob: Actor) -> None:
    here = seat(alice)
    here.context.set_offline(True)
    here.type("name", "!")
    here.patch(bob, {"name": "Robot!"})
    here.context.set_offline(False)
    here.wait_saved()
    assert "conflict" not in here.states()


def test_items_that_others_add_appear(seat: Sit, alice: Actor, bob: Actor) -> None:
    here = seat(alice, "places/")
    here.page.wait_for_timeout(500)
    here.patch(bob, {"places": {"attic": {"label": "Up there"}}})
    here.page.wait_for_selector('[name="places.attic.label"]')
    assert here.page.input_value('[name="places.attic.label"]') == "Up there"


def test_a_row_that_is_still_empty_outlives_a_change_made_elsewhere(
    seat: Sit, alice: Actor, bob: Actor
) -> None:
    here = seat(alice)
    here.patch(alice, {"prompts": ["One"]})
    row = here.page.locator("#step-form [name=prompts]")
    here.page.wait_for_function("() => document.querySelectorAll('[data-row]').length === 1")
    here.page.click("[data-list-field=prompts] [data-add]")
    # Changed and put back: the answer speaks of the list, which is what it was.
    here.patch(bob, {"prompts": ["One", "Two"]})
    here.patch(bob, {"prompts": ["One"], "mode": "fast"})
    here.page.wait_for_function("() => document.querySelector('input[value=fast]').checked")
    assert row.count() == 2


def test_a_hidden_tab_closes_its_stream_and_catches_up(seat: Sit, alice: Actor, bob: Actor) -> None:
    here = seat(alice)
    here.page.wait_for_timeout(500)
    hide = """(hidden) => {
      Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
      document.dispatchEvent(new Event('visibilitychange'));
    }"""
    here.page.evaluate(hide, True)
    here.patch(bob, {"name": "While you were away"})
    here.page.wait_for_timeout(1200)
    assert here.page.input_value(here.field("name")) == "Robot"
    here.page.evaluate(hide, False)
    here.page.wait_for_function(
        "() => document.querySelector('#step-form [name=name]').value === 'While you were away'"
    )
