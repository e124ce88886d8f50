"""What is typed while the builder's script is still on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Route

    from tests.builder.seat import Seat
    from workspaces.access import Actor

    Sit = Callable[..., Seat]

SCRIPT = "**/js/builder*.js"


def test_what_is_done_before_the_script_is_there_is_saved(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    here.page.route(SCRIPT, hold)
    here.page.goto(here.base + "basics/", wait_until="commit")
    here.page.fill(here.field("name"), "Early")
    here.page.check(f'{here.field("mode")}[value="fast"]', force=True)
    here.page.focus(here.field("notes"))
    with here.page.expect_response(lambda answer: "patch_id" in (answer.request.post_data or "")):
        for route in held:
            route.continue_()
    here.wait_saved()
    assert (here.data["name"], here.data["mode"]) == ("Early", "fast")


def test_a_page_in_which_nobody_did_anything_sends_nothing(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    here.patch(alice, {"notes": "\n two\nlines ", "mode": "slow"})
    for step in ("basics/", "prompt/", "places/"):
        here.open(step)
        here.page.wait_for_load_state("networkidle")
    assert not here.saves


@pytest.mark.parametrize("comes_back", ["go_back", "reload"])
def test_what_a_browser_remembers_of_a_form_is_nobodys_edit(
    seat: Sit, alice: Actor, bob: Actor, comes_back: str
) -> None:
    here = seat(alice)
    here.type("notes", "mine")
    here.page.check(f'{here.field("mode")}[value="fast"]', force=True)
    here.wait_saved()
    if comes_back == "go_back":
        here.page.goto("/w/acme/")
    here.patch(bob, {"notes": "theirs", "mode": "slow"})
    sent = len(here.saves)
    getattr(here.page, comes_back)()
    here.page.wait_for_load_state("networkidle")
    assert here.page.input_value(here.field("notes")) == "theirs"
    assert len(here.saves) == sent
    assert (here.data["notes"], here.data["mode"]) == ("theirs", "slow")
