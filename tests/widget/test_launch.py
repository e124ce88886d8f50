"""What a page shows before anybody opens the chat: the launcher's text, and messages that come up
by themselves."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.support.axe import violations
from tests.widget.bot import SCRIPTS

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.widget.bot import Bot
    from tests.widget.conftest import Visitor
    from tests.widget.site import Site

OFFER: dict[str, Any] = {
    "id": "offer",
    "text": "Shall I show you prices?",
    "quick_replies": [],
    "page_match": "any",
    "page": "",
    "when": "time",
    "seconds": 0,
    "percent": 50,
    "repeat": "visitor",
}
LONG = '<div id="long">Words</div>'


@pytest.fixture(autouse=True)
def _with_a_message(bot: Bot, site: Site) -> None:
    site.launches = True
    bot.invitations = [OFFER]


def invitation(visitor: Visitor) -> Locator:
    return visitor.page.locator(".invitation")


def test_the_script_weighs_at_most_four_kilobytes() -> None:
    assert len(gzip.compress(SCRIPTS["/widget.launch.js"].read_bytes(), 9)) <= 4 * 1024


def test_the_text_stands_beside_the_launcher_and_opens_the_chat(visitor: Visitor, bot: Bot) -> None:
    bot.invitations, bot.launcher_text = [], "Questions?"
    visitor.arrive()
    label = visitor.page.locator(".label")
    expect(label).to_have_text("Questions?")
    launcher = visitor.page.locator(".launcher")
    assert launcher.get_attribute("title") == "Open chat: Questions?"
    box, button = label.bounding_box(), launcher.bounding_box()
    assert box
    assert button
    assert box["x"] + box["width"] <= button["x"]
    label.click()
    expect(visitor.panel).to_be_visible()
    expect(label).to_be_hidden()


def test_a_message_that_is_followed_is_the_first_word_of_the_chat(
    visitor: Visitor, bot: Bot
) -> None:
    visitor.arrive()
    expect(invitation(visitor)).to_contain_text(OFFER["text"])
    assert violations(visitor.page) == []
    assert visitor.page.evaluate("document.activeElement.localName") == "body"
    assert bot.bodies("session") == []
    visitor.page.get_by_role("button", name=OFFER["text"]).click()
    expect(visitor.answers.first).to_contain_text(OFFER["text"])
    expect(visitor.log).not_to_contain_text("How can I help")
    expect(invitation(visitor)).to_have_count(0)
    visitor.say("Yes")
    expect(visitor.answers.last).to_contain_text("You said it.")
    assert bot.bodies("messages")[0]["invited"] == "offer"
    visitor.button("New chat").click()
    expect(visitor.answers.first).to_contain_text("How can I help")
    visitor.say("Something else")
    expect(visitor.answers.last).to_contain_text("You said it.")
    assert "invited" not in bot.bodies("messages")[1]


def test_a_quick_reply_is_sent_at_once(visitor: Visitor, bot: Bot) -> None:
    bot.invitations = [OFFER | {"quick_replies": ["Yes, please", "No"]}]
    visitor.arrive()
    visitor.page.get_by_role("button", name="Yes, please").click()
    expect(visitor.answers.last).to_contain_text("You said it.")
    assert bot.bodies("messages")[0]["message"] == "Yes, please"
    assert bot.bodies("messages")[0]["invited"] == "offer"


def test_after_a_message_was_dismissed_none_comes_up(visitor: Visitor, bot: Bot) -> None:
    bot.invitations = [OFFER | {"repeat": "page"}]
    visitor.arrive()
    visitor.page.get_by_role("button", name="Dismiss message").click()
    expect(invitation(visitor)).to_have_count(0)
    visitor.arrive("/other")
    bot.asked("launch", times=2)
    visitor.page.wait_for_timeout(1300)
    expect(invitation(visitor)).to_have_count(0)


def test_none_comes_up_while_the_chat_is_open(visitor: Visitor, bot: Bot) -> None:
    bot.invitations = [OFFER | {"seconds": 1}]
    visitor.arrive()
    visitor.open()
    visitor.page.wait_for_timeout(2500)
    expect(invitation(visitor)).to_have_count(0)
    visitor.page.keyboard.press("Escape")
    expect(invitation(visitor)).to_be_visible()
    visitor.open()
    expect(invitation(visitor)).to_have_count(0)


@pytest.mark.parametrize(("repeat", "again"), [("visitor", 0), ("visit", 0), ("page", 1)])
def test_how_often_it_comes_up_is_as_it_was_set(
    visitor: Visitor, bot: Bot, repeat: str, again: int
) -> None:
    bot.invitations = [OFFER | {"repeat": repeat}]
    visitor.arrive()
    expect(invitation(visitor)).to_be_visible()
    visitor.arrive("/other")
    bot.asked("launch", times=2)
    visitor.page.wait_for_timeout(1300)
    expect(invitation(visitor)).to_have_count(again)


def test_only_the_pages_that_it_is_for_show_it(visitor: Visitor, bot: Bot) -> None:
    bot.invitations = [OFFER | {"page_match": "begins_with", "page": "/bikes"}]
    visitor.arrive("/about")
    bot.asked("launch")
    visitor.page.wait_for_timeout(1300)
    expect(invitation(visitor)).to_have_count(0)
    # The page of an app changes its address without being loaded.
    visitor.page.evaluate("history.pushState({}, '', '/bikes/7')")
    expect(invitation(visitor)).to_be_visible()
    visitor.page.evaluate("history.pushState({}, '', '/about')")
    expect(invitation(visitor)).to_have_count(0)


def test_one_waits_until_the_visitor_has_scrolled(visitor: Visitor, bot: Bot) -> None:
    bot.invitations = [OFFER | {"when": "scroll", "percent": 80}]
    visitor.site.body += LONG
    visitor.arrive()
    bot.asked("launch")
    visitor.page.evaluate("document.querySelector('#long').style.height = '5000px'")
    visitor.page.evaluate("scrollTo(0, 800)")
    visitor.page.wait_for_timeout(1300)
    expect(invitation(visitor)).to_have_count(0)
    visitor.page.evaluate("scrollTo(0, 4800)")
    expect(invitation(visitor)).to_be_visible()


def test_one_waits_until_the_pointer_leaves_for_another_tab(visitor: Visitor, bot: Bot) -> None:
    bot.invitations = [OFFER | {"when": "leaving"}]
    visitor.arrive()
    bot.asked("launch")
    visitor.page.wait_for_timeout(1300)
    leave = "(y) => document.documentElement.dispatchEvent(new MouseEvent('mouseleave', y))"
    visitor.page.evaluate(leave, {"clientY": 300})
    expect(invitation(visitor)).to_have_count(0)
    visitor.page.evaluate(leave, {"clientY": -2})
    expect(invitation(visitor)).to_be_visible()


def test_a_conversation_that_was_begun_before_gives_way(
    visitor: Visitor, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, opened = {"id": "1", "role": "user", "content": "Long ago", "citations": []}, bot.session

    def session(body: dict[str, Any]) -> dict[str, Any]:
        bot.messages = [] if bot.token else [old]
        return opened(body)

    monkeypatch.setattr(bot, "session", session)
    visitor.arrive()
    visitor.page.get_by_role("button", name=OFFER["text"]).click()
    bot.asked("session", times=2)
    expect(visitor.answers.first).to_contain_text(OFFER["text"])
    expect(visitor.log).not_to_contain_text("Long ago")


def test_what_a_person_has_is_left_as_it_is(visitor: Visitor, bot: Bot) -> None:
    bot.messages = [{"id": "1", "role": "user", "content": "Long ago", "citations": []}]
    bot.handoff = True
    visitor.arrive()
    visitor.page.get_by_role("button", name=OFFER["text"]).click()
    expect(visitor.log).to_contain_text("Long ago")
    expect(visitor.answers.first).to_contain_text("How can I help")
    assert len(bot.bodies("session")) == 1


def test_it_is_mirrored_from_right_to_left(visitor: Visitor, bot: Bot) -> None:
    bot.language = "ar"
    visitor.site.attributes += ' data-lang="ar"'
    visitor.arrive()
    expect(invitation(visitor)).to_be_visible()
    assert bot.bodies("launch")[0]["query"] == "language=ar"
    close = visitor.page.get_by_role("button", name="إخفاء الرسالة").bounding_box()
    whole = invitation(visitor).bounding_box()
    assert close
    assert whole
    assert close["x"] < whole["x"] + whole["width"] / 2


def test_nothing_moves_for_who_wants_it_so(visitor: Visitor, bot: Bot) -> None:
    visitor.page.emulate_media(reduced_motion="reduce")
    visitor.arrive()
    expect(invitation(visitor)).to_be_visible()
    assert invitation(visitor).evaluate("e => getComputedStyle(e).animationName") == "none"


def test_it_fits_a_phone(visitor: Visitor, bot: Bot) -> None:
    bot.launcher_text = "Can we help you today, friend?"
    bot.invitations = [OFFER | {"text": "word " * 60, "quick_replies": ["Yes, please", "No"]}]
    visitor.page.set_viewport_size({"width": 320, "height": 480})
    visitor.arrive()
    expect(invitation(visitor)).to_be_visible()
    for part in (invitation(visitor), visitor.page.locator(".label")):
        box = part.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= 320
    assert violations(visitor.page) == []


def test_a_page_that_cannot_learn_it_still_has_its_chat(visitor: Visitor, bot: Bot) -> None:
    visitor.page.route("**/launch?*", lambda route: route.abort())
    visitor.arrive()
    visitor.open()
    expect(visitor.log).to_contain_text("How can I help")
