"""Two ways to do one and the same at the builder: with a mouse, and with nothing but keys."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from playwright.sync_api import expect

from tests.browser.actors import Builder

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

# More than any page of the story has to go through with Tab.
STOPS = 80
IS_FOCUSED = "(element) => element.getRootNode().activeElement === element"
MIDDLE_OF_LINE = """(line) => {
  const {x, y} = line.getPointAtLength(line.getTotalLength() / 2);
  const at = new DOMPoint(x, y).matrixTransform(line.getScreenCTM());
  return [at.x, at.y];
}"""


@dataclass
class Hand(Builder, ABC):
    """Somebody who draws, and what is seen of it."""

    @abstractmethod
    def press(self, what: Locator) -> None:
        """A button, a link, a fold or a box to tick."""

    @abstractmethod
    def write(self, box: Locator, text: str) -> None:
        """Into a box, instead of what is in it."""

    @abstractmethod
    def pick(self, box: Locator, option: str) -> None:
        """One of the options of a box."""

    @abstractmethod
    def open(self, node_id: str) -> None:
        """The settings of a node."""

    @abstractmethod
    def draw(self) -> None:
        """A start, a model, a condition, a knowledge base with a response on one side of it and a
        response on the other: the condition behind the start, and the model and the base put on
        the lines that were there."""

    def at(self, page: Page) -> Self:
        """The same hand on another page."""
        return replace(self, page=page)

    def node(self, node_id: str) -> Locator:
        return self.page.locator(f'.react-flow__node[data-id="{node_id}"]')

    def form(self, node_id: str) -> Locator:
        return self.page.locator(f'#inspector [data-node="{node_id}"]')

    def fill_in(self, node_id: str, label: str, text: str) -> None:
        """A setting of the node whose form is open."""
        with self.saving():
            self.write(self.form(node_id).get_by_label(label, exact=True), text)

    def turn_to_preview(self) -> None:
        """It stands in the settings' place, where there is no room for both."""
        switch = self.page.locator("#inspector [data-shows-side=preview]")
        if switch.is_visible():
            self.press(switch)
        expect(self.page.locator("#preview")).to_be_visible()

    def say(self, chat: Locator, text: str) -> None:
        self.write(chat.get_by_role("textbox").last, text)
        self.page.keyboard.press("Enter")

    @property
    def log(self) -> Locator:
        return self.page.locator("#run-log")

    def entry(self, name: str) -> Locator:
        return self.log.locator("details", has=self.page.locator(".run-name", has_text=name))

    def sees_run(self, *nodes: str, taken: int) -> None:
        """The log has these nodes and no others, the canvas shows them done, and the lines between
        them as taken."""
        names = [re.compile(f"{node_id}$", re.IGNORECASE) for node_id in nodes]
        expect(self.log.locator(".run-name")).to_have_text(names)
        for node_id in nodes:
            card = self.node(node_id).locator(".canvas-card")
            expect(card).to_have_attribute("data-run", "ok")
        expect(self.page.locator(".canvas-card[data-run]")).to_have_count(len(nodes))
        expect(self.page.locator(".canvas-taken")).to_have_count(taken)


