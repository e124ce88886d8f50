"""What holds on every page: accessible, within small screens, without errors, one heading. Numbers
in brackets are those of the interface's checklist (``tests/CHECKLIST.md``)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.scene import (
    MISSING,
    admin_pages,
    make_staff,
    scene,
    signed_in_pages,
    signed_out_pages,
)
from tests.support.axe import undecided, violations
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
HIGH = ViewportSize(width=1280, height=4000)
BAD = 400
WIDER_THAN_THE_SCREEN = "document.documentElement.scrollWidth > innerWidth"
LARGE_TEXT = "document.documentElement.style.fontSize = '200%'"
# Texts that their box cuts off. What ends in an ellipsis on purpose is whole elsewhere.
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter((e) => {
  const {overflowX, overflowY} = getComputedStyle(e), hides = (each) => /hidden|clip/.test(each);
  const speaks = [...e.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  if (!speaks || !e.checkVisibility() || e.clientWidth < 2 || e.matches(".truncate")) return false;
  return (hides(overflowX) && e.scrollWidth > e.clientWidth + 1)
    || (hides(overflowY) && e.scrollHeight > e.clientHeight + 1);
}).map((e) => e.textContent.trim())"""


# Parts of a page that it asks for when it is there, and those that are being put into their place.
STILL_LOADING = "[hx-trigger=load], .htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"


def visit(page: Page, path: str) -> None:
    """Go there and wait until the page is whole."""
    page.goto(path)
    expect(page.locator(STILL_LOADING)).to_have_count(0)


@pytest.fixture
def visited(context: BrowserContext, live: Live, scene: Scene) -> Iterator[Page]:
    """A page that can be sent to the addresses of the scene."""
    sign_in(context, live, scene.owner)
    page = context.new_page()
    yield page
    page.close()


def accessible(page: Page, *, anew: bool = False) -> list[str]:
    """What axe finds in both themes, wide and on a phone; ``anew`` for colours that fade."""
    found: list[str] = []
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            if anew:
                page.reload()
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
    """(1, 17, 18, 29)"""
    found: dict[str, list[str]] = {}
    for name, path in signed_in_pages(scene).items():
        visit(visited, path)
        found[name] = accessible(visited)
    assert not {name: each for name, each in found.items() if each}


# What axe leaves to a person: the arrow of a select, or of a field with suggestions, is a picture
# behind it, over which no word stands; the dots of a chat that is being opened are no words.
DOTS = ".dots: Fix any of the following:\n  Element content contains only non-text characters"
# Over a canvas lie the layers on which it is dragged; its words have the colours of every card.
IS_ON_CANVAS = "(told) => !!document.querySelector(told)?.closest('.workflow-place')"


def is_looked_at(page: Page, told: str) -> bool:
    """Whether what axe tells is one of these."""
    rule, _, rest = told.partition(": ")
    selector = rest.partition(": Fix ")[0]
    return DOTS in told or (rule == "color-contrast" and page.evaluate(IS_ON_CANVAS, selector))


@pytest.mark.parametrize("theme", THEMES)
def test_what_axe_cannot_decide_was_looked_at(
    visited: Page, scene: Scene, theme: Literal["light", "dark"]
) -> None:
    """(1) On a screen so high that no word is cut by the end of what scrolls."""
    visited.set_viewport_size(HIGH)
    visited.emulate_media(color_scheme=theme, reduced_motion="reduce")
    arrows = """[...document.querySelectorAll("select, input[list]")]
      .map((each) => "#" + CSS.escape(each.id))"""
    found: dict[str, list[str]] = {}
    for name, path in signed_in_pages(scene).items():
        visit(visited, path)
        known = tuple(f"color-contrast: {each}: " for each in visited.evaluate(arrows))
        found[name] = [
            each
            for each in undecided(visited)
            if not each.startswith(known) and not is_looked_at(visited, each)
        ]
    assert {name: each for name, each in found.items() if each} == {}


