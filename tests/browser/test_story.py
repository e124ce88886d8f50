"""The whole story in a real browser: from the sign-in to a chat on a page of another origin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import expect

from chatbots.models import Chatbot
from conversations.models import Conversation, Message
from drafts import creating, editing
from drafts.types import draft_types
from tests.browser.actors import Builder, Chat, Website
from tests.servers.model import Reply
from tests.support.browser import sign_in
from tests.support.live import start_web
from tests.support.people import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.servers.model import ModelServer
    from tests.support.live import Live
    from workspaces.access import Actor

PROMPT = "You help the customers of {{shop}}, a bicycle shop."
FIELD = "deployment.channels.website.config.allowed_domains"


@pytest.fixture(scope="module")
def _product(django_db_setup: None, _running_model_server: ModelServer) -> Iterator[Live]:
    live = start_web(LLM_BASE_URL=_running_model_server.url)
    yield live
    live.child.stop()


@pytest.fixture
def live(_product: Live, transactional_db: None, redis_clean: None) -> Live:
    """The product with a language model behind it."""
    return _product


@pytest.fixture
def context(browser: Browser, live: Live) -> Iterator[BrowserContext]:
    """A fresh profile that may read what was copied."""
    context = browser.new_context(
        base_url=live.url,
        viewport={"width": 1440, "height": 900},
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def builder(page: Page) -> Builder:
    return Builder(page)


def sign_in_by_hand(page: Page, actor: Actor) -> None:
    page.goto("/")
    page.get_by_label("E-mail address").fill(actor.identity)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Acme", level=1)).to_be_visible()


def test_from_the_sign_in_to_a_chat_on_another_site(
    builder: Builder, bob: Actor, model_server: ModelServer, context: BrowserContext, live: Live
) -> None:
    page = builder.page
    sign_in_by_hand(page, bob)
    expect(page.get_by_role("heading", name="First steps")).to_be_visible()
    page.get_by_role("button", name="New chatbot").click()
    describe(builder)
    instruct(builder)
    customize(builder)
    talk_to_the_preview(builder, model_server)
    with Website() as site:
        embed = deploy_to(builder, "127.0.0.1")
        key = page.get_by_role("region", name="the API key").inner_text()
        page.reload()
        expect(page.get_by_role("region", name="the API key")).to_have_count(0)
        site.pasted = embed
        chat_on(context.new_page(), site, model_server)
    chatbot = Chatbot.objects.get()
    assert Message.objects.filter(conversation__entity=chatbot).count() == 4
    chat_through_the_api(live, chatbot, key, model_server)
    page.goto("/w/acme/")
    row = page.get_by_role("row", name=re.compile("Velo helper"))
    expect(row).to_contain_text("Website")
    expect(row).to_contain_text("v1")
    expect(row).to_contain_text("6")
    assert not editing.list_drafts(bob, draft_types.get("chatbot"))


def describe(builder: Builder) -> None:
    """Step 1, with a word that is taken back."""
    page = builder.page
    name = page.get_by_role("textbox", name="Name", exact=True).last
    with builder.saving():
        name.fill("Velo helper")
    builder.ticked("Basic")
    with builder.saving():
        page.get_by_label("Description").fill("Something to be undone")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Description")).to_have_value("")
    expect(name).to_have_value("Velo helper")
    builder.go("Knowledge")
    expect(page.get_by_role("heading", name=re.compile("no knowledge base yet"))).to_be_visible()


def instruct(builder: Builder) -> None:
    """Steps 3 and 4: the prompt, a variable made from its menu, and its default."""
    page = builder.page
    builder.go("Instructions")
    prompt = page.get_by_label("System prompt")
    prompt.fill("You help the customers of ")
    prompt.press_sequentially("/shop")
    expect(page.get_by_role("option", name="Create variable “shop”")).to_be_visible()
    prompt.press("ArrowDown")  # Enter alone is the box's, where there is nothing but to make one
    prompt.press("Enter")
    expect(prompt).to_have_value("You help the customers of {{shop}}")
    prompt.press_sequentially(", a bicycle shop.")
    expect(prompt).to_have_value(PROMPT)
    with builder.saving():
        page.keyboard.press("Control+s")
    builder.go("Variables")
    with builder.saving():
        page.get_by_label("Default").fill("Velo")
    builder.ticked("Variables")


def customize(builder: Builder) -> None:
    """Step 5: the preview follows every change; what is typed offline is not lost."""
    page = builder.page
    builder.go("Customize")
    page.get_by_label("Title", exact=True).fill("Ask Velo")
    expect(page.locator("#preview").get_by_role("heading", name="Ask Velo")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_label("Welcome message").fill("Hi, what about your bike?")
    expect(page.locator("#save-state")).to_have_attribute("data-state", "offline")
    with builder.saving():
        page.context.set_offline(False)
    page.reload()
    expect(page.get_by_label("Welcome message")).to_have_value("Hi, what about your bike?")
    builder.preview.answered("Hi, what about your bike?")


def talk_to_the_preview(builder: Builder, model_server: ModelServer) -> None:
    """The preview answers as the draft is now, without a reload."""
    model_server.when("Suggest up to", "[]")
    model_server.default = Reply("A folding lock.", token_ms=20)
    builder.preview.say("Which lock?")
    builder.preview.answered_whole("A folding lock.")
    assert "customers of Velo, a bicycle shop" in model_server.chats[0].prompt
    builder.go("Variables")
    with builder.saving():
        builder.page.get_by_label("Default").fill("Velo Nord")
    builder.preview.say("And which pump?")
    builder.preview.answered_whole("A folding lock.", times=2)
    asked = [chat.prompt for chat in model_server.chats if "And which pump?" in chat.prompt]
    assert "customers of Velo Nord" in asked[0]
    assert "Which lock?" in asked[0]


def deploy_to(builder: Builder, domain: str) -> str:
    """Step 6; gives the embed code as it was copied."""
    page = builder.page
    builder.go("Deploy")
    page.get_by_label("Website widget").check()
    expect(page.get_by_text("the widget is disabled on every website")).to_be_visible()
    page.get_by_role("button", name="Add", exact=True).click()
    domains = page.locator(f"[data-row] [name='{FIELD}']")
    with builder.saving():
        domains.fill("not a domain")
    page.get_by_role("link", name="Deploy", exact=True).last.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Cannot deploy yet")
    dialog.get_by_role("link", name=re.compile("not a domain")).click()
    expect(domains).to_be_focused()  # by then it is the box of the step that was fetched
    with builder.saving():
        domains.fill(domain)
    page.get_by_role("link", name="Deploy", exact=True).last.click()
    expect(dialog).to_contain_text("Ready to deploy?")
    expect(dialog).to_contain_text("Goes live")
    dialog.get_by_role("button", name="Deploy now").click()
    expect(page.get_by_role("heading", name="Velo helper is live")).to_be_visible()
    page.get_by_role("button", name="Copy the embed code", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    return str(page.evaluate("navigator.clipboard.readText()"))


def chat_on(page: Page, site: Website, model_server: ModelServer) -> None:
    """A visitor chats, moves on, and finds the conversation again."""
    page.goto(site.url)
    page.get_by_role("button", name="Open chat").click()
    chat = Chat(page.get_by_role("dialog"))
    chat.answered("Hi, what about your bike?")
    chat.say("Do you repair brakes?")
    chat.answered_whole("A folding lock.")
    page.goto(f"{site.url}/other")
    if not chat.place.is_visible():
        page.get_by_role("button", name="Open chat").click()
    chat.answered("Do you repair brakes?")
    chat.say("And wheels?")
    chat.answered_whole("A folding lock.", times=2)
    asked = [chat.prompt for chat in model_server.chats if "And wheels?" in chat.prompt]
    assert "Do you repair brakes?" in asked[0]
    assert "customers of Velo Nord" in asked[0]


def chat_through_the_api(live: Live, chatbot: Chatbot, key: str, model: ModelServer) -> None:
    model.default = Reply("Through the API.")
    answer = httpx.post(
        f"{live.url}/api/v1/chatbots/{chatbot.pk}/chat",
        json={"message": "Hello"},
        headers={"Authorization": f"Bearer {key.strip()}"},
        trust_env=False,
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["message"] == "Through the API."


def test_a_renamed_variable_is_called_so_in_the_prompt(
    builder: Builder, bob: Actor, context: BrowserContext, live: Live
) -> None:
    page = builder.page
    data = {"system_prompt": "Greet {{user}}.", "variables": [{"name": "user"}]}
    draft = creating.create(bob, draft_types.get("chatbot"), data)
    sign_in(context, live, bob)
    page.goto(f"/w/acme/chatbots/draft/{draft.id}/instructions/")
    expect(page.get_by_label("System prompt")).to_have_value("Greet {{user}}.")
    builder.go("Variables")
    with builder.saving():
        page.get_by_label("Name", exact=True).last.fill("guest")
        page.keyboard.press("Tab")
    builder.go("Instructions")
    expect(page.get_by_label("System prompt")).to_have_value("Greet {{guest}}.")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("System prompt")).to_have_value("Greet {{user}}.")
    builder.go("Variables")
    expect(page.get_by_label("Name", exact=True).last).to_have_value("user")


def test_a_starting_point_goes_live_as_it_is_and_changes_in_versions(
    builder: Builder, bob: Actor, context: BrowserContext, live: Live
) -> None:
    page = builder.page
    sign_in(context, live, bob)
    page.goto("/w/acme/")
    page.get_by_role("button", name=re.compile("Customer support")).click()
    builder.go("Deploy")
    page.get_by_role("link", name="Deploy", exact=True).last.click()
    page.get_by_role("button", name="Deploy now").click()
    expect(page.get_by_role("heading", name="Support assistant is live")).to_be_visible()
    page.get_by_role("link", name="Open Support assistant").click()
    page.get_by_role("button", name="Edit in a draft").click()
    builder.go("Instructions")
    with builder.saving():
        page.get_by_role("spinbutton", name="Temperature").fill("0.9")
    expect(page.get_by_text("Live v1 · Draft: 1 change")).to_be_visible()
    page.get_by_role("link", name="Deploy", exact=True).last.click()
    expect(page.get_by_role("dialog")).to_contain_text("Temperature")
    page.get_by_role("button", name="Deploy the changes").click()
    expect(page.get_by_text("Version 2", exact=True)).to_be_visible()
    page.get_by_role("link", name="Open Support assistant").click()
    page.get_by_role("link", name="Versions").click()
    page.get_by_text("Changes since version 1").click()
    expect(page.get_by_role("article").first).to_contain_text("0.9")
    page.get_by_role("link", name="Go back to it").click()
    expect(page.get_by_role("dialog")).to_contain_text("0.3")
    page.get_by_role("dialog").get_by_role("button", name="Go back").click()
    expect(page.get_by_role("heading", name="Version 3")).to_be_visible()
    release = Chatbot.objects.select_related("live_release").get().live_release
    assert release is not None
    assert (release.number, release.configuration["temperature"]) == (3, 0.3)


def test_a_strict_page_takes_the_single_tag_and_a_foreign_one_gets_nothing(
    page: Page, bob: Actor, context: BrowserContext, live: Live, model_server: ModelServer
) -> None:
    kind = draft_types.get("chatbot")
    website = {"type": "website", "enabled": True, "config": {"allowed_domains": ["127.0.0.1"]}}
    data = {
        "name": "Velo",
        "system_prompt": "Help.",
        "deployment": {"channels": [website]},
        "features": {"enable_follow_up_suggestions": False},
    }
    draft = creating.create(bob, kind, data)
    sign_in(context, live, bob)
    page.goto(f"/w/acme/chatbots/draft/{draft.id}/deploy/")
    page.get_by_role("link", name="Deploy", exact=True).last.click()
    page.get_by_role("button", name="Deploy now").click()
    page.get_by_text("For pages with a strict policy").click()
    tag = page.get_by_role("region", name="the single tag").inner_text()
    model_server.default = Reply("Hello to a strict page.")
    policy = f"default-src 'none'; script-src {live.url}; connect-src {live.url}"
    with Website(tag, policy) as strict:
        visitor = context.new_page()
        visitor.goto(strict.url)
        visitor.get_by_role("button", name="Open chat").click()
        chat = Chat(visitor.get_by_role("dialog"))
        chat.say("Hi")
        chat.answered("Hello to a strict page.")
        foreign = context.new_page()
        foreign.goto(strict.url.replace("127.0.0.1", "localhost"))
        foreign.get_by_role("button", name="Open chat").click()
        expect(foreign.get_by_role("alert")).to_have_text("The chat cannot be shown here.")
    assert Conversation.objects.count() == 1


def test_the_preview_asks_as_the_draft_says_and_keeps_what_is_typed_in_it(
    builder: Builder, bob: Actor, context: BrowserContext, live: Live, model_server: ModelServer
) -> None:
    page, preview = builder.page, builder.page.locator("#preview")
    data = {
        "name": "Velo",
        "system_prompt": "Help.",
        "appearance": {"suggested_prompts": ["Prices"]},
        "variables": [{"name": "plan", "type": "text", "label": "Plan"}],
    }
    draft = creating.create(bob, draft_types.get("chatbot"), data)
    sign_in(context, live, bob)
    page.goto(f"/w/acme/chatbots/draft/{draft.id}/variables/")
    box = preview.get_by_label("Type a message")
    expect(preview.get_by_role("button", name="Prices")).to_be_visible()
    box.fill("not sent yet")
    builder.go("Basic")
    builder.go("Variables")
    expect(box).to_have_value("not sent yet")

    page.get_by_label("Ask before the chat").check()
    expect(preview.get_by_label("Plan")).to_be_visible()
    expect(preview.get_by_role("button", name="Prices")).to_be_hidden()
    page.get_by_label("Label", exact=True).fill("Tariff")
    expect(preview.get_by_label("Tariff")).to_be_visible()
    preview.get_by_label("Tariff").fill("Team")
    preview.get_by_role("button", name="Start chat").click()
    page.reload()
    expect(preview.get_by_role("button", name="Prices")).to_be_visible()
    expect(preview.get_by_role("button", name="Start chat")).to_have_count(0)
    model_server.default = Reply("Ten a month.")
    preview.get_by_role("button", name="Prices").click()
    builder.preview.answered("Ten a month.")
