"""A conversation when something goes wrong: what was typed is kept, and it is said plainly."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.widget.bot import Answer, Refusal

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

    from tests.widget.bot import Bot
    from tests.widget.conftest import Visitor


def test_what_was_sent_too_early_comes_back_when_the_chat_cannot_open(
    visitor: Visitor, bot: Bot
) -> None:
    bot.opens = threading.Event()
    bot.refusals["session"] = Refusal(503, "Temporarily unavailable.")
    visitor.arrive()
    visitor.open()
    visitor.say("First")
    expect(visitor.box).to_have_value("")
    visitor.page.keyboard.type("Second")
    bot.opens.set()
    expect(visitor.page.get_by_role("alert")).to_contain_text("Temporarily unavailable.")
    expect(visitor.box).to_have_value("First\nSecond")
    expect(visitor.page.locator(".msg")).to_have_count(0)
    visitor.page.get_by_role("button", name="Try again").click()
    expect(visitor.log).to_contain_text("How can I help")
    expect(visitor.box).to_have_value("First\nSecond")


def test_an_answer_that_broke_off_is_asked_for_again(visitor: Visitor, bot: Bot) -> None:
    bot.answers = [Answer(("Half of",), cut=True), Answer(("The whole.",))]
    visitor.arrive()
    visitor.open()
    visitor.say("Tell me")
    expect(visitor.page.get_by_role("alert")).to_contain_text("The chat cannot be reached.")
    visitor.page.get_by_role("button", name="Try again").click()
    expect(visitor.answers.last).to_contain_text("The whole.")
    expect(visitor.log).not_to_contain_text("Half of")
    # The server knows the question already, so it is not asked twice.
    assert [body["regenerate"] for body in bot.bodies("messages")] == [False, True]


def test_an_error_of_the_model_is_told_in_the_servers_words(visitor: Visitor, bot: Bot) -> None:
    error = {"code": "rate-limit", "message": "The bot is busy just now.", "retry_after": 2}
    bot.answers = [Answer((), error=error)]
    visitor.arrive()
    visitor.open()
    visitor.say("Tell me")
    # Not as if the visitor had sent too much.
    expect(visitor.page.get_by_role("alert")).to_contain_text("The bot is busy just now.")
    expect(visitor.page.locator(".dots")).to_have_count(0)


@pytest.mark.parametrize(
    ("path", "refusal"),
    [
        ("messages", Refusal(422, "Plan is needed.")),
        ("messages", Refusal(500, "It broke.")),
        ("session", Refusal(503, "Temporarily unavailable.")),
        ("session", Refusal(403, "The widget is disabled.")),
    ],
    ids=["not valid", "broken", "away", "not allowed"],
)
def test_the_page_is_told_of_an_error(
    visitor: Visitor, bot: Bot, path: str, refusal: Refusal
) -> None:
    bot.refusals[path] = refusal
    visitor.arrive()
    visitor.page.evaluate(
        """() => {
          window.heard = [];
          PrivexBot.on("error", (detail) => heard.push(detail.message));
          document.addEventListener("privexbot:error", () => heard.push("event"));
        }"""
    )
    visitor.open()
    if path == "messages":
        visitor.say("Hello")
    alert = visitor.page.get_by_role("alert")
    expect(alert).to_be_visible()
    told = "The chat cannot be shown here." if refusal.status == 403 else refusal.detail
    expect(alert).to_contain_text(told)
    assert visitor.page.evaluate("heard") == ["event", told]


def test_too_many_messages_are_told_in_the_servers_words(visitor: Visitor, bot: Bot) -> None:
    visitor.arrive()
    visitor.open()
    words = "Too many messages. Try again in 17 seconds."
    bot.refusals["messages"] = Refusal(429, words, retry_after=17)
    visitor.say("Once more")
    expect(visitor.page.get_by_role("alert")).to_contain_text(words)
    visitor.page.get_by_role("button", name="Try again").click()
    expect(visitor.answers.last).to_contain_text("You said it.")
    assert [body["regenerate"] for body in bot.bodies("messages")] == [False, False]


def test_a_message_that_is_refused_stands_in_the_box_again(visitor: Visitor, bot: Bot) -> None:
    visitor.arrive()
    visitor.open()
    words = "Write at most 16000 characters."
    bot.refusals["messages"] = Refusal(422, words)
    visitor.say("Too long")
    expect(visitor.page.get_by_role("alert")).to_contain_text(words)
    expect(visitor.box).to_have_value("Too long")


def test_a_token_that_ran_out_is_renewed_unseen(visitor: Visitor, bot: Bot) -> None:
    visitor.arrive()
    visitor.open()
    expect(visitor.log).to_contain_text("How can I help")
    bot.refusals["messages"] = Refusal(401)
    visitor.say("Hello")
    expect(visitor.answers.last).to_contain_text("You said it.")
    assert [path for path, _, _ in bot.requests] == ["session", "messages", "session", "messages"]
    assert (
        bot.bodies("session")[1] | {"token": "t1", "session_id": "s_1"}
        == (bot.bodies("session")[1])
    )
    assert bot.requests[-1][2]["Authorization"] == "Bearer t2"


def test_what_was_typed_is_kept_while_the_chat_cannot_open(visitor: Visitor, bot: Bot) -> None:
    bot.refusals["session"] = Refusal(503, "Temporarily unavailable.")
    visitor.arrive()
    visitor.open()
    expect(visitor.page.get_by_role("alert")).to_contain_text("Temporarily unavailable.")
    bot.refusals["session"] = Refusal(503, "Temporarily unavailable.")
    visitor.say("Are you there?")
    expect(visitor.page.get_by_role("alert")).to_contain_text("Temporarily unavailable.")
    expect(visitor.box).to_have_value("Are you there?")
    visitor.page.get_by_role("button", name="Try again").click()
    expect(visitor.log).to_contain_text("How can I help")
    visitor.box.press("Enter")
    expect(visitor.answers.last).to_contain_text("You said it.")


def test_offline_is_told_and_overcome(visitor: Visitor, profile: BrowserContext, bot: Bot) -> None:
    visitor.arrive()
    visitor.open()
    expect(visitor.log).to_contain_text("How can I help")
    profile.set_offline(True)
    visitor.say("Anybody?")
    expect(visitor.page.get_by_role("alert")).to_contain_text("You are offline.")
    profile.set_offline(False)
    visitor.page.get_by_role("button", name="Try again").click()
    expect(visitor.answers.last).to_contain_text("You said it.")


def test_a_site_that_is_not_allowed_is_told_once(visitor: Visitor, bot: Bot) -> None:
    warned: list[str] = []
    visitor.page.on("console", lambda m: warned.append(m.text) if m.type == "warning" else None)
    bot.refusals["session"] = Refusal(403, "The widget is disabled.")
    visitor.arrive()
    visitor.open()
    expect(visitor.page.get_by_role("alert")).to_have_text("The chat cannot be shown here.")
    expect(visitor.box).to_be_hidden()
    visitor.page.keyboard.press("Escape")
    visitor.open()
    expect(visitor.page.get_by_role("alert")).to_have_text("The chat cannot be shown here.")
    assert warned == ["PrivexBot: The widget is disabled."]
    assert len(bot.requests) == 1


def test_works_where_the_browser_forbids_storage(visitor: Visitor, bot: Bot) -> None:
    visitor.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('blocked'); }})"
    )
    visitor.arrive()
    visitor.open()
    visitor.say("Hello")
    expect(visitor.answers.last).to_contain_text("You said it.")
