"""Somebody loses the right to change the draft that is open: said as it is, and nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from drafts import editing
from tests.builder.trouble import fail_saves, kept, off, toast
from workspaces.models import Membership, Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.builder.seat import Seat
    from workspaces.access import Actor

    Sit = Callable[..., Seat]


def membership(actor: Actor) -> Membership:
    return Membership.objects.get(user=actor.user, workspace=actor.workspace)


def demote(actor: Actor) -> None:
    Membership.objects.filter(pk=membership(actor).pk).update(role=Role.VIEWER)


def test_who_was_taken_out_of_the_workspace_is_told_so_and_takes_the_text_along(
    seat: Sit, bob: Actor
) -> None:
    here = seat(bob)
    with here.on_its_way("notes", "two long\nparagraphs"):
        membership(bob).delete()
    here.wait_for("expired")
    panel = here.page.locator("[data-gone]")
    panel.get_by_text("You are no longer a member of this workspace").wait_for()
    assert "gone" not in here.page.inner_text("body")
    expect(panel.locator("textarea")).to_have_value("Notes\ntwo long\nparagraphs")
    with here.page.expect_download() as download:
        panel.get_by_text("Download").click()
    assert "paragraphs" in Path(download.value.path()).read_text()
    assert all(off(here, part) for part in ("#undo", "#deploy", "#test", here.field("notes")))


def test_who_was_taken_out_hears_of_it_without_typing(seat: Sit, bob: Actor) -> None:
    here = seat(bob)
    membership(bob).delete()
    here.page.get_by_text("You are no longer a member").wait_for(timeout=20_000)
    assert here.page.locator("[data-unsent]").is_hidden()


def test_who_may_only_read_now_is_told_and_can_do_nothing(seat: Sit, bob: Actor) -> None:
    here = seat(bob)
    with here.on_its_way("notes", "precious"):
        demote(bob)
    here.wait_for("forbidden")
    assert off(here, "#undo")
    assert off(here, "#deploy")
    assert here.page.input_value(here.field("notes")) == "precious"

    here.page.on("dialog", lambda dialog: dialog.accept())
    here.page.reload()
    left = here.page.locator("[data-unsent]")
    left.wait_for()
    expect(left.locator("textarea")).to_have_value("Notes\nprecious")
    left.get_by_text("Discard").click()
    assert left.is_hidden()
    assert kept(here) == []


def test_who_may_only_read_now_hears_of_it_without_typing(seat: Sit, bob: Actor) -> None:
    here = seat(bob)
    demote(bob)
    here.wait_for("forbidden", timeout=20_000)
    assert off(here, "#deploy")


def test_deploying_says_what_it_waits_for(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    fail_saves(here, lambda route: route.abort())
    here.type("notes", "precious")
    here.wait_for("retrying")
    here.page.click("#deploy")
    toast(here, "That did not reach the server.")


def test_a_draft_that_is_abandoned_elsewhere_leaves_nothing_to_press(
    seat: Sit, alice: Actor
) -> None:
    here = seat(alice)
    here.page.wait_for_timeout(500)
    editing.abandon(alice, here.kind, here.draft_id)
    here.page.get_by_text("This draft is gone").first.wait_for()
    assert all(off(here, part) for part in ("#undo", "#deploy", "#test", here.field("notes")))
