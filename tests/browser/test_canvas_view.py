"""What somebody sees of a canvas while it changes under their hands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_canvas import Seat, address, drawn
from tests.support.browser import TIMEOUT_MS, sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.support.live import Live
    from workspaces.access import Actor

START: dict[str, Any] = {"id": "start", "type": "trigger", "position": {"x": 0, "y": 0}}
# How large words are on the screen, as a part of what the stylesheet says.
SCALE = "(box) => box.getBoundingClientRect().height / box.offsetHeight"
# How many texts are not read to their end.
CUT = """(all) => all.filter((text) =>
  text.scrollWidth > text.clientWidth || text.scrollHeight > text.clientHeight).length"""
# How many cards are in sight.
SEEN = """(all) => all.map((card) => card.getBoundingClientRect())
  .filter(({top, bottom}) => top >= 56 && bottom <= innerHeight).length"""
# Whether the view has come to rest.
RESTS = """() => {
  const now = document.querySelector(".react-flow__viewport").style.transform;
  const rests = window.__view === now;
  window.__view = now;
  return rests;
}"""


class Viewer(Seat):
    """Somebody whose screen moves."""

    @property
    def zoom(self) -> int:
        self.page.wait_for_function(RESTS, polling=150)
        return int(self.page.locator(".canvas-percent").inner_text().split()[0])

    def add(self, kind: str) -> None:
        self.page.get_by_role("button", name="Add node").click()
        self.page.get_by_role("combobox", name="Search nodes to add").fill(kind)
        self.page.keyboard.press("Enter")

    def top(self, node_id: str) -> float:
        box = self.node(node_id).bounding_box()
        assert box
        return box["y"]


@pytest.fixture
def page(browser: Browser, live: Live, alice: Actor) -> Iterator[Page]:
    context = browser.new_context(base_url=live.url, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(TIMEOUT_MS)
    sign_in(context, live, alice)
    yield context.new_page()
    context.close()


def opened(page: Page, alice: Actor, *nodes: dict[str, Any]) -> Viewer:
    viewer = Viewer(page)
    page.goto(address(alice, drawn(alice, {"name": "Flow", "nodes": [START, *nodes]})))
    expect(viewer.node("start")).to_be_visible()
    return viewer


def test_adding_shifts_the_view_and_never_zooms_it(page: Page, alice: Actor) -> None:
    viewer = opened(page, alice)
    before = viewer.zoom
    added = page.locator(".react-flow__node.selected")
    for number in range(1, 9):
        viewer.add("response")
        expect(page.locator(".react-flow__node")).to_have_count(number + 1)
        expect(added).to_be_in_viewport(ratio=1)
        assert viewer.zoom == before
    # What the next one would be connected with is still there, and told from the others.
    assert page.locator(".canvas-card").evaluate_all(SEEN) >= 6
    expect(added).to_contain_text(re.compile(r"response\d+ · Says something\."))
    name = re.compile(r"^Response response\d+, still to be filled in, ")
    expect(added).to_have_accessible_name(name)
    added.locator(".canvas-badge").hover()
    expect(added.locator(".canvas-tip li").first).to_have_text("still to be filled in")
    page.get_by_role("button", name="Add node").click()
    notes = page.get_by_role("option").locator(".help")
    expect(notes.first).to_be_visible()
    assert notes.evaluate_all(CUT) == 0


def test_what_is_too_small_to_be_read_comes_nearer_when_it_is_added(
    page: Page, alice: Actor
) -> None:
    far = {"id": "far", "type": "response", "position": {"x": 9000, "y": 0}}
    viewer = opened(page, alice, far)
    assert viewer.zoom < 20
    viewer.add("response")
    expect(viewer.node("response1")).to_be_focused()
    assert viewer.zoom == 50


def test_a_card_that_grows_moves_what_it_would_lie_over(page: Page, alice: Actor) -> None:
    """And a note shows its lines, and tips are as large at any zoom."""
    note = {"id": "note", "type": "comment", "position": {"x": 0, "y": 80}}
    delay = {"id": "delay", "type": "delay", "position": {"x": 0, "y": 160}}
    viewer = opened(page, alice, note, delay)
    viewer.node("note").click()
    text = page.locator('#inspector [name="nodes.note.data.text"]')
    with viewer.saving():
        text.fill("\n".join(f"Line {number}" for number in range(1, 7)))
        expect(viewer.node("note")).to_contain_text("Line 6")
    assert viewer.zoom
    box = viewer.node("note").bounding_box()
    assert box
    assert viewer.top("delay") >= box["y"] + box["height"]
    assert "Line 1\nLine 2" in viewer.node("note").inner_text()

    card = viewer.node("delay")
    for presses in (0, 3):
        for _press in range(presses):
            page.get_by_role("button", name="Zoom out").click()
            assert viewer.zoom
        card.locator(".canvas-badge").hover()
        assert card.locator(".canvas-tip li").first.evaluate(SCALE) == pytest.approx(1, abs=0.03)


def test_who_connects_in_the_list_stays_there(page: Page, alice: Actor) -> None:
    responses = [{"id": f"r{number}", "type": "response"} for number in range(1, 9)]
    draft = drawn(alice, {"name": "Flow", "nodes": [START, *responses]})
    page.goto(f"{address(alice, draft)}?view=list")
    page.get_by_role("link", name="Add a node after Response r2").click()
    target = page.get_by_label("To", exact=True)
    expect(target).to_be_focused()
    target.select_option("r5")
    connect = page.get_by_role("button", name="Connect")
    before = connect.bounding_box()
    connect.click()
    expect(page.locator("#leads-r2")).to_have_text("→ Response r5")
    expect(connect).to_be_focused()
    expect(target).to_have_value("r5")
    after = connect.bounding_box()
    assert before
    assert after
    assert abs(after["y"] - before["y"]) < 40
    target.select_option(label="New: Delay")
    connect.click()
    expect(page.locator('[name="nodes.delay1.data.label"]')).to_be_focused()
    expect(page.get_by_role("link", name="Response r2 → Delay delay1")).to_be_attached()
