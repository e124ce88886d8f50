"""Everybody can use the builder: axe over its states, by keyboard, at 320 px, in both themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.axe import violations

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.builder.seat import Seat
    from workspaces.access import Actor

    Sit = Callable[..., Seat]

SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 375, "height": 812}}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_axe_finds_nothing(seat: Sit, alice: Actor, bob: Actor, scheme: str, size: str) -> None:
    here = seat(alice, viewport=SIZES[size], color_scheme=scheme, reduced_motion="reduce")
    found = {"basics": violations(here.page)}
    here.page.fill(here.field("speed"), "")
    here.type("notes", "sk-proj-" + "a1B2c3D4" * 6)
    here.wait_for("refused")
    found["refused"] = violations(here.page)
    here.page.fill(here.field("notes"), "")
    here.wait_saved()

    here.page.click("#problems")
    here.page.wait_for_selector("#modal .problem-list")
    found["problems"] = violations(here.page)
    here.page.keyboard.press("Escape")
    here.open("history/")
    found["history"] = violations(here.page)

    here.open("places/")
    here.page.click("[data-add-item]")
    here.page.wait_for_selector("#item-places-place_1")
    found["items"] = violations(here.page)

    here.open("prompt/")
    here.type("prompt", " /")
    found["variables"] = violations(here.page)
    here.page.keyboard.press("Escape")
    here.wait_saved()
    here.page.click("#deploy")
    here.page.wait_for_selector("#modal form")
    found["plan"] = violations(here.page)
    here.page.keyboard.press("Escape")

    here.context.set_offline(True)
    here.type("prompt", "!")
    here.wait_for("offline")
    here.patch(bob, {"prompt": "Bob's"})
    here.context.set_offline(False)
    here.wait_for("conflict")
    found["conflict"] = violations(here.page)
    assert {name: each for name, each in found.items() if each} == {}


def test_nothing_is_wider_than_a_narrow_screen(seat: Sit, alice: Actor) -> None:
    here = seat(alice, viewport={"width": 320, "height": 640})
    for step in ("basics/", "prompt/", "places/"):
        here.open(step)
        width = "document.documentElement.scrollWidth"
        assert here.page.evaluate(width) <= 320
        column = "() => { const c = document.querySelector('.builder-form');"
        assert here.page.evaluate(f"{column} return c.scrollWidth - c.clientWidth; }}") <= 0


def test_the_bar_is_reached_in_order_by_keyboard(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    here.type("name", "!")
    here.wait_saved()
    here.page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    here.page.focus(".skip-link")
    seen = []
    for _ in range(12):
        here.page.keyboard.press("Tab")
        seen.append(
            here.page.evaluate(
                "document.activeElement.id || document.activeElement.name"
                " || document.activeElement.className"
            )
        )
    order = ["name", "undo", "problems", "test", "deploy"]
    assert [each for each in seen if each in order] == order


def test_a_click_answers_quickly(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    here.page.evaluate(
        """() => { window.__slow = [];
          new PerformanceObserver((list) => {
            for (const e of list.getEntries()) window.__slow.push(e.duration);
          }).observe({type: 'event', durationThreshold: 16, buffered: false}); }"""
    )
    here.type("notes", "quick brown fox", delay=30)
    here.page.check('input[name="mode"][value="fast"]')
    here.page.click("#step-prompt a")
    here.page.wait_for_selector(here.field("prompt"))
    here.type("prompt", "jumps", delay=30)
    slow = sorted(here.page.evaluate("window.__slow"))
    assert not slow or slow[int(len(slow) * 0.95)] < 100