class Mouse(Hand):
    """Points, presses and drags; the keyboard only writes texts."""

    def press(self, what: Locator) -> None:
        what.click()

    def write(self, box: Locator, text: str) -> None:
        box.click(click_count=3)
        self.page.keyboard.type(text)
        expect(box).to_have_value(text)

    def pick(self, box: Locator, option: str) -> None:
        box.select_option(label=option)

    def open(self, node_id: str) -> None:
        self.node(node_id).click()
        expect(self.form(node_id)).to_be_visible()

    def draw(self) -> None:
        self.drag_from_palette("Condition", right_of="start")
        self.made("condition1")
        self.connect(self.way("start"), self.node("condition1").locator(".target"))
        self.insert("LLM", before="Condition")
        self.made("llm1")
        self.connect_to_new(self.way("condition1", "true"), "Response")
        self.made("response1")
        self.insert("Knowledge base", before="Response")
        self.made("knowledge_base1")
        self.add("Response")
        self.made("response2")
        self.connect(self.way("condition1", "false"), self.node("response2").locator(".target"))

    def made(self, node_id: str) -> None:
        """A node whose form is there, so that nothing makes room for it any more."""
        with self.saving():
            expect(self.form(node_id)).to_be_visible()
        self.page.get_by_role("button", name="Show the whole flow").click()

    def way(self, node_id: str, handle: str = "") -> Locator:
        """Where the lines of one way on begin."""
        name = f'[data-handleid="{handle}"]' if handle else ""
        return self.node(node_id).locator(f".react-flow__handle.source{name}")

    def add(self, kind: str) -> None:
        self.page.get_by_role("button", name="Add node", exact=True).click()
        self.choice(kind).click()

    def choice(self, kind: str) -> Locator:
        return self.page.get_by_role("option", name=re.compile(f"^{kind}"))

    def drag_from_palette(self, kind: str, right_of: str) -> None:
        self.page.get_by_role("button", name="Add node", exact=True).click()
        x, y = middle(self.node(right_of))
        self.choice(kind).hover()
        self.drag_to(x + 360, y)

    def connect(self, way: Locator, target: Locator) -> None:
        way.hover()
        with self.saving():
            self.drag_to(*middle(target))

    def connect_to_new(self, way: Locator, kind: str) -> None:
        """Let the line go where nothing is, and choose what is to be there."""
        way.hover()
        x, y = middle(way)
        self.drag_to(x - 80, y - 200)
        self.choice(kind).click()

    def insert(self, kind: str, before: str) -> None:
        """On the line to the only node of a kind."""
        line = self.page.locator(f'.react-flow__edge[aria-label$=" to {before}"]')
        self.page.mouse.move(*self.middle_at_rest(line.locator(".react-flow__edge-path")))
        line.locator(".canvas-wire-tool").first.click()
        self.choice(kind).click()

    def middle_at_rest(self, path: Locator) -> list[float]:
        """Where the middle of a line is once the view moves no more."""
        before, found = None, path.evaluate(MIDDLE_OF_LINE)
        while found != before:
            self.page.wait_for_timeout(100)
            before, found = found, path.evaluate(MIDDLE_OF_LINE)
        return list(found)

    def drag_to(self, x: float, y: float) -> None:
        self.page.mouse.down()
        self.page.mouse.move(x, y, steps=6)
        self.page.mouse.up()


class Keyboard(Hand):
    """Presses keys, and nothing else."""

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def reach(self, what: Locator) -> None:
        """Go on with Tab until it has the focus."""
        expect(what).to_be_visible()
        for _ in range(STOPS):
            if what.evaluate(IS_FOCUSED):
                return
            self.keys("Tab")
        raise AssertionError(f"Tab does not lead to {what}")

    def press(self, what: Locator) -> None:
        self.reach(what)
        self.keys("Space" if what.get_attribute("type") == "checkbox" else "Enter")

    def write(self, box: Locator, text: str) -> None:
        self.reach(box)
        self.keys("Control+a")
        self.page.keyboard.type(text)
        expect(box).to_have_value(text)

    def pick(self, box: Locator, option: str) -> None:
        self.reach(box)
        self.page.keyboard.type(option)
        expect(box.locator("option:checked")).to_have_text(option)

    def open(self, node_id: str) -> None:
        """By the list of nodes, in which one is found by its name."""
        self.reach(self.page.get_by_role("button", name="Find a node"))
        self.keys("Control+f")
        self.choose(node_id)
        expect(self.node(node_id)).to_be_focused()
        self.keys("Enter")
        expect(self.form(node_id).get_by_label("Name", exact=True).first).to_be_focused()

    def draw(self) -> None:
        self.reach(self.node("start"))
        self.keys("a")
        self.choose("Condition", makes="condition1")
        self.insert("LLM", makes="llm1")
        self.keys("ArrowRight", "a")
        self.choose("Response", makes="response1")
        self.insert("Knowledge base", makes="knowledge_base1")
        self.keys("ArrowLeft", "c")
        self.choose("False")
        self.choose("New node")
        self.choose("Response", makes="response2")

    def insert(self, kind: str, makes: str) -> None:
        """On the only line of the node that is focused."""
        self.keys("e", "Enter")
        expect(self.page.get_by_role("menuitem").first).to_be_focused()
        self.keys("Enter")
        self.choose(kind, makes=makes)

    def choose(self, what: str, makes: str = "") -> None:
        """In a list that is searched by writing; ``makes`` is the node that comes of it."""
        box = self.page.locator(".canvas-picker").get_by_role("combobox")
        expect(box).to_be_focused()
        expect(box).to_have_value("")
        self.page.keyboard.type(what)
        with self.saving():
            self.keys("Enter")
        if makes:
            expect(self.node(makes)).to_be_focused()


def middle(of: Locator) -> tuple[float, float]:
    box = of.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
