"""What holds on every page: accessible, within small screens, without errors, one heading."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import ViewportSize

from tests.browser.scene import MISSING, scene, signed_in_pages, signed_out_pages
from tests.support.axe import violations
from tests.support.browser import sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

    from tests.browser.scene import Scene
    from tests.support.live import Live

__all__ = ["scene"]

THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
DESKTOP = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=375, height=812)
SMALL = ViewportSize(width=320, height=640)
BAD = 400
WIDER_THAN_THE_SCREEN = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture
def visited(context: BrowserContext, live: Live, scene: Scene) -> Iterator[Page]:
    """A page that can be sent to the addresses of the scene."""
    sign_in(context, live, scene.owner)
    page = context.new_page()
    yield page
    page.close()


def accessible(page: Page) -> list[str]:
    """What axe finds in both themes, wide and on a phone."""
    found: list[str] = []
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            found += [f"{theme}, {size['width']} px: {each}" for each in violations(page)]
    return found


def test_the_api_is_described_for_everybody(page: Page) -> None:
    """Under the policy of all pages, so nothing of it may be inline."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto("/api/docs/")
    page.get_by_text("/api/v1/{kind}/draft/{draft_id}/deploy").wait_for()
    assert complaints == []
    found = accessible(page)
    assert not found, "\n".join(found)


@pytest.mark.timeout(600)
def test_axe_finds_nothing_on_any_page(visited: Page, scene: Scene) -> None:
    found: dict[str, list[str]] = {}
    for name, path in signed_in_pages(scene).items():
        visited.goto(path)
        found[name] = accessible(visited)
    assert not {name: each for name, each in found.items() if each}


def test_axe_finds_nothing_before_signing_in(page: Page) -> None:
    found: dict[str, list[str]] = {}
    for name, path in signed_out_pages().items():
        page.goto(path)
        found[name] = accessible(page)
    assert not {name: each for name, each in found.items() if each}


def test_no_page_is_wider_than_a_small_screen(visited: Page, scene: Scene) -> None:
    visited.set_viewport_size(SMALL)
    wide = []
    for name, path in signed_in_pages(scene).items():
        visited.goto(path)
        if visited.evaluate(WIDER_THAN_THE_SCREEN):
            wide.append(name)
    assert not wide


def test_every_page_has_one_heading_and_a_title_of_its_own(visited: Page, scene: Scene) -> None:
    titles: Counter[str] = Counter()
    headings: dict[str, int] = {}
    for name, path in signed_in_pages(scene).items():
        visited.goto(path)
        titles[visited.title()] += 1
        headings[name] = visited.locator("h1").count()
        assert visited.locator("html").get_attribute("lang") == "en"
    assert {name: count for name, count in headings.items() if count != 1} == {}
    assert [title for title, count in titles.items() if count > 1] == []


@dataclass
class Watch:
    """Listens to a page."""

    home: str
    complaints: list[str] = field(default_factory=list)
    foreign: set[str] = field(default_factory=set)

    def follow(self, page: Page) -> None:
        page.on("console", self.said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("response", self.answered)
        page.on("request", self.asked)

    def said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def answered(self, response: Response) -> None:
        if response.status >= BAD:
            self.complaints.append(f"{response.status} {response.url}")

    def asked(self, request: Request) -> None:
        if not request.url.startswith((self.home, "data:")):
            self.foreign.add(request.url)


def test_no_page_complains_or_asks_other_servers(visited: Page, live: Live, scene: Scene) -> None:
    watch = Watch(live.url)
    watch.follow(visited)
    for path in signed_in_pages(scene).values():
        if path != MISSING:
            visited.goto(path)
            visited.wait_for_function("document.fonts.status === 'loaded'")
    assert watch.complaints == []
    assert watch.foreign == set()
