"""The last step in a browser: what a channel's card says is renewed as its settings are saved.

The tests' server has no https address, so a messenger is never more than set up.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from drafts import creating
from drafts.types import draft_types
from tests.support.axe import violations
from tests.support.browser import sign_in
from workspaces import credentials

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page

    from tests.support.live import Live
    from workspaces.access import Actor

CHATBOTS = draft_types.get("chatbot")
TOKEN = "7000000001:AAE-test_0123456789abcdefghijklmnop"


@pytest.fixture
def step(page: Page, context: BrowserContext, live: Live, alice: Actor) -> Page:
    """The last step of a draft of Alice's, who has a bot's token."""
    credentials.create(alice, name="Our bot", kind="telegram", values={"bot_token": TOKEN})
    draft = creating.create(alice, CHATBOTS, {"name": "Ada", "system_prompt": "Help."})
    sign_in(context, live, alice)
    page.goto(f"/w/acme/chatbots/draft/{draft.id}/deploy/")
    page.evaluate("window.stayed = true")
    return page


def said_of(switch: Locator) -> Locator:
    """What is said to somebody who hears of a channel's switch: how it stands."""
    name = (switch.get_attribute("aria-describedby") or "").split()[0]
    return switch.page.locator(f"#{name}")


def test_a_channel_is_set_up_and_its_card_says_what_is_left(step: Page) -> None:
    telegram = step.get_by_role("switch", name="Telegram bot")
    card, fold = step.locator("#channel-telegram"), step.locator("#channel-telegram > details")
    expect(said_of(telegram)).to_have_text("Not configured")
    expect(fold).not_to_have_attribute("open", "")
    telegram.check()
    expect(card).to_contain_text("Choose a credential.")
    expect(fold).to_have_attribute("open", "")
    card.get_by_role("combobox", name="Credential").select_option(index=1)
    expect(said_of(telegram)).to_have_text("Needs an https address")
    description = re.compile("^Needs an https address A bot that people write to.*calls public")
    expect(telegram).to_have_accessible_description(description)
    card.locator("summary").click()
    expect(card.locator("summary")).to_contain_text("Our bot")
    step.get_by_role("button", name="Undo").click()
    expect(said_of(telegram)).to_have_text("Not configured")
    expect(card.locator("summary")).not_to_contain_text("Our bot")
    assert step.evaluate("window.stayed")


def test_the_keyboard_alone_sets_a_channel_up(step: Page) -> None:
    website = step.get_by_role("switch", name="Website widget")
    website.focus()
    step.keyboard.press("Space")
    expect(said_of(website)).to_have_text("Hosted page only")
    step.keyboard.press("Tab")
    fold = step.locator("#channel-website > details")
    expect(fold.locator("> summary")).to_be_focused()
    step.keyboard.press("Enter")
    expect(fold).not_to_have_attribute("open", "")
    step.keyboard.press("Enter")
    step.keyboard.press("Tab")
    step.keyboard.press("Enter")
    step.keyboard.type("shop.example")
    expect(said_of(website)).to_have_text("Ready to deploy")
    step.keyboard.press("End")
    step.keyboard.type(" or not")
    expect(said_of(website)).to_have_text("Needs a fix")
    expect(fold.get_by_role("textbox", name="Allowed domains").first).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_kept_out(step: Page, scheme: str) -> None:
    """In every state of a card, and on a phone."""
    step.emulate_media(
        color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce"
    )
    for name in ("Website widget", "Telegram bot", "Discord bot", "Zapier webhook"):
        step.get_by_role("switch", name=name).check()
    expect(step.locator("#channel-discord")).to_contain_text("Choose a credential.")
    assert violations(step) == []
    step.set_viewport_size({"width": 320, "height": 640})
    assert violations(step) == []
    assert step.evaluate("document.documentElement.scrollWidth") == 320
    step.get_by_role("link", name=re.compile("Deploy to 1 channel")).click()
    dialog = step.get_by_role("dialog")
    expect(dialog).to_contain_text("Ready to deploy?")
    expect(dialog.get_by_role("link", name="Choose a credential").first).to_be_visible()
    assert violations(step) == []
