"""The design's example is drawn, run, mended and deployed: with the mouse, and with keys alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from chatflows.models import Chatflow
from conversations.models import Message
from drafts import creating
from drafts.types import draft_types
from tests.browser.hands import Hand, Keyboard, Mouse
from tests.knowledge.client import KnowledgeApi
from tests.servers.model import Reply
from tests.support.browser import TIMEOUT_MS, sign_in
from tests.support.live import start_web

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

    from privexbot.embedded.children import Child
    from tests.servers.model import ModelServer
    from tests.support.live import Live
    from workspaces.access import Actor

PROMPT, MENDED = "What is it about? {{input}}", "Is it billing? {{input}}"
CONDITION = "{{llm1.intent}} === 'billing'"
KNOWN, OTHER = "Invoices are paid within thirty days.", "Ask me about invoices."
BILLING = "{{knowledge_base1.response}}"
IS_BILLING, IS_OTHER = '{"intent": "billing"}', '{"intent": "other"}'
ASKED = "My invoice is wrong"
GREETING = {
    "name": "Greeting",
    "nodes": [
        {"id": "start", "type": "trigger", "position": {"x": 0, "y": 0}},
        {
            "id": "llm1",
            "type": "llm",
            "position": {"x": 340, "y": 0},
            "data": {"prompt": "Greet {{input}}"},
        },
        {
            "id": "say",
            "type": "response",
            "position": {"x": 680, "y": 0},
            "data": {"message": "{{llm1}}"},
        },
    ],
    "edges": [
        {"id": "e1", "source": "start", "target": "llm1"},
        {"id": "e2", "source": "llm1", "target": "say"},
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


@pytest.fixture
def context(browser: Browser, live: Live, bob: Actor) -> Iterator[BrowserContext]:
    """A profile of somebody signed in, in which nothing glides while it is aimed at."""
    context = browser.new_context(
        base_url=live.url, viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
    )
    context.set_default_timeout(TIMEOUT_MS)
    sign_in(context, live, bob)
    yield context
    context.close()


@pytest.fixture
def base(worker: Child, alice: Actor) -> None:
    """A knowledge base that knows of invoices."""
    api = KnowledgeApi(alice)
    draft_id = api.new_draft(name="Billing help")
    api.add_text(draft_id, KNOWN, "Invoices")
    api.read(draft_id)
    api.indexed(api.deployed(draft_id))


@pytest.mark.usefixtures("base")
@pytest.mark.parametrize("hand", [Mouse, Keyboard])
def test_the_billing_flow_is_drawn_run_mended_and_deployed(
    page: Page, model_server: ModelServer, hand: type[Hand]
) -> None:
    somebody = hand(page)
    begin(somebody)
    somebody.draw()
    fill_in(somebody)
    run(somebody, model_server)
    mend(somebody, model_server)
    visited = deploy(somebody)
    model_server.reply(IS_BILLING)
    ask(visited)
    assert MENDED.replace("{{input}}", ASKED) in model_server.chats[-1].prompt
    assert Message.objects.filter(conversation__entity=Chatflow.objects.get()).count() == 2


def begin(somebody: Hand) -> None:
    """A new flow with a name, at its canvas."""
    page = somebody.page
    page.goto("/w/acme/chatflows/")
    page.get_by_role("button", name="New chatflow").first.click()
    page.wait_for_url(re.compile("/basic/"), wait_until="load")  # its scripts listen by then
    page.get_by_role("textbox", name="Name", exact=True).last.fill("Billing")
    somebody.ticked("Basic")
    page.get_by_role("navigation", name="Steps").get_by_role("link", name="Workflow").click()
    expect(page.locator(".react-flow__node")).to_be_visible()


def fill_in(somebody: Hand) -> None:
    somebody.open("llm1")
    somebody.fill_in("llm1", "Prompt", PROMPT)
    form = somebody.form("llm1")
    with somebody.saving():
        somebody.press(form.get_by_role("button", name="Add a part"))
    row = form.locator(".rows-row")
    with somebody.saving():
        somebody.write(row.get_by_label("Name", exact=True), "intent")
    with somebody.saving():
        somebody.write(row.get_by_label("Allowed texts"), "billing\nother")
    somebody.open("knowledge_base1")
    with somebody.saving():
        somebody.pick(
            somebody.form("knowledge_base1").get_by_label("Knowledge base"), "Billing help"
        )
    for node_id, label, text in (
        ("condition1", "Condition", CONDITION),
        ("response1", "Message", BILLING),
        ("response2", "Message", OTHER),
    ):
        somebody.open(node_id)
        somebody.fill_in(node_id, label, text)
    step = somebody.page.get_by_role("navigation", name="Steps").get_by_role(
        "link", name="Workflow"
    )
    expect(step).to_have_attribute("data-state", re.compile("^(done|warning)$"))


def run(somebody: Hand, model: ModelServer) -> None:
    """The model misunderstands; the canvas shows which way it went, the log says why."""
    model.reply(IS_OTHER)
    somebody.turn_to_preview()
    somebody.say(somebody.page.locator("#preview"), ASKED)
    somebody.preview.answered_whole(OTHER)
    somebody.sees_run("start", "llm1", "condition1", "response2", taken=3)
    condition = somebody.entry("condition1")
    expect(condition.locator(".run-way")).to_have_text("→ False")
    answer = somebody.entry("llm1")
    somebody.press(answer.locator("summary"))
    expect(answer.locator("pre", has_text='"intent": "other"')).to_be_visible()


def mend(somebody: Hand, model: ModelServer) -> None:
    """Another prompt, tried alone, and the rest of the same run done again with it."""
    somebody.open("llm1")
    somebody.fill_in("llm1", "Prompt", MENDED)
    form = somebody.form("llm1")
    model.reply(IS_BILLING, IS_BILLING)
    somebody.press(form.locator("summary", has_text="Try this node"))
    expect(form.get_by_label("What it reads")).to_have_value(re.compile(ASKED))
    somebody.press(form.get_by_role("button", name="Run this node"))
    expect(form.locator("output")).to_contain_text("billing")

    somebody.turn_to_preview()
    again = somebody.entry("llm1").get_by_role("button", name="Run again from here")
    somebody.press(again)  # the step is as open as it was left
    somebody.sees_run("start", "llm1", "condition1", "knowledge_base1", "response1", taken=4)
    expect(somebody.entry("condition1").locator(".run-way")).to_have_text("→ True")
    expect(somebody.log.locator(".run-note")).to_contain_text(KNOWN)
    assert [MENDED.replace("{{input}}", ASKED) in each.prompt for each in model.chats[-2:]]


def deploy(somebody: Hand) -> Hand:
    """With the website's channel; gives the same hand at the page that is hosted for it."""
    page = somebody.page
    somebody.press(page.get_by_role("navigation", name="Steps").get_by_role("link", name="Deploy"))
    with somebody.saving():
        somebody.press(page.get_by_label("Website widget"))
    somebody.press(page.get_by_role("banner").get_by_role("link", name="Deploy", exact=True))
    dialog = page.get_by_role("dialog")
    somebody.press(dialog.get_by_role("button", name=re.compile("^Deploy")))
    expect(page).to_have_url(re.compile("/deployed/$"))
    with page.context.expect_page() as opened:
        somebody.press(page.get_by_role("link", name="Open the page"))
    return somebody.at(opened.value)


