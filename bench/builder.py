"""What somebody at the builder waits for, in a real browser and on the server, beside its goal.

Goals, and the numbers in brackets, are those of the interface's checklist (tests/CHECKLIST.md).
"""

from __future__ import annotations

import asyncio
import math
import secrets
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import requests
from playwright.sync_api import Browser, Page, sync_playwright

from bench.load import Request, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.product import Product

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
STEPS = ("basic", "instructions", "customize", "deploy")
# Milliseconds from a key or a press to the next picture. The browser tells of those that took 16
# or more, so quicker ones make nothing here look better.
WATCH = """
window.__took = []; window.__states = [];
new PerformanceObserver((list) => list.getEntries().forEach((e) => {
  if (e.interactionId) window.__took.push(e.duration);
})).observe({type: "event", durationThreshold: 16});
document.addEventListener("DOMContentLoaded", () => {
  const state = document.getElementById("save-state");
  const note = () => window.__states.push([state.dataset.state, performance.now()]);
  if (state) new MutationObserver(note).observe(state, {attributeFilter: ["data-state"]});
});
"""
IS_SAVED = """() => ["saved", "invalid"].includes(
  document.getElementById("save-state").dataset.state)"""
TYPED = """addEventListener("input", () => {
  window.__states.length = 0;
  window.__typed = performance.now();
}, {capture: true, once: true})"""
# To the picture after the change: what runs after the next frame runs after it was painted.
PAINTED = """async ([selector, value]) => {
  const field = document.querySelector(selector), began = performance.now();
  field.value = value;
  field.dispatchEvent(new Event("input", {bubbles: true}));
  await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
  return performance.now() - began;
}"""
JUMP = """async () => {
  const began = performance.now();
  document.querySelector("#modal .problem[data-severity=error]").click();
  while (document.activeElement.name !== "name") await new Promise(requestAnimationFrame);
  return performance.now() - began;
}"""
FIRST_WORDS = """() => {
  const {shadowRoot} = document.querySelector("#preview privexbot-widget");
  const log = shadowRoot.querySelector(".log");
  const answers = () => [...log.querySelectorAll(".msg:not(.brand) .text")];
  const before = answers().length;
  window.__painted = null;
  performance.clearResourceTimings();
  new MutationObserver((_, observer) => {
    const said = (e) => e.textContent && !e.querySelector(".dots");
    if (answers().slice(before).some(said)) {
      window.__painted = performance.now();
      observer.disconnect();
    }
  }).observe(log, {childList: true, characterData: true, subtree: true});
}"""
AFTER_FIRST_BYTE = """() => {
  const answer = performance.getEntriesByType("resource").find((e) => /messages$/.test(e.name));
  return window.__painted && answer && [window.__painted - answer.responseStart];
}"""


@dataclass(frozen=True)
class Times:
    """Milliseconds, beside what nineteen of twenty may take. A ``count`` of 0 is no measurement."""

    what: str
    count: int
    p50: float
    p95: float
    goal: float

    @classmethod
    def of(cls, what: str, milliseconds: list[float], goal: float) -> Times:
        ordered = sorted(milliseconds) or [math.nan]
        p50, p95 = (ordered[int((len(ordered) - 1) * share)] for share in (0.5, 0.95))
        return cls(what, len(milliseconds), p50, p95, goal)

    def show(self) -> None:
        if not self.count:
            print(f"{self.what:<44}nothing measured", flush=True)
            return
        print(
            f"{self.what:<44}{self.count:>4} times",
            f"p50 {self.p50:6.1f}  p95 {self.p95:6.1f} ms",
            f"goal {self.goal:.0f} ms: {'held' if self.p95 <= self.goal else 'missed'}",
            sep="  ",
            flush=True,
        )


def builder(product: Product, scale: float) -> None:
    """Show all of it; without a browser, what the server alone needs."""
    seat = product.seat()
    new = requests.post(
        f"{product.url}/w/demo/chatbots/draft/", headers=seat, timeout=30, allow_redirects=False
    )
    address = new.headers["Location"]
    for times in on_the_server(product, seat, address, int(200 * scale)):
        times.show()
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        print("no Chromium or Chrome was found: nothing measured in the builder's page")
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*FLAGS])
        for times in in_the_browser(page_of(browser, product, seat), address, scale):
            times.show()
        browser.close()


def on_the_server(
    product: Product, seat: dict[str, str], address: str, count: int
) -> Iterator[Times]:
    """One client that waits for each answer: what the server needs when it has nothing else."""

    def page(number: int) -> Request:
        return Request("GET", f"{address}{STEPS[number % len(STEPS)]}/", None, seat)

    def save(number: int) -> Request:
        form = {"description": f"Text {number}", "_changed": "description"}
        body = urlencode(form | {"patch_id": secrets.token_hex(16)}).encode()
        return Request("POST", f"{address}basic/", body, seat | {"HX-Request": "true"})

    for what, make, goal in (
        ("(33) a page of the builder", page, 120.0),
        ("(33) a save of the builder", save, 60.0),
    ):
        asyncio.run(run(product.url, make, clients=4, requests=32))
        found = asyncio.run(run(product.url, make, clients=1, requests=count))
        yield Times(what, found.requests, found.p50, found.p95, goal)


