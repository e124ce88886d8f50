"""A flow is drawn, run and deployed by somebody in a browser: by mouse, and again by keyboard."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from chatflows.models import Chatflow
from conversations.models import Message
from drafts import creating
from drafts.types import draft_types
from tests.browser.actors import Builder
from tests.browser.test_story import sign_in_by_hand
from tests.support.live import start_web

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

    from tests.browser.actors import Chat
    from tests.servers.model import ModelServer
    from tests.support.live import Live
    from workspaces.access import Actor

BILLING, OTHER = "Our accountants write to you.", "Ask me about invoices."
INTENT = '{"intent": "billing"}'
TWO_MODELS = {
    "name": "Billing",
    "nodes": [
        {"id": "start", "type": "trigger", "position": {"x": 0, "y": 0}},
        {
            "id": "llm1",
            "type": "llm",
            "position": {"x": 0, "y": 150},
            "data": {"prompt": "What is it about? {{input}}"},
        },
        {
            "id": "condition1",
            "type": "condition",
            "position": {"x": 0, "y": 300},
            "data": {"condition": "llm1.intent == 'billing'"},
        },
        {
            "id": "llm2",
            "type": "llm",
            "position": {"x": 0, "y": 450},
            "data": {"prompt": "Answer {{input}}"},
        },
        {
            "id": "say",
            "type": "response",
            "position": {"x": 0, "y": 600},
            "data": {"message": "{{llm2}}"},
        },
    ],
    "edges": [
        {"id": "e1", "source": "start", "target": "llm1"},
        {"id": "e2", "source": "llm1", "target": "condition1"},
        {"id": "e3", "source": "condition1", "target": "llm2", "sourceHandle": "true"},
        {"id": "e4", "source": "llm2", "target": "say"},
    ],
}


@pytest.fixture(scope="module")
def _with_model(django_db_setup: None, _running_model_server: ModelServer) -> Iterator[Live]:
    live = start_web(LLM_BASE_URL=_running_model_server.url)
    yield live
    live.child.stop()


@pytest.fixture
def live(_with_model: Live, transactional_db: None, redis_clean: None) -> Live:
    """The product with a language model behind it."""
    return _with_model


@dataclass
class FlowBuilder(Builder):
    """Somebody at the canvas."""

    def begin(self, name: str) -> None:
        page = self.page
        page.get_by_role("link", name="Chatflows").click()
        page.get_by_role("button", name="New chatflow").first.click()
        with self.saving():
            page.get_by_role("textbox", name="Name", exact=True).last.fill(name)
        page.get_by_role("navigation", name="Steps").get_by_role("link", name="Workflow").click()
        expect(self.node("start")).to_be_visible()

    def node(self, node_id: str) -> Locator:
        return self.page.locator(f'.react-flow__node[data-id="{node_id}"]')

    def set(self, node_id: str, label: str, value: str) -> None:
        """A setting of the node that was just added, whose form comes by itself."""
        form = self.page.locator(f'#inspector [data-node="{node_id}"]')
        with self.saving():
            form.get_by_label(label, exact=True).fill(value)

    def add_by_keyboard(self, after: str, kind: str) -> None:
        """A node behind another one, connected with it."""
        self.node(after).focus()
        self.page.keyboard.press("a")
        self.page.keyboard.type(kind)
        self.page.keyboard.press("Enter")

    def add_by_mouse(self, kind: str) -> None:
        self.page.get_by_role("button", name="Add node", exact=True).click()
        self.page.get_by_role("option", name=re.compile(f"^{kind}")).click()

    def connect(self, source: str, target: str, handle: str = "") -> None:
        """Drag from a handle of one node to another node."""
        from_, to = self.node(source), self.node(target)
        ways = from_.locator(".react-flow__handle.source")
        way = ways.filter(has=self.page.locator(f'xpath=self::*[@data-handleid="{handle}"]'))
        start = (way if way.count() else ways).first.bounding_box()
        end = to.locator(".react-flow__handle.target").first.bounding_box()
        assert start
        assert end
        mouse = self.page.mouse
        mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
        mouse.down()
        mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=8)
        mouse.up()

    def ways(self) -> list[str]:
        """By which way each node of the log was left, where it has several."""
        steps = self.page.locator("#run-log .run-step").all()
        return ["".join(each.locator(".run-way").all_inner_texts())[2:] for each in steps]

    def states(self) -> list[str]:
        return self.page.locator("#run-log .run-state").all_inner_texts()

    @property
    def preview(self) -> Chat:
        """In the settings' place, where there is no room for both."""
        switch = self.page.locator("#inspector [data-shows-side=preview]")
        if switch.is_visible():
            switch.click()
        return super().preview

    def ran(self) -> list[str]:
        entries = self.page.locator("#run-log .run-name")
        return [each.strip() for each in entries.all_inner_texts()]


@pytest.fixture
def builder(page: Page) -> FlowBuilder:
    return FlowBuilder(page)


