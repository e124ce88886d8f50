"""The page after a deploy, in a browser and with a real worker: it fills in by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from drafts import creating
from drafts.deploying import deploy
from drafts.types import draft_types
from tests.servers.telegram import TOKEN
from tests.support.axe import violations
from tests.support.browser import sign_in
from workspaces import credentials

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from privexbot.embedded.children import Child
    from tests.servers.telegram import TelegramServer
    from tests.support.live import Live
    from workspaces.access import Actor
    from workspaces.models import Credential

CHATBOTS = draft_types.get("chatbot")
PATIENCE = 30_000


def with_a_wrong_token(page: Page, context: BrowserContext, live: Live, alice: Actor) -> Credential:
    """The page after the first deploy of a chatbot on a website and on Telegram."""
    wrong = {"bot_token": "123:wrong"}
    stored = credentials.create(alice, name="Our bot", kind="telegram", values=wrong)
    site = {"type": "website", "enabled": True, "config": {"allowed_domains": ["shop.example"]}}
    bot = {"type": "telegram", "enabled": True, "config": {"bot_token": str(stored.pk)}}
    data = {"name": "Helper", "system_prompt": "Help.", "deployment": {"channels": [site, bot]}}
    sign_in(context, live, alice)
    result = deploy.deploy(alice, CHATBOTS, creating.create(alice, CHATBOTS, data).id)
    page.goto(f"/w/acme/chatbots/{result.entity.pk}/deployed/")
    page.evaluate("window.stayed = true")
    expect(page.locator("#channel-telegram")).to_contain_text("Invalid bot token", timeout=PATIENCE)
    return stored


def test_one_channel_fails_is_mended_and_tried_again_without_a_reload(
    page: Page,
    context: BrowserContext,
    live: Live,
    worker: Child,
    *,
    running_telegram: TelegramServer,
    alice: Actor,
) -> None:
    assert worker.alive
    running_telegram.reset()
    stored = with_a_wrong_token(page, context, live, alice)
    shop, card = page.locator("#channel-website"), page.locator("#channel-telegram")
    expect(card).to_contain_text("Failed")
    expect(shop).to_contain_text("Live")
    expect(shop.get_by_role("link", name="Open the hosted page")).to_be_visible()
    shop.get_by_role("button", name="Copy the code for your pages").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    expect(card.get_by_role("link", name="Replace the credential")).to_be_visible()
    assert violations(page) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.set_viewport_size({"width": 390, "height": 844})
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.set_viewport_size({"width": 1280, "height": 800})

    credentials.replace(alice, stored, {"bot_token": TOKEN})
    card.get_by_role("button", name="Retry").click()
    expect(card).to_contain_text("@acme_help_bot", timeout=PATIENCE)
    expect(card.get_by_role("link", name="Open in Telegram")).to_be_visible()
    assert running_telegram.webhook.url.startswith("https://bots.example/webhooks/telegram/")

    page.get_by_role("button", name="Actions for Telegram bot").click()
    page.get_by_role("menuitem", name="Switch off").click()
    page.locator("#confirm").get_by_role("button", name="Switch off").click()
    expect(card).to_contain_text("Switched off by hand", timeout=PATIENCE)
    assert running_telegram.webhook.url == ""
    assert page.evaluate("window.stayed")

    page.get_by_role("button", name="Actions for Telegram bot").click()
    page.get_by_role("menuitem", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove channel").click()
    expect(page.get_by_text("Telegram is removed.")).to_be_visible()
    expect(page.locator("#channel-telegram")).to_contain_text("Not deployed")
    page.locator("#channel-telegram").get_by_role("button", name="Set up").click()
    expect(page.get_by_role("switch", name="Telegram bot")).to_be_focused()
    expect(page.get_by_role("combobox", name="Credential").first).to_be_visible()


def test_a_credential_is_replaced_where_the_channel_failed(
    page: Page,
    context: BrowserContext,
    live: Live,
    worker: Child,
    *,
    running_telegram: TelegramServer,
    alice: Actor,
) -> None:
    """The page stays, and with it the API key that is shown this once."""
    assert worker.alive
    running_telegram.reset()
    with_a_wrong_token(page, context, live, alice)
    card, dialog = page.locator("#channel-telegram"), page.locator("#modal")
    card.get_by_role("link", name="Replace the credential").click()
    expect(dialog).to_contain_text("Replace the values of Our bot")
    assert violations(page) == []
    dialog.get_by_label("Bot token").fill(TOKEN)
    dialog.get_by_role("button", name="Replace values").click()
    expect(page.get_by_text("Our bot has new values.")).to_be_visible()
    expect(dialog).to_be_hidden()
    expect(card).to_contain_text("@acme_help_bot", timeout=PATIENCE)
    assert page.evaluate("window.stayed")
