"""The widget on the page: keyboard, focus, phone, isolation from the page, nothing moved.

How light, quick and readable it is: ``test_measures``.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.axe import violations
from tests.widget.bot import CITATION, Answer, lead_form
from tests.widget.site import CSS

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

    from tests.widget.bot import Bot
    from tests.widget.conftest import Visitor
    from tests.widget.site import Site

PHONE: ViewportSize = {"width": 375, "height": 700}
RICH = (
    "# Title\n\n- one [1]\n- two\n\n```\ncode\n```\n\n|a|b|\n|-|-|\n|1|2|\n\n[docs](https://a.test)"
)


def test_opens_and_closes_with_the_keyboard(visitor: Visitor) -> None:
    visitor.arrive()
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Tab")
    assert visitor.focused() == "Open chat"
    visitor.page.keyboard.press("Enter")
    expect(visitor.panel).to_be_visible()
    assert visitor.focused() == "Type a message"
    expect(visitor.page.locator(".launcher")).to_have_attribute("aria-expanded", "true")
    visitor.page.keyboard.press("Escape")
    expect(visitor.panel).to_be_hidden()
    assert visitor.focused() == "Open chat"
    expect(visitor.page.locator(".launcher")).to_have_attribute("aria-expanded", "false")


def test_the_focus_goes_back_to_where_it_was_opened(visitor: Visitor) -> None:
    visitor.site.files["/help.js"] = (
        "text/javascript",
        "addEventListener('click', (e) => e.target.id === 'help' && PrivexBot.open())",
    )
    visitor.site.head = '<script defer src="/help.js"></script>'
    visitor.arrive()
    visitor.page.get_by_role("button", name="Help").click()
    assert visitor.focused() == "Type a message"
    visitor.page.keyboard.press("Escape")
    assert visitor.focused() == "help"


def test_a_closed_panel_cannot_be_reached(visitor: Visitor) -> None:
    visitor.arrive()
    visitor.open()
    visitor.page.keyboard.press("Escape")
    reached = set()
    for _ in range(8):
        visitor.page.keyboard.press("Tab")
        reached.add(visitor.focused())
    assert "Open chat" in reached
    assert "Type a message" not in reached


def test_a_new_answer_shows_on_the_closed_launcher(visitor: Visitor, bot: Bot) -> None:
    hold = threading.Event()
    bot.answers = [Answer(("You said", " it."), hold=hold)]
    visitor.arrive()
    visitor.open()
    visitor.say("Hello")
    expect(visitor.answers.last).to_contain_text("You said")
    visitor.page.keyboard.press("Escape")
    hold.set()
    expect(visitor.button("Open chat, new message")).to_be_visible()
    visitor.button("Open chat, new message").click()
    visitor.page.keyboard.press("Escape")
    expect(visitor.button("Open chat")).to_be_visible()


def test_the_page_cannot_spoil_the_widget_nor_the_widget_the_page(visitor: Visitor) -> None:
    visitor.site.head = '<link rel="stylesheet" href="/host.css">'
    visitor.site.extra_csp = "style-src 'self'"
    visitor.site.files["/host.css"] = ("text/css", CSS)
    visitor.arrive()
    heading = "getComputedStyle(document.querySelector('h1')).cssText"
    before = visitor.page.evaluate(heading)
    visitor.open()
    launcher = visitor.page.locator(".launcher")
    expect(visitor.box).to_be_visible()
    expect(launcher).to_have_css("background-color", "rgb(79, 70, 229)")
    # The first answer is put in anew when the session is there.
    expect(visitor.answers.first).to_have_css("font-size", "15px")
    box = launcher.bounding_box()
    assert box is not None
    assert (box["width"], round(box["x"] + box["width"])) == (56, 1080)
    assert visitor.page.evaluate(heading) == before


def test_nothing_on_the_page_moves(visitor: Visitor) -> None:
    visitor.arrive()
    where = "document.querySelector('h1').getBoundingClientRect().toJSON()"
    before = visitor.page.evaluate(where)
    visitor.open()
    visitor.say("Hello")
    expect(visitor.button("Helpful")).to_be_visible()
    visitor.page.keyboard.press("Escape")
    assert visitor.page.evaluate(where) == before
    assert visitor.page.evaluate("window.__shift") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_axe_finds_nothing(visitor: Visitor, bot: Bot, scheme: str, size: str) -> None:
    page = visitor.page
    bot.profile |= {"theme": scheme}
    bot.answers = [Answer((RICH,), (CITATION,), ("More?",))]
    if size == "phone":
        page.set_viewport_size(PHONE)
    visitor.arrive()
    assert violations(page) == []
    visitor.open()
    expect(page.get_by_role("button", name="Prices")).to_be_visible()
    assert violations(page) == []
    visitor.say("Everything, please")
    page.get_by_text("Sources (1)").click()
    visitor.button("Helpful").click()
    assert violations(page) == []
    bot.answers = [Answer(("Half",), cut=True)]
    visitor.say("Break")
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_lead_form(visitor: Visitor, bot: Bot, scheme: str) -> None:
    bot.profile |= {"theme": scheme, "lead": lead_form("before_chat")}
    bot.lead_needed = True
    visitor.arrive()
    visitor.open()
    expect(visitor.page.get_by_label("E-mail")).to_be_focused()
    assert violations(visitor.page) == []


def test_targets_are_large_enough(visitor: Visitor, bot: Bot) -> None:
    bot.answers = [Answer(("Fine.",), (CITATION,), ("More?",))]
    visitor.arrive()
    visitor.open()
    visitor.say("Hello")
    expect(visitor.button("Helpful")).to_be_visible()
    assert smallest(visitor.page, "button, summary") >= 24
    visitor.page.set_viewport_size(PHONE)
    assert smallest(visitor.page, ".head button, .composer button, .chips button") >= 44


def smallest(page: Page, selector: str) -> float:
    """The shorter side of the smallest visible element."""
    sides: float = page.locator("privexbot-widget").evaluate(
        """(host, selector) => Math.min(...[...host.shadowRoot.querySelectorAll(selector)]
          .map((e) => e.getBoundingClientRect()).filter((b) => b.width)
          .map((b) => Math.min(b.width, b.height)))""",
        selector,
    )
    return sides


def test_fills_a_phones_screen_and_is_modal_there(visitor: Visitor) -> None:
    visitor.page.set_viewport_size(PHONE)
    visitor.arrive()
    visitor.open()
    box = visitor.panel.bounding_box()
    assert box == {"x": 0, "y": 0, **PHONE}
    expect(visitor.panel).to_have_attribute("aria-modal", "true")
    assert visitor.page.evaluate("document.body.inert") is True
    visitor.button("Close chat").last.click()
    assert visitor.page.evaluate("document.body.inert") is False
    assert visitor.page.evaluate("document.documentElement.style.overflow") == ""
    assert visitor.focused() == "Open chat"


def test_does_not_cover_a_phone_again_after_a_reload(visitor: Visitor) -> None:
    visitor.page.set_viewport_size(PHONE)
    visitor.arrive()
    visitor.open()
    visitor.arrive("/other")
    visitor.page.wait_for_timeout(200)
    expect(visitor.panel).to_be_hidden()


@pytest.mark.parametrize("width", [320, 1100])
def test_nothing_is_wider_than_the_panel(visitor: Visitor, bot: Bot, width: int) -> None:
    visitor.page.set_viewport_size({"width": width, "height": 700})
    long = f"{'x' * 200}\n\n```\n{'y' * 200}\n```\n\n|{'z' * 90}|b|\n|-|-|\n|1|2|"
    bot.answers = [Answer((long,), follow_ups=("A suggestion that goes on " * 4,))]
    visitor.arrive()
    visitor.open()
    visitor.say("w" * 200)
    expect(visitor.button("Helpful")).to_be_visible()
    assert visitor.log.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_mirrors_itself_from_right_to_left(visitor: Visitor, bot: Bot) -> None:
    bot.language = "ar"
    visitor.site.attributes += ' data-lang="ar"'
    visitor.arrive()
    visitor.open()
    box = visitor.page.get_by_label("اكتب رسالة")
    box.fill("مرحبا")
    box.press("Enter")
    expect(visitor.answers.last).to_contain_text("You said it.")
    own = visitor.page.locator(".msg.brand").bounding_box()
    send = visitor.page.locator(".composer button").bounding_box()
    panel = visitor.panel.bounding_box()
    assert own
    assert send
    assert panel
    middle = panel["x"] + panel["width"] / 2
    assert own["x"] + own["width"] < middle
    assert send["x"] < middle
    assert visitor.log.evaluate("e => e.scrollWidth <= e.clientWidth")


def test_nothing_is_animated_for_who_wants_it_so(visitor: Visitor, bot: Bot) -> None:
    visitor.page.emulate_media(reduced_motion="reduce")
    visitor.arrive()
    visitor.open()
    visitor.say("Hello")
    expect(visitor.button("Helpful")).to_be_visible()
    assert visitor.page.evaluate("document.getAnimations().length") == 0
    running = "e => e.getRootNode().getAnimations().length"
    assert visitor.panel.evaluate(running) == 0


def test_every_control_shows_in_forced_colours(visitor: Visitor) -> None:
    visitor.page.emulate_media(forced_colors="active")
    visitor.arrive()
    visitor.open()
    visitor.say("Hello")
    expect(visitor.button("Helpful")).to_be_visible()
    borders = visitor.page.locator("privexbot-widget").evaluate(
        """host => [...host.shadowRoot.querySelectorAll("button, textarea, .msg")]
          .map((e) => getComputedStyle(e).borderTopWidth)"""
    )
    assert set(borders) == {"1px"}


def test_stands_on_the_left_where_the_assistant_says_so(visitor: Visitor, bot: Bot) -> None:
    bot.profile |= {"position": "bottom-left", "primary_color": "#00695C"}
    visitor.arrive()
    visitor.open()
    expect(visitor.log).to_contain_text("How can I help")
    box = visitor.page.locator(".launcher").bounding_box()
    assert box is not None
    assert box["x"] == 20
    visitor.page.keyboard.press("Escape")
    # On the next page it is right from the beginning, without a request.
    visitor.arrive("/other")
    launcher = visitor.page.locator(".launcher")
    assert launcher.bounding_box() == box
    assert launcher.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(0, 105, 92)"
    assert len(bot.requests) == 1


def test_the_embed_code_may_say_how_the_launcher_looks(visitor: Visitor, site: Site) -> None:
    site.attributes += ' data-primary_color="#B71C1C" data-position="bottom-left"'
    visitor.arrive()
    launcher = visitor.page.locator(".launcher")
    assert launcher.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(183, 28, 28)"
    assert launcher.bounding_box()["x"] == 20  # type: ignore[index]
