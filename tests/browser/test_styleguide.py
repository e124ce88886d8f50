"""The components themselves: accessible, within small screens, operable by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.axe import violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.support.live import Live

PAGES = ("/styleguide/", "/styleguide/builder/")
WIDER_THAN_THE_SCREEN = "document.documentElement.scrollWidth > innerWidth"
LARGE_TEXT = "document.documentElement.style.fontSize = '200%'"


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(page: Page, path: str, theme: str, width: int) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(path)
    assert violations(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wider_than_a_small_screen(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(path)
    assert not page.evaluate(WIDER_THAN_THE_SCREEN)


@pytest.mark.parametrize("path", PAGES)
def test_text_may_be_twice_as_large(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 1024, "height": 768})
    page.goto(path)
    page.evaluate(LARGE_TEXT)
    assert not page.evaluate(WIDER_THAN_THE_SCREEN)


def test_what_turns_while_something_is_done_stands_in_the_line_of_its_words(page: Page) -> None:
    page.goto("/styleguide/")
    line = '<p class="help"><svg class="icon spin"></svg> Cutting</p><p class="help">Cutting</p>'
    page.evaluate(
        "(html) => document.querySelector('main').insertAdjacentHTML('beforeend', html)", line
    )
    with_sign, without = (each.bounding_box() for each in page.locator("main > .help").all()[-2:])
    assert with_sign
    assert without
    assert with_sign["height"] == without["height"]


def test_a_chosen_theme_is_in_the_first_answer(page: Page) -> None:
    page.goto("/styleguide/")
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("menuitemradio", name="Dark").click()
    assert page.request.get("/styleguide/").text().count('data-theme="dark"') == 1
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(12, 17, 27)"


def test_a_menu_by_keyboard(page: Page) -> None:
    page.goto("/styleguide/")
    button = page.get_by_role("button", name="Menu", exact=True)
    button.focus()
    page.keyboard.press("ArrowDown")
    menu = page.get_by_role("menu", name="Menu", exact=True)
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(menu.get_by_role("menuitem", name="Open")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(menu.get_by_role("menuitem", name="Delete")).to_be_focused()
    page.keyboard.press("d")
    expect(menu.get_by_role("menuitem", name="Duplicate")).to_be_focused()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()


def test_a_dialog_gives_the_focus_back(page: Page) -> None:
    page.goto("/styleguide/")
    page.get_by_role("button", name="Dialog").click()
    dialog = page.get_by_role("dialog", name="Abandon this draft?")
    expect(dialog).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Dialog")).to_be_focused()


def test_a_press_outside_closes_a_dialog_and_one_inside_does_not(page: Page) -> None:
    page.goto("/styleguide/")
    page.get_by_role("button", name="Dialog").click()
    dialog = page.get_by_role("dialog", name="Abandon this draft?")
    dialog.get_by_text("What is live stays").click()
    expect(dialog).to_be_visible()
    page.mouse.click(5, 5)
    expect(dialog).to_be_hidden()


def test_a_toast_is_a_status_with_an_action(page: Page) -> None:
    page.goto("/styleguide/")
    page.get_by_role("button", name="Toast").click()
    toast = page.get_by_role("status", name="Notifications").get_by_text("Draft abandoned")
    expect(toast).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Undo").last.click()
    expect(toast).to_be_hidden()


def test_a_slider_and_its_number_are_one_value(page: Page) -> None:
    page.goto("/styleguide/")
    form = page.get_by_role("form", name="Filled in")
    number, slider = form.get_by_role("spinbutton"), form.get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(number).to_have_value("0.8")
    number.fill("1.5")
    expect(slider).to_have_value("1.5")


def test_the_rows_of_a_list_move_without_dragging(page: Page) -> None:
    page.goto("/styleguide/")
    lists = page.get_by_role("form", name="Lists")
    lists.get_by_role("button", name="Move down").first.click()
    expect(lists.get_by_role("textbox", name="Prompt 1")).to_have_value("Learn more")
    lists.get_by_role("button", name="Add prompt").click()
    expect(lists.get_by_role("textbox", name="Prompt 3")).to_be_focused()


def test_the_keys_are_listed_but_not_while_writing(page: Page) -> None:
    page.goto("/styleguide/")
    page.get_by_role("textbox", name="Prompt 1").press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("heading", name="Style guide").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    assert violations(page) == []


def test_the_preview_of_the_builder_is_a_sheet_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 812})
    page.goto("/styleguide/builder/")
    sheet = page.get_by_role("complementary", name="Preview")
    expect(sheet).to_be_hidden()
    page.get_by_role("button", name="Test").click()
    expect(sheet).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_nothing_moves_for_who_wants_no_motion(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto("/styleguide/")
    moving = (
        "document.getAnimations().filter(a => a.effect.getComputedTiming().duration > 0).length"
    )
    assert page.evaluate(moving) == 0


def test_pages_work_without_a_script(browser: Browser, live: Live) -> None:
    context = browser.new_context(base_url=live.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/styleguide/")
    page.get_by_role("button", name="Theme").click()
    expect(page.get_by_role("menuitemradio", name="Dark")).to_be_visible()
    context.close()
