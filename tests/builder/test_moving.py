"""Moving about: steps, addresses, problems that lead to their fields, the variables menu. Numbers
in brackets are those of the interface's checklist (``tests/CHECKLIST.md``)."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.builder.seat import Seat
    from workspaces.access import Actor

    Sit = Callable[..., Seat]


def test_steps_have_addresses_and_nothing_typed_is_lost_on_the_way(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    here.type("notes", "left in the middle")
    here.page.click("#step-prompt a")
    here.page.wait_for_selector(here.field("prompt"))
    assert here.page.url.endswith("/prompt/")
    assert here.page.title().startswith("Prompt")
    assert here.page.get_attribute("#step-prompt a", "aria-current") == "step"
    assert here.page.get_attribute("#step-basics a", "aria-current") is None
    here.page.click("#step-basics a")
    here.page.wait_for_selector(here.field("notes"))
    assert here.page.input_value(here.field("notes")) == "left in the middle"
    here.wait_saved()
    assert here.data["notes"] == "left in the middle"


def whole(here: Seat, step: str) -> None:
    """The whole page is there once, and it is at ``step``."""
    assert here.page.url.endswith(f"/{step}/")
    assert here.page.title().startswith(step.title())
    assert here.page.locator("h1").all_inner_texts() == [step.title()]
    (current,) = here.page.locator("#steps [aria-current]").all_inner_texts()
    assert current.strip().startswith(step.title())
    for part in (".builder-bar", "#steps", "#step-form", "#preview", "#save-state"):
        assert here.page.locator(part).count() == 1, part


def test_back_forward_and_reload_show_the_step_of_the_address(seat: Sit, alice: Actor) -> None:
    """(22)"""
    here = seat(alice)
    here.page.click("#step-prompt a")
    here.page.wait_for_selector(here.field("prompt"))
    here.page.click("#step-places a")
    here.page.wait_for_selector("#list-places")
    whole(here, "places")
    here.page.go_back()
    here.page.wait_for_selector(here.field("prompt"))
    whole(here, "prompt")
    here.page.go_back()
    here.page.wait_for_selector(here.field("notes"))
    whole(here, "basics")
    here.page.go_forward()
    here.page.wait_for_selector(here.field("prompt"))
    whole(here, "prompt")
    here.page.reload()
    whole(here, "prompt")
    here.page.goto("/w/acme/")
    here.page.go_back()
    here.page.wait_for_selector(here.field("prompt"))
    whole(here, "prompt")
    here.type("prompt", "!")
    here.wait_saved()
    assert here.data["prompt"] == "Hello!"


JUMP_MS = 300
# For a machine that does other things too; ``bench`` measures the time itself.
SLACK = 3


def test_a_problem_leads_to_its_field_at_once(seat: Sit, alice: Actor) -> None:
    """(28) Focused, unfolded, on the screen, with its error."""
    here = seat(alice, viewport={"width": 1100, "height": 400})
    here.patch(alice, {"limits": {"most": 99}})
    assert median(jump_time(here) for _ in range(3)) <= JUMP_MS * SLACK
    field = here.page.locator(here.field("limits.most"))
    expect(field).to_be_focused()
    expect(field).to_be_in_viewport(ratio=1)
    assert here.page.locator("#field-limits\\.most_error").is_visible()
    assert here.page.locator("dialog[open]").count() == 0


def jump_time(here: Seat) -> float:
    """Milliseconds from the press on a problem to the focus in its field."""
    here.open("places/")
    here.page.click("#problems")
    here.page.wait_for_selector("#modal .problem")
    here.page.evaluate(
        """() => {
          document.addEventListener('focusin', (event) => {
            if (event.target.name === 'limits.most') window.__focused ??= performance.now();
          });
          window.__pressed = performance.now();
          document.querySelector('#modal .problem[data-severity=error]').click();
        }"""
    )
    here.page.wait_for_function("() => window.__focused")
    took: float = here.page.evaluate("window.__focused - window.__pressed")
    return took


def test_the_address_of_a_problem_works_by_itself(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    here.open("prompt/?focus=prompt")
    here.page.wait_for_function("() => document.activeElement.name === 'prompt'")


def test_a_slash_opens_the_variables(seat: Sit, alice: Actor) -> None:
    here = seat(alice, "prompt/")
    menu = here.page.locator("#variables-menu")
    here.type("prompt", " https://x/")
    assert menu.is_hidden()
    here.page.keyboard.type(" for /us")
    assert menu.is_visible()
    count = here.page.locator("#variables-menu + [role=status]")
    assert count.text_content() == "2 variables"
    here.page.keyboard.type("er_email")
    assert count.text_content() == "1 variable"
    box = here.page.locator(here.field("prompt"))
    assert box.get_attribute("aria-activedescendant") == "variables-menu-0"
    here.page.keyboard.press("Enter")
    assert box.input_value() == "Hello https://x/ for {{user_email}}"
    assert menu.is_hidden()
    here.page.keyboard.type(" /")
    here.page.keyboard.press("Escape")
    here.page.keyboard.type("nothing")
    assert menu.is_hidden()
    here.wait_saved()
    assert here.data["prompt"] == "Hello https://x/ for {{user_email}} /nothing"


def test_the_variables_have_a_button_and_can_be_made(seat: Sit, alice: Actor) -> None:
    here = seat(alice, "prompt/")
    here.type("prompt", " ")
    here.page.click("[data-insert-variable]")
    assert here.page.is_visible("#variables-menu")
    here.page.keyboard.press("Escape")
    here.page.keyboard.type("{{order_id")
    here.page.keyboard.press("ArrowUp")
    here.page.keyboard.press("Tab")
    assert here.page.input_value(here.field("prompt")) == "Hello {{order_id}}"
    here.page.wait_for_function(
        "() => document.getElementById('prompt-variables').textContent.includes('order_id')"
    )
    here.wait_saved()
    assert here.data["places"] == [{"name": "order_id"}]
    assert here.data["prompt"] == "Hello {{order_id}}"


def test_items_are_added_renamed_moved_and_removed(seat: Sit, alice: Actor) -> None:
    here = seat(alice, "places/")
    for _ in range(2):
        here.page.click("[data-add-item]")
        here.page.wait_for_function("() => document.activeElement.name?.endsWith('.name')")
        here.page.evaluate("document.activeElement.blur()")
    here.page.fill('[name="places.place_1.name"]', "attic")
    here.page.keyboard.press("Tab")
    here.page.keyboard.type("Up there")
    here.page.wait_for_selector('[name="places.attic.label"]')
    assert here.page.evaluate("document.activeElement.name") == "places.attic.label"
    here.wait_saved()
    assert here.data["places"] == [
        {"name": "attic", "label": "Up there"},
        {"name": "place_2"},
    ]
    here.page.click("#down-places-attic")
    here.page.wait_for_function(
        "() => document.querySelector('[data-item]').dataset.item === 'place_2'"
    )
    here.wait_saved()
    assert [place["name"] for place in here.data["places"]] == ["place_2", "attic"]
    here.page.click("#item-places-place_2 button[value^=remove]")
    here.page.wait_for_selector("#item-places-place_2", state="detached")
    here.wait_saved()
    assert here.data["places"] == [{"name": "attic", "label": "Up there"}]


def test_a_name_that_cannot_be_is_refused_at_its_box(seat: Sit, alice: Actor) -> None:
    here = seat(alice, "places/")
    here.page.click("[data-add-item]")
    here.page.wait_for_function("() => document.activeElement.name?.endsWith('.name')")
    here.page.fill('[name="places.place_1.name"]', "")
    here.page.keyboard.press("Tab")
    here.wait_for("refused")
    assert "needs a name" in here.page.inner_text("#field-places\\.place_1\\.name_error")
    assert here.data["places"] == [{"name": "place_1"}]


def test_side_columns_fold_away_and_stay_so(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    here.page.keyboard.press("Control+b")
    here.page.keyboard.press("Control+e")
    assert here.page.locator("#steps").is_hidden()
    assert here.page.locator("#preview").is_hidden()
    here.page.reload()
    assert here.page.locator("#steps").is_hidden()
    here.page.keyboard.press("Control+b")
    assert here.page.locator("#steps").is_visible()


def test_on_a_phone_steps_are_a_select_and_the_preview_a_sheet(seat: Sit, alice: Actor) -> None:
    here = seat(alice, viewport={"width": 375, "height": 812})
    assert here.page.locator("#steps").is_hidden()
    assert here.page.locator("#preview").is_hidden()
    here.page.select_option("#step-select", "prompt")
    here.page.wait_for_selector(here.field("prompt"))
    here.page.click("#test")
    here.page.wait_for_selector("#preview", state="visible")
    here.page.keyboard.press("Escape")
    here.page.wait_for_selector("#preview", state="hidden")
    assert here.page.evaluate("document.documentElement.scrollWidth") <= 375


def test_the_look_is_painted_without_a_request(seat: Sit, alice: Actor) -> None:
    """(27)"""
    here = seat(alice)
    here.page.evaluate(
        """() => {
          document.querySelector('[name=notes]').dataset.profile = 'title';
          addEventListener('privexbot:profile', (event) => { window.__painted = event.detail; });
        }"""
    )
    here.type("notes", "T")
    assert here.page.evaluate("window.__painted") == {"title": "T"}
    assert here.saves == []


def test_on_a_phone_the_preview_is_a_sheet_that_escape_leaves(seat: Sit, alice: Actor) -> None:
    here = seat(alice, viewport={"width": 390, "height": 800})
    button = here.page.locator("#test")
    assert button.get_attribute("aria-expanded") == "false"
    button.click()
    assert here.page.locator("#preview-panel").is_visible()
    assert button.get_attribute("aria-expanded") == "true"
    here.page.keyboard.press("Escape")
    here.page.locator("#preview-panel").wait_for(state="hidden")
    assert button.get_attribute("aria-expanded") == "false"
    assert here.page.evaluate("document.activeElement.id") == "test"
