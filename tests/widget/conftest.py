"""A visitor on somebody's website: the real script in a real browser, the server scripted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.support.browser import breaches
from tests.widget.bot import Bot
from tests.widget.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Locator, Page

# Kept by the page itself, since a reload would lose it.
WATCH = """
window.__shift = 0; window.__breaches = [];
new PerformanceObserver((list) => { for (const e of list.getEntries()) window.__shift += e.value; })
  .observe({type: "layout-shift", buffered: true});
addEventListener("securitypolicyviolation", (e) => window.__breaches.push(e.violatedDirective));
"""


@dataclass
class Visitor:
    """Drives the widget as a person does."""

    page: Page
    site: Site
    bot: Bot

    def arrive(self, path: str = "/") -> None:
        self.page.goto(self.site.url + path)
        self.page.wait_for_selector("privexbot-widget", state="attached")

    def open(self) -> None:
        self.page.get_by_title("Open chat").click()
        expect(self.panel).to_be_visible()

    def say(self, text: str) -> None:
        self.box.fill(text)
        self.box.press("Enter")

    def button(self, title: str) -> Locator:
        return self.page.get_by_title(title, exact=True)

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def box(self) -> Locator:
        return self.page.get_by_label("Type a message")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def answers(self) -> Locator:
        return self.page.locator(".msg:not(.brand)")

    def focused(self) -> str:
        """The title, label or id of what has the focus, inside the widget or out of it."""
        found: str = self.page.evaluate(
            """() => {
              const e = document.activeElement.shadowRoot?.activeElement ?? document.activeElement;
              return e.title || e.ariaLabel || e.name || e.id || e.localName;
            }"""
        )
        return found

    def kept(self) -> dict[str, Any]:
        """What the widget remembers on this origin."""
        found: dict[str, Any] = json.loads(
            self.page.evaluate("Object.values({...localStorage})[0] ?? '{}'")
        )
        return found


@pytest.fixture
def bot() -> Iterator[Bot]:
    with Bot() as bot:
        yield bot


@pytest.fixture
def site(bot: Bot) -> Iterator[Site]:
    with Site(bot.url) as site:
        yield site


@pytest.fixture
def profile(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile. Time-outs are short: everything is on this machine."""
    context = browser.new_context(viewport={"width": 1100, "height": 760})
    context.set_default_timeout(10_000)
    context.add_init_script(WATCH)
    yield context
    context.close()


@pytest.fixture
def visitor(profile: BrowserContext, site: Site, bot: Bot) -> Iterator[Visitor]:
    """The test fails on an uncaught exception or a breach of the host page's policy."""
    complaints: list[str] = []
    page = profile.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.extend(breaches(message.text)))
    yield Visitor(page, site, bot)
    if page.url.startswith(site.url):
        complaints += page.evaluate("window.__breaches")
    page.close()
    assert not complaints