def ask(visitor: Hand) -> None:
    chat = visitor.page.get_by_role("main")
    visitor.say(chat, ASKED)
    log = chat.get_by_role("log")
    expect(log.get_by_text(KNOWN)).to_have_count(2)  # in the answer, and in its source
    expect(log.get_by_title("Helpful", exact=True)).to_be_visible()


def test_an_output_is_pinned_until_it_is_let_go(
    page: Page, bob: Actor, model_server: ModelServer
) -> None:
    somebody = Mouse(page)
    draft = creating.create(bob, draft_types.get("chatflow"), GREETING)
    page.goto(f"/w/acme/chatflows/draft/{draft.id}/workflow/")
    somebody.open("llm1")
    form = somebody.form("llm1")
    form.get_by_text("Try this node").click()
    model_server.reply("Alone")
    form.get_by_role("button", name="Run this node").click()
    expect(form.locator("output")).to_contain_text("Alone")
    form.get_by_role("button", name="Pin this output").click()
    expect(form.get_by_text("Pinned: in the preview")).to_be_visible()
    expect(somebody.node("llm1").locator(".canvas-pin")).to_be_visible()

    model_server.reset()
    somebody.turn_to_preview()
    somebody.preview.say("Ana")
    somebody.preview.answered_whole("Alone")
    assert not model_server.chats
    expect(somebody.log.locator(".run-state")).to_have_text(["Done", "Pinned", "Done"])
    somebody.open("llm1")
    form.get_by_role("button", name="Unpin").first.click()
    expect(form.locator("output").get_by_role("button")).to_have_text("Pin this output")
    expect(form.get_by_text("Pinned: in the preview")).to_be_hidden()
    expect(somebody.node("llm1").locator(".canvas-pin")).to_be_hidden()
    _stops_a_run(somebody, model_server)


def _stops_a_run(somebody: Hand, model: ModelServer) -> None:
    """It is over in the log and on the canvas, and the node that is looked at stays the one."""
    model.reply(Reply(hang=True))
    somebody.turn_to_preview()
    somebody.preview.say("Bo")
    states = somebody.log.locator(".run-state")
    expect(states).to_have_text(["Done", "Running"])
    somebody.press(somebody.entry("start").locator("summary"))
    somebody.open("llm1")
    somebody.turn_to_preview()
    somebody.press(somebody.page.locator("#preview").get_by_role("button", name="Stop"))
    expect(states).to_have_text(["Done", "Stopped"])
    expect(somebody.page.locator(".canvas-card[data-run=running]")).to_have_count(0)
    expect(somebody.page.locator(".react-flow__node.selected")).to_have_attribute("data-id", "llm1")
    # It is kept, and can be done again.
    model.reply("Hello Bo")
    somebody.press(somebody.entry("llm1").locator("summary"))
    again = somebody.entry("llm1").get_by_role("button", name="Run again from here")
    somebody.press(again)
    expect(states).to_have_text(["As before", "Done", "Done"])
