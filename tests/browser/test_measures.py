"""Every page in numbers: what moves while it loads, what it weighs, how large and how visible its
controls are. Numbers in brackets are those of the interface's checklist (``tests/CHECKLIST.md``).

The admin is left out: its pages are Django's own, but for what axe says (``test_pages``).
"""

from __future__ import annotations

import gzip
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.scene import scene, signed_in_pages, signed_out_pages
from tests.support.browser import TIMEOUT_MS, sign_in
from tests.widget.measure import OBSERVE, QUIET_MS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page, Response

    from tests.browser.scene import Scene
    from tests.support.live import Live

__all__ = ["scene"]

KB = 1024
MOST = {"document": 20 * KB, "stylesheet": 15 * KB, "script": 30 * KB}
# On top, in the builder alone: the preview is the widget, whose own budget is number 24; the menu
# of variables belongs to the step with the prompt, what takes files to the builder of bases, the
# canvas with its styles to the step of the workflow, what follows runs to the builder of flows, the
# look of test cases to their step.
# What is fetched once a page is there may be counted or not.
ON_TOP = {
    "widget.js": 10 * KB,
    "variables.js": 3 * KB,
    "uploads.js": 2 * KB,
    "canvas.js": 160 * KB,
    "canvas.css": 6 * KB,
    "chatflows.css": 3.5 * KB,
    "cases.css": KB,
    "flow_runs.js": 4608,  # the log, what is done again, tried and pinned, and the other starts
    "rows.js": 3712,  # tells what is wrong with a cell, and offers what is stored meanwhile
    "preview.js": 2 * KB,
    "recovery.js": 4 * KB,
}
MOST_MOVED = 0.01
PHONE: dict[str, Any] = {
    "viewport": {"width": 375, "height": 812},
    "has_touch": True,
    "is_mobile": True,
}
# Whatever a phone's page is operated with. Links in texts, small buttons in rows, and boxes that
# are ticked with their label are not among it: axe holds those to 24 px.
PRIMARY = """.button:not([data-size=small]), .icon-button, .rail-link, .stepper a, .tabs a,
  [role=tab], [role=menuitem], select, textarea:not(.bare),
  input:not([type=checkbox], [type=radio], [type=range], [type=hidden], .bare)"""
SMALLER = """([selector, least]) => [...document.querySelectorAll(selector)]
  .filter((e) => e.checkVisibility())
  .map((e) => [e, e.getBoundingClientRect()])
  .filter(([, {width, height}]) => width > 1 && Math.min(width, height) < least - 0.5)
  .map(([e, {width, height}]) => `${e.name || e.textContent.trim()} ${width} x ${height}`)"""
LEAST_ON_A_PHONE = 44
# Controls whose edge is fainter than 3 to 1 against what is around them. Of what is ticked the edge
# is its inner shadow, of a switch that has none its own colour.
FAINT = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const parts = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const light = (color) => {
    const [r, g, b] = [...parts(color)].map((part) => part / 255)
      .map((p) => (p <= 0.04045 ? p / 12.92 : ((p + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const around = (e) => {
    for (let at = e.parentElement; at; at = at.parentElement) {
      const {backgroundColor} = getComputedStyle(at);
      if (parts(backgroundColor)[3] === 255) return backgroundColor;
    }
    return "#fff";
  };
  const edge = (e) => {
    const {backgroundColor, borderTopColor, boxShadow} = getComputedStyle(e);
    if (e.matches("[role=switch]") && boxShadow === "none") return backgroundColor;
    const ticked = e.matches("[type=checkbox], [type=radio]");
    return ticked ? boxShadow.split(/ (?=[\\d.]+px)/)[0] : borderTopColor;
  };
  const wanted = "select, textarea:not(.bare), input:not([type=range], [type=file], [type=color],"
    + "[type=hidden], .bare)";
  return [...document.querySelectorAll(wanted)]
    .filter((e) => e.checkVisibility({opacityProperty: true}) && !e.disabled)
    .map((e) => [e, light(edge(e)), light(around(e))])
    .map(([e, a, b]) => [e, Math.max(a, b) / Math.min(a, b)])
    .filter(([, ratio]) => ratio < 3)
    .map(([e, ratio]) => `${e.type} ${e.name} ${ratio.toFixed(2)}`);
}"""


@pytest.fixture
def owner(context: BrowserContext, live: Live, scene: Scene) -> BrowserContext:
    """The browser of the scene's owner."""
    sign_in(context, live, scene.owner)
    return context


@pytest.fixture
def phone(browser: Browser, live: Live, scene: Scene) -> Iterator[Page]:
    """The phone of the scene's owner, which is touched."""
    context = browser.new_context(base_url=live.url, **PHONE)
    context.set_default_timeout(TIMEOUT_MS)
    sign_in(context, live, scene.owner)
    yield context.new_page()
    context.close()


@pytest.mark.timeout(600)
def test_nothing_moves_while_a_page_loads(owner: BrowserContext, scene: Scene) -> None:
    """(4) With an empty cache; also of what comes just after."""
    page = owner.new_page()
    page.add_init_script(OBSERVE)
    session = owner.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    moved: dict[str, float] = {}
    for name, path in (signed_in_pages(scene) | signed_out_pages()).items():
        page.goto(path)
        page.wait_for_timeout(QUIET_MS)
        moved[name] = page.evaluate("__vitals.shift")
    page.close()
    assert {name: shift for name, shift in moved.items() if shift > MOST_MOVED} == {}


@pytest.mark.timeout(600)
def test_no_page_weighs_too_much(owner: BrowserContext, scene: Scene) -> None:
    """(23) Everything that a first visit fetches, compressed."""
    heavy = {}
    for name, path in signed_in_pages(scene).items():
        found = weighed(owner, path)
        heavy[name] = {kind: found[kind] for kind, most in MOST.items() if found[kind] > most}
        heavy[name] |= {each: found[each] for each, most in ON_TOP.items() if found[each] > most}
    assert {name: found for name, found in heavy.items() if found} == {}


def weighed(context: BrowserContext, path: str) -> Counter[str]:
    """Compressed bytes by kind, and of what is counted apart."""
    answers: list[Response] = []

    def answered(response: Response) -> None:
        answers.append(response)

    page = context.new_page()
    page.on("response", answered)
    page.goto(path)
    page.wait_for_load_state("load")
    weights: Counter[str] = Counter()
    for answer in answers:
        kind = answer.request.resource_type
        if kind in MOST and not answer.url.startswith("data:"):
            file = answer.url.partition("?")[0].rpartition("/")[2]
            weights[file if file in ON_TOP else kind] += len(gzip.compress(answer.body()))
    page.close()
    return weights


@pytest.mark.timeout(300)
def test_a_thumb_meets_what_it_aims_at(phone: Page, scene: Scene) -> None:
    """(17)"""
    small: dict[str, list[str]] = {}
    for name, path in (signed_in_pages(scene) | signed_out_pages()).items():
        phone.goto(path)
        small[name] = phone.evaluate(SMALLER, [PRIMARY, LEAST_ON_A_PHONE])
    assert {name: found for name, found in small.items() if found} == {}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_control_can_be_seen(owner: BrowserContext, scene: Scene, theme: str) -> None:
    """(18) The edges of what is filled in, ticked or chosen; texts are axe's."""
    page = owner.new_page()
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    faint: dict[str, list[str]] = {}
    styleguide = {"style guide": "/styleguide/"}
    for name, path in (signed_in_pages(scene) | styleguide).items():
        page.goto(path)
        faint[name] = page.evaluate(FAINT)
    page.close()
    assert {name: found for name, found in faint.items() if found} == {}