def page_of(browser: Browser, product: Product, seat: dict[str, str]) -> Page:
    """A page of who sits at ``seat``."""
    context = browser.new_context(base_url=product.url, viewport={"width": 1440, "height": 900})
    cookies = (pair.split("=", 1) for pair in seat["Cookie"].split("; "))
    context.add_cookies([{"name": n, "value": v, "url": product.url} for n, v in cookies])
    page = context.new_page()
    page.add_init_script(WATCH)
    return page


def in_the_browser(page: Page, address: str, scale: float) -> Iterator[Times]:
    often = max(5, int(20 * scale))
    yield from interactions(page, address, often)
    yield from autosaves(page, address, often)
    yield Times.of(
        "(10) saved after the network is back", back_online(page, address, often // 2), 3000
    )
    yield Times.of("(27) another colour in the preview", colours(page, address, often), 100)
    yield Times.of("(25) first words after the first byte", first_words(page, often // 2), 150)
    yield Times.of("(28) from a problem to its field", jumps(page, address, often // 2), 300)


def saved(page: Page) -> None:
    page.wait_for_timeout(100)
    page.wait_for_function(IS_SAVED)


def took(page: Page) -> list[float]:
    """What the events since the last time took."""
    page.wait_for_timeout(300)
    found: list[float] = page.evaluate("window.__took.splice(0)")
    return found


def interactions(page: Page, address: str, often: int) -> Iterator[Times]:
    page.goto(f"{address}basic/")
    page.fill('#step-form [name="name"]', "Bench")
    saved(page)
    page.focus('#step-form [name="description"]')
    took(page)
    page.keyboard.type("How long does it take to show? " * (often // 5), delay=30)
    yield Times.of("(6) a key while typing", took(page), 100)
    saved(page)
    took(page)
    for number in range(often):
        step = STEPS[number % 2]
        page.click(f"#step-{step} a")
        page.wait_for_selector(f"#step-{step} a[aria-current]")
        page.wait_for_timeout(150)
    yield Times.of("(6) a press on a step", took(page), 100)
    page.goto(f"{address}customize/")
    page.wait_for_selector("#preview privexbot-widget")
    for _ in range(often):
        page.click('#step-form [name="features.enable_feedback"]')
        page.wait_for_timeout(150)
    yield Times.of("(6) a press on a switch", took(page), 100)
    saved(page)


def autosaves(page: Page, address: str, often: int) -> Iterator[Times]:
    page.goto(f"{address}basic/")
    page.wait_for_selector("#preview privexbot-widget")
    page.focus('#step-form [name="description"]')
    found: dict[str, list[float]] = {"unsaved": [], "saving": [], "saved": []}
    for _ in range(often):
        page.evaluate(TYPED)
        page.keyboard.type("!")
        saved(page)
        states: list[Any] = page.evaluate("window.__states")
        typed: float = page.evaluate("window.__typed")
        for name, at in states:
            found["saved" if name == "invalid" else name].append(at - typed)
        page.wait_for_timeout(100)
    for name, goal in (("unsaved", 50), ("saving", 550), ("saved", 700)):
        yield Times.of(f"(7) {name} after a key", found[name], goal)


def back_online(page: Page, address: str, often: int) -> list[float]:
    """From the network's return until all that was typed without it is saved."""
    page.goto(f"{address}basic/")
    page.wait_for_selector("#preview privexbot-widget")
    page.focus('#step-form [name="description"]')
    found = []
    for _ in range(often):
        page.context.set_offline(True)
        page.keyboard.type("!")
        page.wait_for_selector("#save-state[data-state=offline]")
        page.wait_for_timeout(1000)
        began = page.evaluate("performance.now()")
        page.context.set_offline(False)
        saved(page)
        at: float = page.evaluate("window.__states.at(-1)[1]")
        found.append(at - began)
    return found


def colours(page: Page, address: str, often: int) -> list[float]:
    page.goto(f"{address}customize/")
    page.wait_for_selector("#preview privexbot-widget")
    saved(page)
    field = '#step-form [name="appearance.primary_color"]'
    shades = [f"#{0x102030 + 0x70503 * number:06x}" for number in range(often)]
    found: list[float] = [page.evaluate(PAINTED, [field, shade]) for shade in shades]
    saved(page)
    return found


def first_words(page: Page, often: int) -> list[float]:
    found: list[float] = []
    for _ in range(often):
        page.evaluate(FIRST_WORDS)
        page.fill("#preview >> textarea", "Hello")
        page.keyboard.press("Enter")
        found += page.wait_for_function(AFTER_FIRST_BYTE).json_value()
        page.wait_for_selector("#preview >> [title='Send']")
    return found


def jumps(page: Page, address: str, often: int) -> list[float]:
    """From the press on a problem to the focus in its field, two steps away."""
    page.goto(f"{address}basic/")
    page.fill('#step-form [name="name"]', "")
    saved(page)
    found = []
    for _ in range(often):
        page.goto(f"{address}customize/")
        page.click("#problems")
        page.wait_for_selector("#modal .problem[data-severity=error]")
        found.append(float(page.evaluate(JUMP)))
    return found
