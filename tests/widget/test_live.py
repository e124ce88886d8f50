"""The whole way: a page of another origin, the running product, a model behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error, expect

from channels_deploy import connecting
from conversations.models import Conversation, Feedback, Lead
from drafts import creating
from drafts.types import draft_types
from tests.conversations.conftest import released
from tests.servers.model import Reply
from tests.support.axe import violations
from tests.support.browser import sign_in
from tests.widget.product import _product, product, shop, shopper

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

    from tests.channels_deploy.conftest import Website
    from tests.servers.model import ModelServer
    from tests.support.live import Live
    from tests.widget.conftest import Visitor
    from workspaces.access import Actor

__all__ = ["_product", "product", "shop", "shopper"]

DRAFT = {
    "name": "Draft",
    "system_prompt": "You help.",
    "appearance": {"welcome_message": "Welcome to the draft.", "title": "First name"},
    "features": {"enable_follow_up_suggestions": False},
}


def test_a_visitor_chats_on_another_origin(
    shopper: Visitor, shop: Website, model_server: ModelServer
) -> None:
    model_server.reply(Reply("We open at **nine**."))
    model_server.reply(Reply("And close at five."))
    shopper.arrive()
    shopper.open()
    expect(shopper.page.get_by_role("heading", name="Shop help")).to_be_visible()
    shopper.say("When do you open?")
    expect(shopper.answers.last).to_contain_text("We open at nine.")
    expect(shopper.answers.last.locator("b")).to_have_text("nine")
    with shopper.page.expect_response("**/feedback"):
        shopper.button("Helpful").click()
    shopper.arrive("/other")
    expect(shopper.answers.last).to_contain_text("We open at nine.")
    expect(shopper.button("Helpful")).to_have_attribute("aria-pressed", "true")
    shopper.say("And close?")
    expect(shopper.answers.last).to_contain_text("And close at five.")
    assert "When do you open?" in model_server.chats[-1].prompt
    shopper.button("Close chat").last.click()
    shopper.page.get_by_label("E-mail").fill("ana@example.com")
    shopper.page.get_by_label("We write back.").check()
    shopper.page.locator(".form").get_by_role("button", name="Send").click()
    expect(shopper.panel).to_be_hidden()
    conversation = Conversation.objects.get()
    assert conversation.visitor["page"].endswith("/other")
    assert conversation.message_count == 4
    assert Feedback.objects.get().value == "up"
    assert Lead.objects.get().email == "ana@example.com"


def test_what_is_known_of_a_visitor_stays_text_in_the_first_words(
    shopper: Visitor, shop: Website
) -> None:
    values = (
        *("[Reset](https://evil.com)", "https://evil.com", "<https://evil.com>", "# *a* _b_ `c`"),
        *("1. ~~a~~ \\*b", "- [x](https://evil.com) [1]", "--- | a:b", "> ![a](https://evil.com)"),
    )
    known = {f"v{at}": value for at, value in enumerate(values)}
    words = "\n\n".join(f"{{{{{name}}}}}\n\nI, *{{{name}}}*" for name in known)
    look = {"welcome_message": f"{words}\n\n[Yours](https://shop.example/{{v0}})"}
    released(shop.entity, {"appearance": look, "variables": [{"name": name} for name in known]})
    shopper.arrive()
    shopper.page.evaluate("variables => PrivexBot.identify({variables})", known)
    shopper.open()
    shown = [each for value in values for each in (value, f"I, {value}")]
    first = shopper.log.locator(".msg").first.locator(".text")
    expect(first.locator("> *")).to_have_text([*shown, "Yours (shop.example)"])
    (link,) = first.locator("a").all()
    assert link.get_attribute("href") == "https://shop.example/%5BReset%5D%28https://evil.com%29"
    assert first.locator("b, code, hr, img, li, s, table, blockquote").count() == 0


def test_a_site_that_is_no_longer_allowed_is_refused(shopper: Visitor, shop: Website) -> None:
    shopper.arrive()
    connecting.sync(shop.entity, {"website": {"allowed_domains": ["other.example"]}})
    warned: list[str] = []
    asked: list[str] = []
    shopper.page.on("console", lambda m: warned.append(m.text) if m.type == "warning" else None)
    shopper.page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    shopper.open()
    alert = shopper.page.get_by_role("alert")
    expect(alert).to_have_text("The chat cannot be shown here.")
    place = shopper.site.url.removeprefix("http://")
    (line,) = warned
    assert line.startswith(f"PrivexBot: {place} may not show the chat. In the builder, add it")
    shopper.page.keyboard.press("Escape")
    shopper.open()
    expect(alert).to_be_visible()
    assert asked == ["session", "reason"]
    assert Conversation.objects.count() == 0


def test_a_site_that_is_not_allowed_is_told_why_before_the_chat_is_opened(
    shopper: Visitor, shop: Website
) -> None:
    """Where the script is on the page that asks before."""
    connecting.sync(shop.entity, {"website": {"allowed_domains": ["other.example"]}})
    shopper.site.launches = True
    page = shopper.page
    with page.expect_console_message(lambda message: message.type == "warning") as warned:
        shopper.arrive()
    place = shopper.site.url.removeprefix("http://")
    assert warned.value.text.startswith(f"PrivexBot: {place} may not show the chat. In the builder")


def test_a_refused_identity_and_a_broken_answer_end_no_chat(
    shopper: Visitor, model_server: ModelServer
) -> None:
    model_server.reply(Reply("One two three", cut_after=2), Reply("Nine."), Reply("And ten."))
    shopper.arrive()
    shopper.page.evaluate("PrivexBot.identify({user_id: 'u1', hash: 'dead'})")
    shopper.open()
    shopper.say("Count")
    broken = "The answer could not be given. Try again in a moment."
    expect(shopper.page.get_by_role("alert")).to_contain_text(broken)
    for given, words in (
        ("{user_id: 'u1', hash: 'dead'}", "The signature does not fit the user."),
        ("{userId: 'u1'}", "Say who the visitor is"),
        ("null", "Say who the visitor is"),
        ("{user_id: 'u'.repeat(3000)}", "user_id and hash have at most 200 characters."),
    ):
        with pytest.raises(Error, match=words):
            shopper.page.evaluate(f"PrivexBot.identify({given})")
    shopper.say("When?")
    expect(shopper.answers.last).to_contain_text("Nine.")
    shopper.page.evaluate("PrivexBot.identify({user_id: 'u1', name: 'Ana'})")
    shopper.arrive("/other")
    expect(shopper.answers.nth(1)).to_contain_text("One two")
    expect(shopper.log).to_contain_text(broken)
    shopper.say("Sure?")
    expect(shopper.answers.last).to_contain_text("And ten.")
    visitor = Conversation.objects.get().visitor
    assert (visitor["user_id"], visitor["name"], visitor["verified"]) == ("u1", "Ana", False)


def test_the_builders_preview_is_the_same_script(
    profile: BrowserContext, product: Live, alice: Actor, model_server: ModelServer
) -> None:
    model_server.reply(Reply("From the **draft**."))
    draft = creating.create(alice, draft_types.get("chatbot"), DRAFT)
    sign_in(profile, product, alice)
    page = profile.new_page()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{product.url}/w/acme/chatbots/draft/{draft.id}/customize/")
    preview = page.locator("#preview privexbot-widget")
    expect(preview.get_by_role("log")).to_contain_text("Welcome to the draft.")
    preview.get_by_label("Type a message").fill("Hello")
    page.keyboard.press("Enter")
    expect(preview.locator(".msg b")).to_have_text("draft")
    assert "You help." in model_server.chats[0].prompt
    page.get_by_label("Title", exact=True).fill("Another name")
    expect(preview.get_by_role("heading")).to_have_text("Another name")
    page.evaluate("PrivexBot.reset()")
    expect(preview.get_by_role("log")).not_to_contain_text("Hello")
    expect(preview.get_by_role("log")).to_contain_text("Welcome to the draft.")
    assert page.evaluate("window.__breaches") == []
    assert [found for found in violations(page) if "privexbot" in found] == []
    page.close()
