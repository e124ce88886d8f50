"""The same script in the builder: same-origin cookies and their guard, changes shown at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.widget.bot import Bot
    from tests.widget.conftest import Visitor


@pytest.fixture
def builder(visitor: Visitor, bot: Bot) -> Visitor:
    """A page with the panel. The endpoint is of another origin here, so no cookie is at stake."""
    visitor.site.attributes = ""
    visitor.site.body = (
        f'<div id="preview" data-privexbot-inline data-csrf="guard"'
        f' data-endpoint="{bot.url}/w/demo/chatbots/draft/d1/preview"></div>'
    )
    bot.headers = "authorization, content-type, x-csrftoken"
    return visitor


def test_sends_the_guard_and_no_token(builder: Visitor, bot: Bot) -> None:
    builder.arrive()
    builder.say("Hello")
    expect(builder.answers.last).to_contain_text("You said it.")
    assert {headers["X-Csrftoken"] for _, _, headers in map(_titled, bot.requests)} == {"guard"}
    assert all("Authorization" not in headers for _, _, headers in bot.requests)
    assert bot.bodies("messages")[0]["session_id"] == "s_1"


def _titled(
    request: tuple[str, dict[str, object], dict[str, str]],
) -> tuple[str, dict[str, object], dict[str, str]]:
    path, body, headers = request
    return path, body, {name.title(): value for name, value in headers.items()}


PAINT_MS = 100
# For a machine that does other things too; ``bench`` measures the time itself.
SLACK = 3


def test_a_changed_look_shows_without_a_request(builder: Visitor, bot: Bot) -> None:
    """(27 of the interface's checklist)"""
    builder.arrive()
    expect(builder.log).to_contain_text("How can I help")
    asked = len(bot.requests)
    took = builder.page.evaluate(
        """async () => {
          const host = document.querySelector("privexbot-widget");
          const head = host.shadowRoot.querySelector(".head");
          const began = performance.now();
          document.getElementById("preview").dispatchEvent(new CustomEvent("privexbot:profile", {
            bubbles: true,
            detail: {primary_color: "#B71C1C", title: "New name", welcome_message: "Welcome.",
              suggested_prompts: ["One"], theme: "dark", placeholder: "Say it"},
          }));
          await new Promise(requestAnimationFrame);
          return [performance.now() - began, getComputedStyle(head).backgroundColor];
        }"""
    )
    assert took[1] == "rgb(183, 28, 28)"
    assert took[0] <= PAINT_MS * SLACK
    expect(builder.page.get_by_role("heading", name="New name")).to_be_visible()
    expect(builder.log).to_contain_text("Welcome.")
    expect(builder.page.get_by_role("button", name="One")).to_be_visible()
    expect(builder.box).to_have_attribute("placeholder", "Say it")
    assert len(bot.requests) == asked


def test_new_first_words_show_in_a_conversation_too(builder: Visitor, bot: Bot) -> None:
    builder.arrive()
    builder.say("Hello")
    expect(builder.answers.last).to_contain_text("You said it.")
    builder.page.evaluate(
        """dispatchEvent(new CustomEvent("privexbot:profile",
          {detail: {welcome_message: "Welcome **back**."}}))"""
    )
    expect(builder.answers.first.locator("b")).to_have_text("back")
    expect(builder.answers.last).to_contain_text("You said it.")
    expect(builder.page.locator(".msg")).to_have_count(3)


def test_first_words_come_and_go_in_a_conversation_too(builder: Visitor, bot: Bot) -> None:
    bot.profile |= {"welcome_message": ""}
    builder.arrive()
    builder.say("Hello")
    expect(builder.answers.last).to_contain_text("You said it.")
    change = "(detail) => dispatchEvent(new CustomEvent('privexbot:profile', {detail}))"
    for words in ("Welcome.", "Welcome back."):
        builder.page.evaluate(change, {"welcome_message": words})
        expect(builder.page.locator(".msg")).to_have_count(3)
        expect(builder.page.locator(".msg").first).to_contain_text(words)
    builder.page.evaluate(change, {"welcome_message": ""})
    expect(builder.page.locator(".msg")).to_have_text([re.compile("Hello$"), re.compile("it.$")])


def test_a_half_typed_colour_does_no_harm(builder: Visitor) -> None:
    builder.arrive()
    expect(builder.log).to_contain_text("How can I help")
    builder.page.evaluate(
        """dispatchEvent(new CustomEvent("privexbot:profile", {detail: {primary_color: "#B7"}}))"""
    )
    expect(builder.log).to_contain_text("How can I help")


def test_reset_forgets_the_conversation_and_tells(builder: Visitor, bot: Bot) -> None:
    builder.arrive()
    expect(builder.log).to_contain_text("How can I help")
    builder.page.evaluate(
        """() => {
          window.heard = [];
          for (const name of ["reset", "ready"]) {
            document.addEventListener(`privexbot:${name}`, () => heard.push(name));
          }
        }"""
    )
    builder.say("Old things")
    expect(builder.answers.last).to_contain_text("You said it.")
    builder.page.evaluate("PrivexBot.reset()")
    expect(builder.log).not_to_contain_text("Old things")
    expect(builder.log).to_contain_text("How can I help")
    assert bot.bodies("reset") == [{"session_id": "s_1"}]
    assert "session_id" not in bot.bodies("session")[-1]
    assert builder.page.evaluate("heard") == ["reset", "ready"]


def test_a_new_visitor_is_asked_again(builder: Visitor, bot: Bot) -> None:
    field = {"name": "plan", "type": "text", "label": "Plan", "required": True}
    bot.profile |= {"collect": [field]}
    bot.collect_needed = True
    builder.arrive()
    builder.page.get_by_label("Plan").fill("Team")
    builder.page.get_by_role("button", name="Start chat").click()
    expect(builder.box).to_be_visible()
    builder.page.evaluate("PrivexBot.fresh()")
    expect(builder.log).to_contain_text("How can I help")
    expect(builder.page.get_by_label("Plan")).to_have_count(0)
    builder.page.evaluate("PrivexBot.reset()")
    expect(builder.page.get_by_label("Plan")).to_be_visible()


def test_what_is_asked_first_follows_the_draft(builder: Visitor, bot: Bot) -> None:
    builder.arrive()
    expect(builder.log).to_contain_text("How can I help")
    field = {"name": "plan", "type": "text", "label": "Plan", "required": True}
    change = "(detail) => dispatchEvent(new CustomEvent('privexbot:profile', {detail}))"
    builder.page.evaluate(change, {"collect": [field], "collect_needed": True})
    expect(builder.page.get_by_label("Plan")).to_be_visible()
    builder.page.evaluate(change, {"collect": [field | {"label": "Tariff"}]})
    expect(builder.page.get_by_label("Tariff")).to_be_visible()
    builder.page.evaluate(change, {"collect": [], "collect_needed": False})
    expect(builder.box).to_be_visible()
    expect(builder.page.get_by_label("Tariff")).to_have_count(0)


def test_a_panel_that_is_put_in_later_comes_to_life(builder: Visitor, bot: Bot) -> None:
    builder.arrive()
    expect(builder.log).to_contain_text("How can I help")
    builder.page.evaluate(
        """() => {
          const old = document.getElementById("preview");
          const fresh = old.cloneNode(false);
          old.replaceWith(fresh);
          PrivexBot.mount();
        }"""
    )
    expect(builder.log).to_contain_text("How can I help")
    builder.page.evaluate("PrivexBot.send('To the new one')")
    expect(builder.answers.last).to_contain_text("You said it.")
