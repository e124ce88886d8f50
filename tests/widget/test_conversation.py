"""A conversation: asked, streamed, stopped, tried again, kept over page loads. Numbers in brackets
are those of the interface's checklist (``tests/CHECKLIST.md``)."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.widget.bot import CITATION, Answer

if TYPE_CHECKING:
    from tests.widget.bot import Bot
    from tests.widget.conftest import Visitor


def test_asks_nothing_of_the_server_before_it_is_opened(visitor: Visitor) -> None:
    """(24)"""
    visitor.arrive()
    visitor.page.wait_for_timeout(200)
    assert visitor.bot.requests == []
    visitor.open()
    expect(visitor.log).to_contain_text("Hello. How can I help?")
    assert [path for path, _, _ in visitor.bot.requests] == ["session"]
    said = {"page": visitor.site.url + "/", "variables": {}, "language": "en"}
    assert visitor.bot.bodies("session") == [said]


def test_an_assistant_without_first_words_invites_to_write(visitor: Visitor, bot: Bot) -> None:
    bot.profile |= {"welcome_message": "", "suggested_prompts": []}
    visitor.arrive()
    visitor.open()
    expect(visitor.log).to_have_text("Write a message to begin.")
    visitor.say("Hello")
    expect(visitor.answers.last).to_contain_text("You said it.")
    expect(visitor.log).not_to_contain_text("Write a message")


def test_opens_at_once_and_sends_what_is_typed_before_the_session_is_there(
    visitor: Visitor, bot: Bot
) -> None:
    bot.opens = threading.Event()
    visitor.arrive()
    visitor.button("Open chat").click()
    visitor.page.keyboard.type("Hello")
    expect(visitor.box).to_have_value("Hello")
    expect(visitor.page.locator(".dots")).to_be_visible()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(".msg.brand")).to_have_text("You: Hello")
    visitor.page.keyboard.type("And then")
    # One message waits; another one stays where it was typed.
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.type(" some")
    expect(visitor.box).to_have_value("And then some")
    bot.opens.set()
    expect(visitor.answers.last).to_contain_text("You said it.")
    expect(visitor.log).to_contain_text("How can I help?")
    expect(visitor.page.locator(".msg.brand")).to_have_count(1)
    expect(visitor.box).to_have_value("And then some")
    assert [body["message"] for body in bot.bodies("messages")] == ["Hello"]
    assert len(bot.bodies("session")) == 1


def test_streams_the_answer_and_shows_what_belongs_to_it(visitor: Visitor, bot: Bot) -> None:
    hold = threading.Event()
    pieces = ("Nine **to", " five** [1]", " daily.")
    bot.answers = [Answer(pieces, (CITATION,), ("And on Sunday?",), hold=hold)]
    visitor.arrive()
    visitor.open()
    visitor.say("When are you open?")
    last = visitor.answers.last
    expect(last).to_contain_text("Nine to five [1]")
    expect(last.locator("b")).to_have_text("to five")
    expect(visitor.button("Stop")).to_be_visible()
    hold.set()
    expect(visitor.answers.last).to_contain_text("Nine to five [1] daily.")
    expect(last.locator("sup a")).to_have_attribute("href", CITATION["url"])
    visitor.page.get_by_text("Sources (1)").click()
    expect(visitor.page.get_by_role("link", name="Guide")).to_be_visible()
    visitor.page.get_by_role("button", name="And on Sunday?").click()
    expect(visitor.page.locator(".msg.brand").last).to_contain_text("And on Sunday?")
    expect(visitor.answers.last).to_contain_text("You said it.")
    assert [body["message"] for body in bot.bodies("messages")] == [
        "When are you open?",
        "And on Sunday?",
    ]
    assert bot.requests[1][2]["Authorization"] == "Bearer t1"


@pytest.mark.parametrize("key", ["", "Enter"])
def test_the_number_of_a_passage_without_an_address_opens_it_below(
    visitor: Visitor, bot: Bot, key: str
) -> None:
    passages = [CITATION | {"number": n, "url": "", "text": f"Text {n}"} for n in (1, 2)]
    bot.answers = [Answer(("Nine [1] to five [2].",), tuple(passages))]
    visitor.arrive()
    visitor.open()
    visitor.say("When are you open?")
    numbers = visitor.answers.last.locator("sup button")
    expect(numbers).to_have_text(["[1]", "[2]"])
    second = visitor.page.get_by_role("listitem").filter(has_text="Text 2")
    expect(second).to_be_hidden()
    if key:
        numbers.last.press(key)
    else:
        numbers.last.click()
    expect(second).to_be_visible()
    expect(second).to_be_focused()
    visitor.page.get_by_text("Sources (2)").click()
    expect(second).to_be_hidden()


def test_says_once_to_a_screen_reader_what_was_answered(visitor: Visitor, bot: Bot) -> None:
    """(25)"""
    bot.answers = [Answer(("One", " two", " three."))]
    visitor.arrive()
    visitor.open()
    visitor.page.evaluate(
        """() => {
          window.__said = [];
          const live = document.querySelector("privexbot-widget").shadowRoot
            .querySelector("[aria-live=polite]");
          new MutationObserver(() => live.textContent && window.__said.push(live.textContent))
            .observe(live, {childList: true, characterData: true, subtree: true});
        }"""
    )
    visitor.say("Count")
    expect(visitor.button("Helpful")).to_be_visible()
    assert visitor.page.evaluate("window.__said") == ["Assistant: One two three."]
    expect(visitor.log).to_have_attribute("aria-live", "off")


STOP_MS = 100
# For a machine that does other things too.
SLACK = 5


def test_stops_at_once_and_tells_the_server(visitor: Visitor, bot: Bot) -> None:
    """(25)"""
    bot.answers = [Answer(("The beginning", " and the end."), hold=threading.Event())]
    visitor.arrive()
    visitor.open()
    visitor.page.evaluate("void PrivexBot.on('stop', () => (window.stopped = true))")
    visitor.say("Go on")
    expect(visitor.answers.last).to_contain_text("The beginning")
    visitor.button("Stop").click()
    expect(visitor.button("Send")).to_be_visible(timeout=STOP_MS * SLACK)
    assert bot.left.wait(5)
    assert visitor.page.evaluate("stopped")
    expect(visitor.answers.last).to_have_text(re.compile("The beginning$"))
    expect(visitor.page.get_by_role("status")).to_contain_text("Stopped")
    expect(visitor.button("Helpful")).to_have_count(0)
    visitor.page.get_by_role("button", name="Answer again").click()
    expect(visitor.answers.last).to_contain_text("You said it.")
    assert (
        bot.bodies("messages")[-1] | {"regenerate": True, "message": "Go on"}
        == (bot.bodies("messages")[-1])
    )


def test_stopped_before_the_first_word_it_can_be_asked_again(visitor: Visitor, bot: Bot) -> None:
    bot.answers = [Answer(("Never said.",), hold=threading.Event())]
    visitor.arrive()
    visitor.open()
    visitor.say("Go on")
    bot.asked("messages")
    visitor.button("Stop").click()
    expect(visitor.page.get_by_role("status")).to_contain_text("Stopped")
    visitor.page.get_by_role("button", name="Answer again").click()
    expect(visitor.answers.last).to_contain_text("You said it.")
    expect(visitor.page.get_by_role("status")).to_have_count(0)
    expect(visitor.page.locator(".msg.brand")).to_have_count(1)


def test_how_a_turn_ended_still_shows_after_the_next_one(visitor: Visitor, bot: Bot) -> None:
    error = {"code": "upstream-failed", "message": "It broke."}
    bot.answers = [Answer(("Never said.",), hold=threading.Event()), Answer(("Half",), error=error)]
    visitor.arrive()
    visitor.open()
    visitor.say("One")
    bot.asked("messages")
    visitor.button("Stop").click()
    expect(visitor.log).to_contain_text("Stopped")
    visitor.say("Two")
    expect(visitor.page.get_by_role("alert")).to_contain_text("It broke.")
    visitor.say("Three")
    expect(visitor.answers.last).to_contain_text("You said it.")
    rows = visitor.page.locator(".row")
    expect(rows.nth(0)).to_have_text("Stopped")
    expect(rows.nth(1)).to_have_text("It broke.")
    expect(visitor.page.locator(".msg")).to_have_text(
        [re.compile(f"{said}$") for said in ("help.", "One", "Two", "Half", "Three", "it.")]
    )


def test_how_a_turn_ended_shows_after_a_reload(visitor: Visitor, bot: Bot) -> None:
    def said(role: str, content: str, **more: str) -> dict[str, str]:
        return {"id": content, "role": role, "content": content} | more

    bot.messages = [
        said("user", "One"),
        said("assistant", "", status="stopped"),
        said("user", "Two"),
        said("assistant", "Half", status="stopped"),
        said("user", "Three"),
        said("assistant", "Some", status="failed", error="It broke."),
    ]
    visitor.arrive()
    visitor.open()
    rows = visitor.page.locator(".row")
    expect(rows).to_have_text(["Stopped", "Stopped", "It broke.Try again"])
    expect(visitor.button("Helpful")).to_have_count(0)
    visitor.page.get_by_role("button", name="Try again").click()
    expect(visitor.answers.last).to_contain_text("You said it.")
    expect(visitor.log).not_to_contain_text("Some")
    assert bot.bodies("messages")[0]["regenerate"] is True
    assert bot.bodies("messages")[0]["message"] == "Three"


def test_enter_does_not_interrupt_an_answer(visitor: Visitor, bot: Bot) -> None:
    hold = threading.Event()
    bot.answers = [Answer(("Still", " talking."), hold=hold)]
    visitor.arrive()
    visitor.open()
    visitor.say("One")
    expect(visitor.answers.last).to_contain_text("Still")
    visitor.say("Two")
    hold.set()
    expect(visitor.answers.last).to_contain_text("Still talking.")
    expect(visitor.box).to_have_value("Two")
    assert len(bot.bodies("messages")) == 1


def test_answers_again_in_the_place_of_the_last_answer(visitor: Visitor, bot: Bot) -> None:
    bot.answers = [Answer(("First try.",)), Answer(("Second try.",))]
    visitor.arrive()
    visitor.open()
    visitor.say("Say something")
    expect(visitor.answers.last).to_contain_text("First try.")
    visitor.button("Answer again").click()
    expect(visitor.answers.last).to_contain_text("Second try.")
    expect(visitor.log).not_to_contain_text("First try.")
    expect(visitor.page.locator(".msg.brand")).to_have_count(1)
    assert [body["regenerate"] for body in bot.bodies("messages")] == [False, True]


def test_goes_on_after_a_reload_and_on_another_page(visitor: Visitor, bot: Bot) -> None:
    visitor.arrive()
    visitor.open()
    visitor.say("Remember me")
    expect(visitor.answers.last).to_contain_text("You said it.")
    bot.messages = [
        {"id": "q1", "role": "user", "content": "Remember me", "citations": []},
        {
            "id": "m1",
            "role": "assistant",
            "content": "You **said** it [1].",
            "citations": [CITATION],
            "feedback": "up",
        },
    ]
    visitor.arrive("/other")
    expect(visitor.answers.last.locator("b")).to_have_text("said")
    expect(visitor.panel).to_be_visible()
    assert visitor.focused() == "body"
    assert (
        bot.bodies("session")[-1] | {"session_id": "s_1", "token": "t1"}
        == (bot.bodies("session")[-1])
    )
    expect(visitor.button("Helpful")).to_have_attribute("aria-pressed", "true")
    expect(visitor.page.get_by_text("Sources (1)")).to_be_visible()
    expect(visitor.page.get_by_role("button", name="Opening hours")).to_have_count(0)
    assert "Remember me" not in str(visitor.kept())


def test_a_new_chat_begins_without_the_old_session(visitor: Visitor, bot: Bot) -> None:
    visitor.arrive()
    visitor.open()
    visitor.say("Old things")
    expect(visitor.answers.last).to_contain_text("You said it.")
    visitor.button("New chat").click()
    expect(visitor.log).not_to_contain_text("Old things")
    expect(visitor.page.get_by_role("button", name="Opening hours")).to_be_visible()
    assert "token" not in bot.bodies("session")[-1]
    assert "session_id" not in bot.bodies("session")[-1]


def test_thumbs_are_sent_and_taken_back(visitor: Visitor, bot: Bot) -> None:
    visitor.arrive()
    visitor.open()
    visitor.say("Hello")
    visitor.button("Not helpful").click()
    expect(visitor.button("Not helpful")).to_have_attribute("aria-pressed", "true")
    visitor.button("Helpful").click()
    expect(visitor.button("Not helpful")).to_have_attribute("aria-pressed", "false")
    visitor.button("Helpful").click()
    expect(visitor.button("Helpful")).to_have_attribute("aria-pressed", "false")
    expect(visitor.box).to_be_visible()
    visitor.page.wait_for_timeout(100)
    assert [body["value"] for body in bot.bodies("feedback")] == ["down", "up", None]


def test_what_the_assistant_does_not_offer_is_not_shown(visitor: Visitor, bot: Bot) -> None:
    bot.profile |= {"feedback": False, "citations": False, "follow_ups": False}
    bot.answers = [Answer(("Nine to five [1].",), (CITATION,), ("More?",))]
    visitor.arrive()
    visitor.open()
    visitor.say("Hello")
    expect(visitor.button("Answer again")).to_be_visible()
    expect(visitor.button("Helpful")).to_have_count(0)
    expect(visitor.page.get_by_text("Sources")).to_have_count(0)
    expect(visitor.page.get_by_role("button", name="More?")).to_have_count(0)


def test_the_arrow_brings_back_what_was_said(visitor: Visitor) -> None:
    visitor.arrive()
    visitor.open()
    for text in ("First", "Second"):
        visitor.say(text)
        expect(visitor.page.locator(".msg.brand").last).to_contain_text(text)
        expect(visitor.button("Send")).to_be_visible()
    visitor.box.press("ArrowUp")
    expect(visitor.box).to_have_value("Second")
    visitor.box.press("ArrowUp")
    expect(visitor.box).to_have_value("First")
    visitor.box.fill("Something else")
    visitor.box.press("ArrowUp")
    expect(visitor.box).to_have_value("Something else")


def test_who_steps_in_is_heard_without_another_message(visitor: Visitor, bot: Bot) -> None:
    step = {"id": "p1", "role": "person", "content": "I am here.", "citations": []}
    bot.answers = [Answer(("Which order?",), wait=0.2)]
    bot.news = [{"messages": [step], "handoff": True, "wait": 0.2}]
    visitor.arrive()
    visitor.open()
    visitor.say("My parcel?")
    expect(visitor.answers.last).to_contain_text("Team: I am here.")
    bot.asked("news", 2)


def test_what_people_write_appears_by_itself_while_they_have_the_conversation(
    visitor: Visitor, bot: Bot
) -> None:
    hello: dict[str, Any] = {
        "id": "p1",
        "role": "person",
        "content": "I am **here**.",
        "citations": [],
    }
    hello |= {"status": "whole", "error": "", "feedback": None}
    bot.answers = [Answer(("A colleague comes.",), handoff=True), Answer((), handoff=True)]
    visitor.arrive()
    visitor.open()
    visitor.say("My parcel?")
    bot.asked("news", 2)
    visitor.say("It is late")
    expect(visitor.page.locator(".msg.brand").last).to_contain_text("It is late")
    bot.news = [{"messages": [hello], "wait": 0.05}]
    last = visitor.answers.last
    expect(last).to_contain_text("Team: I am here.")
    expect(last.locator("b")).to_have_text("here")
    expect(visitor.page.locator("[aria-live=polite]")).to_have_text("Team: I am here.")
    expect(visitor.button("Helpful")).to_have_count(1)  # of the bot's answer alone
    bot.asked("news", len(bot.bodies("news")) + 1)
    assert bot.bodies("news")[-1]["after"] == "p1"
    asked = {"id": "q1", "role": "user", "content": "My parcel?"}
    bot.messages, bot.handoff = [asked, hello], True
    bot.news = [{"messages": [hello | {"id": "p2", "content": "Bye."}], "wait": 0}]
    visitor.arrive("/other")
    expect(visitor.answers.last).to_contain_text("Team: Bye.")
    expect(visitor.log).to_contain_text("Team: I am here.")
    assert visitor.button("Helpful").count() == 0
    ended = len(bot.bodies("news"))
    visitor.say("Thanks")
    expect(visitor.answers.last).to_contain_text("You said it.")
    assert len(bot.bodies("news")) == ended
