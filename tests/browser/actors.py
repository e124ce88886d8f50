"""Who and what the story needs: somebody at the builder, the widget, a page of another origin."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.support.loopback import LoopbackServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page


@dataclass
class Website(LoopbackServer):
    """A page of another origin with whatever was pasted into it."""

    pasted: str = ""
    policy: str = ""

    def handler(self) -> type[BaseHTTPRequestHandler]:
        website = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = (
                    f"<!doctype html><html lang=en><title>Velo</title><h1>Velo</h1>{website.pasted}"
                )
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                if website.policy:
                    self.send_header("Content-Security-Policy", website.policy)
                self.end_headers()
                self.wfile.write(page.encode())

        return Handler


@dataclass
class Builder:
    """Somebody at the builder."""

    page: Page

    def go(self, step: str) -> None:
        self.page.get_by_role("navigation", name="Steps").get_by_role("link", name=step).click()
        expect(self.page.get_by_role("heading", name=step, level=1)).to_be_visible()

    @contextmanager
    def saving(self) -> Iterator[None]:
        """What is typed inside is on the server afterwards: the indicator turns with the key, so
        it says saved of all of it."""
        yield
        expect(self.page.locator("#save-state")).to_have_attribute(
            "data-state", re.compile("^(saved|invalid)$"), timeout=20_000
        )

    def ticked(self, step: str) -> None:
        link = self.page.get_by_role("navigation", name="Steps").get_by_role("link", name=step)
        expect(link).to_have_attribute("data-state", "done")

    @property
    def preview(self) -> Chat:
        return Chat(self.page.locator("#preview"))


@dataclass
class Chat:
    """The widget, wherever it stands."""

    place: Locator

    def say(self, text: str) -> None:
        box = self.place.get_by_role("textbox").last
        box.fill(text)
        box.press("Enter")

    def answered(self, text: str) -> None:
        expect(self.place.get_by_role("log")).to_contain_text(text)

    def answered_whole(self, text: str, times: int = 1) -> None:
        """The answer stands there ``times`` times, the last with what comes at its end."""
        log = self.place.get_by_role("log")
        expect(log.get_by_text(text)).to_have_count(times)
        expect(log.get_by_title("Helpful", exact=True)).to_have_count(times)
