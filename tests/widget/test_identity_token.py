"""A page that hands its server's token to the widget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.widget.bot import Refusal
from tests.widget.test_script_api import with_script

if TYPE_CHECKING:
    from tests.widget.bot import Bot
    from tests.widget.conftest import Visitor

EXPIRED = Refusal(403, "The identity token has expired. Get a new one from your server.")
LISTENING = """window.heard = [];
window.PrivexBot = window.PrivexBot || [];
PrivexBot.push(["on", "error", ({message}) => heard.push(message)]);
"""
SIGNED_IN = 'window.privexbotConfig = {identityToken: "a.b.c"};'


def test_the_page_s_settings_may_hold_it(visitor: Visitor, bot: Bot) -> None:
    with_script(visitor.site, SIGNED_IN)
    visitor.arrive()
    visitor.open()
    expect(visitor.log).to_contain_text("How can I help")
    assert bot.bodies("session")[0]["identity"] == {"identityToken": "a.b.c"}


def test_one_that_has_expired_leaves_the_visitor_anonymous(visitor: Visitor, bot: Bot) -> None:
    with_script(visitor.site, LISTENING + SIGNED_IN)
    bot.refusals["session"] = EXPIRED
    visitor.arrive()
    visitor.open()
    expect(visitor.log).to_contain_text("How can I help")
    first, second = bot.bodies("session")
    assert first["identity"] == {"identityToken": "a.b.c"}
    assert "identity" not in second
    assert visitor.page.evaluate("heard") == [EXPIRED.detail]
    visitor.say("Hello")
    expect(visitor.answers.last).to_contain_text("You said it.")


def test_one_that_expires_later_ends_no_chat(visitor: Visitor, bot: Bot) -> None:
    """Neither a new chat nor a pass that has to be renewed runs into it again and again."""
    with_script(visitor.site, LISTENING + SIGNED_IN)
    visitor.arrive()
    visitor.open()
    visitor.say("Hello")
    expect(visitor.answers.last).to_contain_text("You said it.")
    bot.refusals["session"] = EXPIRED
    visitor.button("New chat").click()
    bot.asked("session", times=3)
    expect(visitor.log).to_contain_text("How can I help")
    assert "identity" not in bot.bodies("session")[2]
    visitor.say("Again")
    expect(visitor.answers.last).to_contain_text("You said it.")
    bot.refusals["messages"] = Refusal(401)
    visitor.say("And again")
    expect(visitor.answers.nth(2)).to_contain_text("You said it.")
    assert len(bot.bodies("session")) == 4


def test_another_token_signs_in_again(visitor: Visitor, bot: Bot) -> None:
    visitor.arrive()
    visitor.open()
    expect(visitor.log).to_contain_text("How can I help")
    visitor.page.evaluate("PrivexBot.identify({identityToken: 'new'})")
    bot.asked("session", times=2)
    assert bot.bodies("session")[1]["identity"] == {"identityToken": "new"}