def test_axe_finds_nothing_in_the_admin(visited: Page, scene: Scene) -> None:
    """(1, 17, 18, 29)"""
    make_staff(scene)
    found: dict[str, list[str]] = {}
    for name, path in admin_pages(scene).items():
        visit(visited, path)
        found[name] = accessible(visited, anew=True)
    assert not {name: each for name, each in found.items() if each}


def test_axe_finds_nothing_before_signing_in(page: Page) -> None:
    """(1, 17, 18, 29)"""
    found: dict[str, list[str]] = {}
    for name, path in signed_out_pages().items():
        page.goto(path)
        found[name] = accessible(page)
    assert not {name: each for name, each in found.items() if each}


def test_no_page_is_wider_than_a_small_screen(visited: Page, scene: Scene) -> None:
    """(19)"""
    make_staff(scene)
    visited.set_viewport_size(SMALL)
    wide = []
    for name, path in (signed_in_pages(scene) | admin_pages(scene)).items():
        visit(visited, path)
        if visited.evaluate(WIDER_THAN_THE_SCREEN):
            wide.append(name)
    assert not wide


@pytest.mark.parametrize("width", [1280, 1024])
def test_text_may_be_twice_as_large_on_every_page(visited: Page, scene: Scene, width: int) -> None:
    """(19) Nothing becomes wider than the screen, no text is cut off."""
    make_staff(scene)
    visited.set_viewport_size({"width": width, "height": 768})
    lost: dict[str, list[str]] = {}
    for name, path in (signed_in_pages(scene) | admin_pages(scene)).items():
        visit(visited, path)
        visited.evaluate(LARGE_TEXT)
        wide = ["wider than the screen"] if visited.evaluate(WIDER_THAN_THE_SCREEN) else []
        lost[name] = [*wide, *visited.evaluate(CUT_OFF)]
    assert {name: each for name, each in lost.items() if each} == {}


def test_every_page_has_one_heading_and_a_title_of_its_own(visited: Page, scene: Scene) -> None:
    """(29)"""
    titles: Counter[str] = Counter()
    wrong: dict[str, tuple[int, int, str | None]] = {}

    def look_at(pages: dict[str, str]) -> None:
        for name, path in pages.items():
            visit(visited, path)
            titles[visited.title()] += 1
            headings, mains = visited.locator("h1").count(), visited.locator("main").count()
            found = (headings, mains, visited.locator("html").get_attribute("lang"))
            if found != (1, 1, "en"):
                wrong[name] = found

    look_at(signed_in_pages(scene))
    visited.context.clear_cookies()
    look_at(signed_out_pages())
    assert wrong == {}
    assert [title for title, count in titles.items() if count > 1] == []


def test_the_admin_has_headings_and_titles_too(visited: Page, scene: Scene) -> None:
    """(29) Django's header is a heading of the first level as well, outside of the page's main."""
    make_staff(scene)
    titles = []
    for path in admin_pages(scene).values():
        visit(visited, path)
        titles.append(visited.title())
        assert visited.locator("main h1").count() == 1
        assert visited.locator("html").get_attribute("lang") == "en"
    assert len(titles) == len(set(titles))


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
            self.complaints.append(f"{message.text} {message.location['url']}")

    def answered(self, response: Response) -> None:
        if response.status >= BAD:
            self.complaints.append(f"{response.status} {response.url}")

    def asked(self, request: Request) -> None:
        if not request.url.startswith((self.home, "data:")):
            self.foreign.add(request.url)


def test_no_page_complains_or_asks_other_servers(visited: Page, live: Live, scene: Scene) -> None:
    """(20, 23)"""
    make_staff(scene)
    watch = Watch(live.url)
    watch.follow(visited)

    def look_at(pages: dict[str, str]) -> None:
        for path in pages.values():
            if path != MISSING:
                visit(visited, path)
                visited.wait_for_function("document.fonts.status === 'loaded'")

    look_at(signed_in_pages(scene) | admin_pages(scene))
    visited.context.clear_cookies()
    look_at(signed_out_pages())
    assert watch.complaints == []
    assert watch.foreign == set()
