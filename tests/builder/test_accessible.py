"""What opens over the builder, and what it says when something is wrong: axe finds nothing there.
Number 1 of the checklist (``tests/CHECKLIST.md``); pages as they load: ``browser/test_pages``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from drafts import editing
from tests.support.axe import violations

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.builder.seat import Seat
    from workspaces.access import Actor

    Sit = Callable[..., Seat]


def menu(here: Seat, bob: Actor) -> None:
    del bob
    here.page.click("[popovertarget=draft-menu]")
    here.page.wait_for_selector("#draft-menu", state="visible")


def problems(here: Seat, bob: Actor) -> None:
    here.patch(bob, {"prompt": "", "limits": {"most": 99}})
    here.page.click("#problems")
    here.page.wait_for_selector("#modal .problem")


def history(here: Seat, bob: Actor) -> None:
    menu(here, bob)
    here.page.click("#draft-menu >> text=History")
    here.page.wait_for_selector("#modal[open] li")


def plan(here: Seat, bob: Actor) -> None:
    del bob
    here.page.click("#deploy")
    here.page.wait_for_selector("#modal >> text=Ready to deploy?")


def variables(here: Seat, bob: Actor) -> None:
    del bob
    here.open("prompt/")
    here.type("prompt", " /")
    here.page.wait_for_selector("#variables-menu", state="visible")


def undone(here: Seat, bob: Actor) -> None:
    here.patch(bob, {"notes": "new"})
    here.page.click("#undo:not([disabled])")
    here.page.wait_for_selector("#toasts [data-toast]")


def offline(here: Seat, bob: Actor) -> None:
    del bob
    here.context.set_offline(True)
    here.type("name", "!")
    here.wait_for("offline")


def conflict(here: Seat, bob: Actor) -> None:
    here.collide(bob, "name", " of Alice", "Robot of Bob")
    here.page.wait_for_selector("#conflict .conflict")


def refused(here: Seat, bob: Actor) -> None:
    del bob
    here.type("notes", "sk-proj-" + "a1B2c3D4" * 6)
    here.wait_for("refused")
    here.page.wait_for_selector("#field-notes_error")


def expired(here: Seat, bob: Actor) -> None:
    editing.abandon(bob, here.kind, here.draft_id)
    here.type("name", "!")
    here.page.wait_for_selector("[data-gone]")


SCENES = (menu, problems, history, plan, variables, undone, offline, conflict, refused, expired)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_axe_finds_nothing_in(
    seat: Sit, alice: Actor, bob: Actor, scene: Callable[[Seat, Actor], None]
) -> None:
    here = seat(alice, reduced_motion="reduce")
    scene(here, bob)
    for theme in ("light", "dark"):
        here.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        assert violations(here.page) == [], theme