def test_a_flow_is_drawn_by_keyboard_run_and_deployed(
    builder: FlowBuilder, bob: Actor, model_server: ModelServer
) -> None:
    page = builder.page
    sign_in_by_hand(page, bob)
    builder.begin("Billing")
    builder.add_by_keyboard("start", "LLM")
    builder.set("llm1", "Prompt", "What is it about? {{input}}")
    builder.add_by_keyboard("llm1", "Condition")
    builder.set("condition1", "Condition", "{{llm1.intent}} === 'billing'")
    builder.add_by_keyboard("condition1", "Response")
    builder.set("response1", "Message", BILLING)
    builder.add_by_keyboard("condition1", "Response")
    builder.set("response2", "Message", OTHER)
    expect(page.locator(".react-flow__edge")).to_have_count(4)
    step = page.get_by_role("navigation", name="Steps").get_by_role("link", name="Workflow")
    expect(step).to_have_attribute("data-state", re.compile("done|warning"))

    model_server.reply(INTENT)
    builder.preview.say("My invoice is wrong")
    builder.preview.answered_whole(BILLING)
    assert builder.ran() == ["start", "llm1", "condition1", "response1"]
    model_server.reply('{"intent": "weather"}')
    builder.preview.say("Will it rain?")
    builder.preview.answered(OTHER)
    expect(page.locator("#run-log .run-name").last).to_have_text("response2")
    assert builder.ran() == ["start", "llm1", "condition1", "response2"]

    builder.go("Deploy")
    page.get_by_role("link", name="Deploy", exact=True).last.click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^Deploy")).click()
    expect(page).to_have_url(re.compile("/deployed/$"))
    flow = Chatflow.objects.get()
    assert flow.live_release is not None
    edges = flow.live_release.configuration["edges"]
    assert {edge["sourceHandle"] for edge in edges} == {"", "true", "false"}
    assert not Message.objects.exists()


def test_a_flow_is_drawn_by_mouse(
    builder: FlowBuilder, bob: Actor, model_server: ModelServer
) -> None:
    del model_server
    page = builder.page
    sign_in_by_hand(page, bob)
    builder.begin("Hello")
    with builder.saving():
        builder.add_by_mouse("Response")
    builder.set("response1", "Message", "Hello {{input}}")
    page.get_by_role("button", name="Show the whole flow").click()
    page.wait_for_timeout(600)  # the canvas moves to show all of it
    with builder.saving():
        builder.connect("start", "response1")
    expect(page.locator(".react-flow__edge")).to_have_count(1)
    builder.preview.say("Ana")
    builder.preview.answered_whole("Hello Ana")
    with builder.saving():
        page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.locator(".react-flow__edge")).to_have_count(0)


def test_a_prompt_is_mended_and_the_run_done_again_from_there(
    builder: FlowBuilder, bob: Actor, model_server: ModelServer
) -> None:
    page, kind = builder.page, draft_types.get("chatflow")
    draft = creating.create(bob, kind, TWO_MODELS)
    sign_in_by_hand(page, bob)
    page.goto(f"/w/{bob.workspace.slug}/chatflows/draft/{draft.id}/workflow/")
    model_server.reply(INTENT, "Too short")
    builder.preview.say("My invoice is wrong")
    builder.preview.answered_whole("Too short")
    log = page.locator("#run-log")
    assert builder.ways() == ["", "", "True", "", ""]

    builder.node("llm2").click()
    form = page.locator('#inspector [data-node="llm2"]')
    with builder.saving():
        form.get_by_label("Prompt", exact=True).fill("Be thorough about {{llm1.intent}}")
    form.get_by_role("button", name="Preview", exact=True).click()
    log.locator("summary", has_text="llm2").click()
    model_server.reset()
    model_server.reply("A long answer")
    log.get_by_role("button", name="Run again from here").click()
    expect(log.locator(".run-note")).to_contain_text("A long answer")
    (asked,) = model_server.chats
    assert "Be thorough about billing" in asked.prompt
    assert builder.states() == ["As before", "As before", "As before", "Done", "Done"]
    expect(log.locator("option")).to_have_count(2)

    builder.node("llm2").click()
    form.get_by_text("Try this node").click()
    expect(form.get_by_label("What it reads")).to_have_value(re.compile('"intent": "billing"'))
    model_server.reply("Alone")
    form.get_by_role("button", name="Run this node").click()
    expect(form.locator("output")).to_contain_text("Alone")
    form.get_by_role("button", name="Pin this output").click()
    expect(form.get_by_text("Pinned: in the preview")).to_be_visible()
    expect(builder.node("llm2").locator(".canvas-pin")).to_be_visible()

    model_server.reset()
    model_server.reply(INTENT)
    builder.preview.say("And now?")
    builder.preview.answered("Alone")
    assert len(model_server.chats) == 1
    expect(log.locator(".run-state").nth(3)).to_have_text("Pinned")
    builder.node("llm2").click()
    form.get_by_role("button", name="Unpin").click()
    expect(form.get_by_text("Pinned: in the preview")).to_be_hidden()
    expect(builder.node("llm2").locator(".canvas-pin")).to_be_hidden()
