"""A real Chromium. Where there is none, browser tests are skipped and the last lines say so."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.support.people import signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _pytest.terminal import TerminalReporter

    from tests.support.live import Live
    from workspaces.access import Actor

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
NO_BROWSER = "no Chromium or Chrome was found"
TIMEOUT_MS = 10_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A running browser. Not shared by modules: while it runs, no asynchronous test can."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    with sync_playwright() as playwright:
        # Playwright's own event loop runs in this thread, which Django would take for ours.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        try:
            browser = launch(playwright)
            yield browser
            browser.close()
        finally:
            os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
            if before is not None:
                os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def context(browser: Browser, live: Live) -> Iterator[BrowserContext]:
    """A fresh profile whose relative addresses are the product's."""
    context = browser.new_context(base_url=live.url, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(TIMEOUT_MS)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page of the product. The test fails on an uncaught exception or a breach of the CSP."""
    complaints: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.extend(breaches(message.text)))
    yield page
    page.close()
    assert not complaints


def breaches(text: str) -> list[str]:
    """``text`` of the console if it tells of a breach of the content security policy."""
    return [text] if "Content Security Policy" in text else []


def sign_in(context: BrowserContext, live: Live, actor: Actor) -> None:
    """Give the browser profile the session of ``actor``."""
    name = settings.SESSION_COOKIE_NAME
    session = signed_in(Client(), actor).cookies[name].value
    context.add_cookies([{"name": name, "value": session, "url": live.url}])


def launch(playwright: Playwright) -> Browser:
    """Start the installed browser, or Playwright's own; skips the test when there is neither."""
    program = installed() or _of_playwright(playwright)
    if program is None:
        pytest.skip(NO_BROWSER)
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else [*FLAGS]
    return playwright.chromium.launch(executable_path=program, args=flags)


def installed() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def _of_playwright(playwright: Playwright) -> str | None:
    program = playwright.chromium.executable_path
    return program if Path(program).exists() else None


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Say how many tests were skipped for want of a browser."""
    skipped = terminalreporter.stats.get("skipped", [])
    count = sum(NO_BROWSER in str(report.longrepr) for report in skipped)
    if count:
        terminalreporter.write_line(f"{count} browser tests were skipped: {NO_BROWSER}.")
