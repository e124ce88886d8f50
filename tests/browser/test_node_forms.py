"""Settings of nodes in a browser: what is pressed is done, whatever the form says meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from drafts import creating
from drafts.types import draft_types
from tests.support.browser import sign_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Locator, Page

    from tests.support.live import Live
    from workspaces.access import Actor

# As long as an answer needs to come, and less than a press may hold it up.
PRESSED_MS = 1000
NODES: list[dict[str, Any]] = [
    {"id": "start", "type": "trigger"},
    {"id": "agent1", "type": "agent", "data": {"prompt": "{{input}}"}},
    {"id": "http1", "type": "http", "data": {"url": "https://example.com/"}},
    {"id": "switch1", "type": "switch", "data": {"cases": [{"id": "way1", "label": "First"}]}},
]


@pytest.fixture
def open_node(
    context: BrowserContext, page: Page, live: Live, alice: Actor
) -> Callable[..., Locator]:
    """Goes to a setting of a node, by the node's id."""
    sign_in(context, live, alice)
    draft = creating.create(alice, draft_types.get("chatflow"), {"name": "Forms", "nodes": NODES})

    def opened(node_id: str, setting: str = "label") -> Locator:
        at = f"/w/{alice.workspace.slug}/chatflows/draft/{draft.id}/workflow/"
        page.goto(f"{at}?focus=nodes.{node_id}.data.{setting}")
        form = page.locator(f'[data-node="{node_id}"]')
        expect(form).to_be_visible()
        return form

    return opened


def press_slowly(button: Locator) -> None:
    """As a person does whose answers come while the button is down."""
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box
    mouse = button.page.mouse
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.down()
    button.page.wait_for_timeout(PRESSED_MS)
    assert button.bounding_box() == box
    mouse.up()


def adder(form: Locator, setting: str) -> Locator:
    return form.locator(f'[data-rows-editor]:has([name$=".data.{setting}"]) > button')


def rows(form: Locator, setting: str) -> Locator:
    return form.locator(f'[data-rows-editor]:has([name$=".data.{setting}"]) .rows-row')


def test_what_is_wrong_with_rows_takes_no_click_away(open_node: Callable[..., Locator]) -> None:
    form = open_node("agent1")
    adder(form, "tools").click()
    adder(form, "tools").click()
    form.page.wait_for_timeout(PRESSED_MS)
    press_slowly(adder(form, "servers"))
    expect(rows(form, "servers")).to_have_count(1)
    expect(form.locator(".field-error:visible, .fault").first).to_be_visible()


def test_what_is_saved_as_a_box_is_left_takes_no_click_away(
    open_node: Callable[..., Locator],
) -> None:
    form = open_node("http1")
    adder(form, "headers").click()
    form.page.locator('[name="nodes.http1.data.body_type"]').select_option("json")
    press_slowly(adder(form, "fields"))
    expect(rows(form, "fields")).to_have_count(1)


def test_what_was_mended_as_a_box_is_left_takes_no_click_away(
    open_node: Callable[..., Locator],
) -> None:
    form = open_node("agent1")
    prompt = form.page.locator('[name="nodes.agent1.data.prompt"]')
    prompt.fill("")
    prompt.blur()
    expect(prompt).to_have_attribute("aria-invalid", "true")
    prompt.fill("{{input}}")
    press_slowly(adder(form, "tools"))
    expect(rows(form, "tools")).to_have_count(1)
    expect(prompt).not_to_have_attribute("aria-invalid", "true")


def test_a_row_that_was_added_is_filled_in_before_it_is_judged(
    open_node: Callable[..., Locator],
) -> None:
    form = open_node("switch1", "cases.0.condition")
    told = form.locator(".field-error:visible, .fault")
    expect(told).to_contain_text("Condition of number 1 in “Cases” is required")
    form.get_by_role("button", name="Remove").click()
    form.locator('[name$=".data.label"]').click()
    expect(told).to_contain_text("Add at least one entry to Cases")
    adder(form, "cases").click()
    form.page.wait_for_timeout(PRESSED_MS)
    expect(told).to_have_count(0)
    form.locator('[name$=".data.label"]').click()
    expect(told).to_contain_text("Condition of number 1 in “Cases” is required")
