"""``window.PrivexBot`` on the host page, the queue before it, and the ways to embed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error, expect

from tests.widget.bot import Refusal

if TYPE_CHECKING:
    from tests.widget.bot import Bot
    from tests.widget.conftest import Visitor
    from tests.widget.site import Site


def with_script(site: Site, text: str) -> None:
    """Put the page's own script before the widget's."""
    site.files["/own.js"] = ("text/javascript", text)
    site.head += '<script src="/own.js"></script>'


def test_calls_made_before_the_script_came_are_carried_out(visitor: Visitor, bot: Bot) -> None:
    with_script(
        visitor.site,
        """window.heard = [];
        window.PrivexBot = window.PrivexBot || [];
        PrivexBot.push(["on", "ready", (d) => heard.push(["ready", d.session_id])]);
        PrivexBot.push(["on", "message", (d) => heard.push([d.role, d.content])]);
        PrivexBot.push(["send", "From the queue"]);""",
    )
    visitor.arrive()
    expect(visitor.answers.last).to_contain_text("You said it.")
    assert visitor.page.evaluate("heard") == [
        ["ready", "s_1"],
        ["user", "From the queue"],
        ["assistant", "You said it."],
    ]


def test_the_page_opens_closes_sends_and_listens(visitor: Visitor) -> None:
    visitor.arrive()
    page = visitor.page
    page.evaluate(
        """() => {
          window.heard = [];
          window.off = PrivexBot.on("open", () => heard.push("open"));
          PrivexBot.on("close", () => heard.push("close"));
          document.addEventListener("privexbot:open", () => heard.push("event"));
        }"""
    )
    page.evaluate("PrivexBot.toggle()")
    expect(visitor.panel).to_be_visible()
    page.evaluate("PrivexBot.close()")
    expect(visitor.panel).to_be_hidden()
    page.evaluate("off()")
    page.evaluate("PrivexBot.open()")
    assert page.evaluate("heard") == ["event", "open", "close", "event"]
    page.evaluate("PrivexBot.send('By the page')")
    expect(visitor.answers.last).to_contain_text("You said it.")


def test_identify_tells_the_server_who_it_is(visitor: Visitor, bot: Bot) -> None:
    visitor.arrive()
    visitor.page.evaluate(
        """PrivexBot.identify({user_id: "u1", hash: "abc", variables: {plan: "Team"}})"""
    )
    assert bot.requests == []
    visitor.open()
    visitor.say("Hello")
    expect(visitor.answers.last).to_contain_text("You said it.")
    assert bot.bodies("session")[0]["identity"] == {"user_id": "u1", "hash": "abc"}
    assert bot.bodies("messages")[0]["variables"] == {"plan": "Team"}
    visitor.page.evaluate("PrivexBot.identify({name: 'Ana'})")
    visitor.page.wait_for_timeout(200)
    assert bot.bodies("session")[1]["identity"]["name"] == "Ana"
    expect(visitor.log).to_contain_text("You said it.")


def test_a_new_chat_keeps_the_visitor_and_a_reset_forgets_them(visitor: Visitor, bot: Bot) -> None:
    visitor.arrive()
    visitor.page.evaluate(
        "PrivexBot.identify({user_id: 'u1', hash: 'a', variables: {plan: 'Team'}})"
    )
    visitor.open()
    visitor.say("It is me")
    expect(visitor.answers.last).to_contain_text("You said it.")
    visitor.button("New chat").click()
    expect(visitor.log).not_to_contain_text("It is me")
    visitor.say("And again")
    expect(visitor.answers.last).to_contain_text("You said it.")
    assert bot.bodies("session")[-1]["identity"] == {"user_id": "u1", "hash": "a"}
    assert bot.bodies("messages")[-1]["variables"] == {"plan": "Team"}

    visitor.page.evaluate("PrivexBot.reset()")
    expect(visitor.log).not_to_contain_text("And again")
    visitor.say("Somebody else")
    expect(visitor.answers.last).to_contain_text("You said it.")
    assert "identity" not in bot.bodies("session")[-1]
    assert "token" not in bot.bodies("session")[-1]
    assert bot.bodies("messages")[-1]["variables"] == {}


def test_another_person_starts_from_nothing(visitor: Visitor, bot: Bot) -> None:
    visitor.arrive()
    visitor.page.evaluate(
        """PrivexBot.identify({user_id: "a", name: "Ana", email: "ana@example.com",
          variables: {plan: "Team"}})"""
    )
    visitor.page.evaluate("PrivexBot.identify({name: 'Ana B.'})")
    visitor.page.evaluate("PrivexBot.identify({user_id: 'b', hash: 'h'})")
    visitor.open()
    visitor.say("Hello")
    expect(visitor.answers.last).to_contain_text("You said it.")
    assert bot.bodies("session")[0]["identity"] == {"user_id": "b", "hash": "h"}
    assert bot.bodies("messages")[0]["variables"] == {}


def test_forgetting_who_never_chatted_asks_the_server_nothing(visitor: Visitor, bot: Bot) -> None:
    visitor.arrive()
    visitor.page.evaluate("PrivexBot.identify({user_id: 'a'})")
    visitor.page.evaluate("PrivexBot.reset()")
    visitor.page.wait_for_timeout(300)
    assert bot.requests == []
    visitor.open()
    expect(visitor.log).to_contain_text("How can I help")
    assert "identity" not in bot.bodies("session")[0]


def test_a_session_that_comes_after_signing_out_is_nobodys(visitor: Visitor, bot: Bot) -> None:
    bot.opens = threading.Event()
    visitor.arrive()
    visitor.page.evaluate("PrivexBot.identify({user_id: 'u1', hash: 'a'})")
    visitor.open()
    bot.asked("session")
    visitor.page.evaluate("void PrivexBot.reset()")
    bot.asked("session", times=2)
    theirs, bot.opens = bot.opens, None
    theirs.set()
    bot.asked("session", times=3)
    visitor.say("Somebody else")
    expect(visitor.answers.last).to_contain_text("You said it.")
    assert "identity" not in bot.bodies("session")[-1]
    assert visitor.kept()["token"] == "t3"


def test_who_is_told_while_the_chat_opens_is_told_to_the_server(visitor: Visitor, bot: Bot) -> None:
    bot.opens = threading.Event()
    visitor.arrive()
    visitor.open()
    bot.asked("session")
    visitor.page.evaluate("void PrivexBot.identify({user_id: 'u1', hash: 'a'})")
    bot.opens.set()
    visitor.say("Hello")
    expect(visitor.answers.last).to_contain_text("You said it.")
    assert bot.bodies("session")[-1]["identity"] == {"user_id": "u1", "hash": "a"}


def test_a_refused_identity_is_dropped_and_the_chat_goes_on(visitor: Visitor, bot: Bot) -> None:
    visitor.arrive()
    visitor.page.evaluate("PrivexBot.identify({user_id: 'ana', variables: {plan: 'Team'}})")
    visitor.open()
    visitor.say("Hello")
    expect(visitor.answers.last).to_contain_text("You said it.")
    bot.refusals["session"] = Refusal(403, "The signature does not fit.")
    with pytest.raises(Error, match="The signature does not fit"):
        visitor.page.evaluate("PrivexBot.identify({user_id: 'ben', hash: 'dead'})")
    visitor.say("Still here")
    expect(visitor.log).to_contain_text("Still here")
    expect(visitor.button("Helpful")).to_have_count(2)
    assert bot.bodies("messages")[-1]["variables"] == {"plan": "Team"}
    visitor.page.evaluate("PrivexBot.identify({name: 'Ana'})")
    assert bot.bodies("session")[-1]["identity"] == {"user_id": "ana", "name": "Ana"}


def test_what_the_page_gives_may_be_anything(visitor: Visitor, bot: Bot) -> None:
    visitor.arrive()
    visitor.open()
    expect(visitor.log).to_contain_text("How can I help")
    visitor.page.evaluate("PrivexBot.send()")
    visitor.page.evaluate("PrivexBot.send(42)")
    assert [body["message"] for body in bot.bodies("messages")] == ["42"]
    for given in ("null", "'bob'", "{}", "{user_id: 'u'.repeat(3000)}"):
        bot.refusals["session"] = Refusal(422, "Say who the visitor is.")
        with pytest.raises(Error, match="Say who the visitor is"):
            visitor.page.evaluate(f"PrivexBot.identify({given})")
    visitor.page.evaluate("PrivexBot.identify({variables: {plan: 'Team'}})")
    assert bot.bodies("session")[-1]["variables"] == {"plan": "Team"}
    assert bot.bodies("session")[-1]["identity"] == {}


def test_an_identity_that_is_refused_as_the_chat_opens_is_dropped(
    visitor: Visitor, bot: Bot
) -> None:
    warned: list[str] = []
    visitor.page.on("console", lambda m: warned.append(m.text) if m.type == "warning" else None)
    bot.refusals["session"] = Refusal(403, "The signature does not fit.")
    visitor.arrive()
    visitor.page.evaluate(
        """() => {
          PrivexBot.on("error", ({message}) => (window.heard = message));
          PrivexBot.identify({user_id: "ben", hash: "dead"});
        }"""
    )
    visitor.open()
    visitor.say("Hello")
    expect(visitor.answers.last).to_contain_text("You said it.")
    assert visitor.page.evaluate("heard") == "The signature does not fit."
    assert warned == ["PrivexBot: The signature does not fit."]
    assert ["identity" in body for body in bot.bodies("session")] == [True, False]


def test_several_scripts_make_one_widget(visitor: Visitor) -> None:
    site = visitor.site
    again = f'<script src="{site.bot_url}/widget.js?again" data-key="pk_test"></script>'
    site.body += again.replace("?again", "") + again.replace("?again", "")
    visitor.arrive()
    visitor.page.wait_for_timeout(300)
    assert visitor.page.locator("privexbot-widget").count() == 1


def test_destroy_leaves_nothing_and_allows_another(visitor: Visitor, bot: Bot) -> None:
    visitor.page.set_viewport_size({"width": 375, "height": 700})
    visitor.arrive()
    visitor.open()
    visitor.page.evaluate("PrivexBot.destroy()")
    assert visitor.page.locator("privexbot-widget").count() == 0
    assert visitor.page.evaluate("[document.body.inert, typeof PrivexBot]") == [False, "undefined"]
    visitor.page.evaluate(
        """(src) => {
          const script = document.createElement("script");
          script.dataset.key = "pk_test";
          script.src = window.trustedTypes.createPolicy("test", {createScriptURL: (u) => u})
            .createScriptURL(src);
          document.head.append(script);
        }""",
        bot.url + "/widget.js",
    )
    expect(visitor.button("Open chat")).to_be_visible()


def test_the_embed_code_of_two_tags_works(visitor: Visitor, bot: Bot) -> None:
    visitor.site.attributes = ""
    with_script(visitor.site, "window.privexbotConfig = {botId: 'b1', key: 'pk_test'};")
    visitor.arrive()
    visitor.open()
    expect(visitor.log).to_contain_text("How can I help")


def test_the_words_may_be_replaced_for_a_language(visitor: Visitor, bot: Bot) -> None:
    with_script(
        visitor.site,
        """window.privexbotConfig = {lang: "de", strings: {
          send: "Go", up: "Good",
          de: {open: "Chat öffnen", type: "Nachricht schreiben", down: "Schlecht"}}};""",
    )
    visitor.arrive()
    visitor.button("Chat öffnen").click()
    expect(visitor.page.get_by_label("Nachricht schreiben")).to_be_focused()
    visitor.page.keyboard.type("Hallo")
    visitor.button("Go").click()
    expect(visitor.button("Good")).to_be_visible()
    expect(visitor.button("Schlecht")).to_be_visible()
    expect(visitor.button("Answer again")).to_be_visible()
    assert visitor.page.locator(".w").get_attribute("lang") == "de"


def test_stands_in_the_page_where_it_is_told_to(visitor: Visitor, bot: Bot) -> None:
    site = visitor.site
    site.attributes = ""
    site.body = f'<div data-privexbot-inline data-endpoint="{bot.url}/widget/v1/pk_x"></div>'
    visitor.arrive()
    expect(visitor.log).to_contain_text("How can I help")
    expect(visitor.page.get_by_role("button", name="Close chat")).to_have_count(0)
    assert visitor.page.locator("[data-privexbot-inline] > privexbot-widget").count() == 1
    assert visitor.focused() == "body"
    visitor.say("Hello")
    expect(visitor.answers.last).to_contain_text("You said it.")
    visitor.page.keyboard.press("Escape")
    expect(visitor.log).to_be_visible()
    assert visitor.page.evaluate("typeof PrivexBot.open") == "function"
