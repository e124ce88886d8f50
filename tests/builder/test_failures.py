"""Saves that do not go through: the indicator never says saved, and nothing typed is lost. Numbers
in brackets are those of the interface's checklist (``tests/CHECKLIST.md``)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect

from drafts import editing
from drafts.access import open_draft
from drafts.draft import Status
from tests.builder.trouble import (
    copied,
    fail_saves,
    follow,
    kept,
    leave_unsent,
    locked,
    off,
    toast,
    type_unsent,
)
from tests.support.browser import sign_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Dialog, Route

    from tests.builder.seat import Seat
    from tests.support.live import Live
    from workspaces.access import Actor

    Sit = Callable[..., Seat]

LOOKS_SAVED = {"saved", "invalid"}
BACK_MS = 3000
# For a machine that does other things too; ``bench`` measures the time itself.
SLACK = 3


@pytest.mark.parametrize(
    ("status", "headers", "state"),
    [
        (400, {}, "refused"),
        (401, {"HX-Trigger": "auth:required"}, "signed-out"),
        (403, {}, "signed-out"),
        (403, {"X-Role": "viewer"}, "forbidden"),
        (404, {}, "expired"),
        (409, {}, "locked"),
        (410, {}, "expired"),
        (413, {}, "refused"),
        (422, {}, "refused"),
        (429, {"Retry-After": "30"}, "retrying"),
        (500, {}, "retrying"),
        (502, {}, "retrying"),
        (503, {"Retry-After": "2"}, "retrying"),
    ],
)
def test_no_failure_ever_looks_saved(
    seat: Sit, alice: Actor, status: int, headers: dict[str, str], state: str
) -> None:
    """(9) A conflict is told in ``test_together``, a network that is away further below."""
    here = seat(alice)
    fail_saves(here, lambda route: route.fulfill(status=status, headers=headers, body="<p>No</p>"))
    here.type("notes", "precious")
    here.wait_for(state)
    here.page.wait_for_timeout(1500)

    assert here.state not in LOOKS_SAVED
    dirty = here.states()[here.states().index("unsaved") :]
    assert not LOOKS_SAVED & set(dirty)
    if state != "expired":
        assert here.page.input_value(here.field("notes")) == "precious"
    assert here.page.locator(f"[data-save-help={state}]").is_visible()


@pytest.mark.parametrize("body", ["", "<h1>Sign in to the hotel's network</h1>"])
def test_an_answer_that_is_not_ours_does_not_count(seat: Sit, alice: Actor, body: str) -> None:
    here = seat(alice)
    fail_saves(here, lambda route: route.fulfill(status=200, body=body))
    here.type("notes", "precious")
    here.wait_for("retrying")
    assert not LOOKS_SAVED & set(here.states()[here.states().index("unsaved") :])


def test_a_server_that_comes_back_gets_everything(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    mend = fail_saves(here, lambda route: route.fulfill(status=500, body=""))
    here.type("notes", "one ")
    here.wait_for("retrying")
    here.type("notes", "two")
    here.type("name", "!")
    here.page.wait_for_timeout(800)
    mend()
    here.wait_saved()
    assert here.data["notes"] == "one two"
    assert here.data["name"] == "Robot!"


def test_a_lost_answer_is_asked_for_again_under_the_same_id(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.request.post_data or "")
        route.fetch()
        return route.abort("connectionreset")

    fail_saves(here, lose_the_first)
    version = editing.history(alice, here.kind, here.draft_id)[0].version
    here.type("notes", "once")
    here.wait_saved()
    ids = [(each.post_data or "").split("patch_id=")[1].split("&")[0] for each in here.saves]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert editing.history(alice, here.kind, here.draft_id)[0].version == version + 1


def test_offline_edits_are_sent_when_the_connection_is_back(seat: Sit, alice: Actor) -> None:
    """(9, 10)"""
    here = seat(alice)
    here.context.set_offline(True)
    here.type("notes", "written in a tunnel")
    here.wait_for("offline")
    here.type("name", " underground")
    here.page.check('input[name="mode"][value="fast"]')
    here.page.wait_for_timeout(2500)
    assert not LOOKS_SAVED & set(here.states()[here.states().index("offline") :])
    here.context.set_offline(False)
    here.wait_saved(timeout=BACK_MS * SLACK)
    assert here.data["notes"] == "written in a tunnel"
    assert here.data["name"] == "Robot underground"
    assert here.data["mode"] == "fast"


def test_a_reload_without_a_network_loses_nothing(seat: Sit, alice: Actor) -> None:
    """(10) The browser has no page then; the next one that comes has all that was typed."""
    here = seat(alice)
    here.page.on("dialog", lambda dialog: dialog.accept())
    here.context.set_offline(True)
    here.type("notes", "written in a tunnel")
    here.wait_for("offline")
    with pytest.raises(PlaywrightError, match="ERR_INTERNET_DISCONNECTED"):
        here.page.reload()
    here.context.set_offline(False)
    here.open()
    assert here.page.input_value(here.field("notes")) == "written in a tunnel"
    here.wait_saved()
    assert here.data["notes"] == "written in a tunnel"


def test_edits_of_a_failing_server_survive_a_reload(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    mend = fail_saves(here, lambda route: route.fulfill(status=500, body=""))
    here.type("notes", "typed before")
    here.wait_for("retrying")
    here.page.reload()
    assert here.page.input_value(here.field("notes")) == "typed before"
    assert here.state not in LOOKS_SAVED
    mend()
    here.wait_saved()
    assert here.data["notes"] == "typed before"


def test_edits_survive_a_browser_that_is_closed(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    here.context.route("**/basics/", lambda route: route.abort())
    here.type("notes", "typed before")
    here.wait_for("retrying")
    here.page.close()
    here.context.unroute("**/basics/")
    here.page = here.new_page()
    here.open("prompt/")
    here.wait_saved()
    assert here.data["notes"] == "typed before"


def test_a_session_that_ends_loses_nothing(seat: Sit, alice: Actor, live: Live) -> None:
    here = seat(alice)
    here.context.clear_cookies()
    here.type("notes", "typed while signed out")
    here.wait_for("signed-out")
    assert "notes" not in here.data
    sign_in(here.context, live, alice)
    here.page.click("[data-save-help=signed-out] [data-retry]")
    here.wait_saved()
    assert here.data["notes"] == "typed while signed out"


def test_a_field_that_is_refused_says_why_and_keeps_what_was_typed(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    here.type("notes", "sk-proj-" + "a1B2c3D4" * 6)
    here.type("name", "!")
    here.wait_for("refused")
    assert here.data["name"] == "Robot!"
    assert here.page.locator("#field-notes_error").is_visible()
    assert here.page.get_attribute(here.field("notes"), "aria-invalid") == "true"

    here.page.fill(here.field("notes"), "no secret")
    here.wait_saved()
    assert here.page.locator("#field-notes_error").is_hidden()
    assert here.data["notes"] == "no secret"


def test_a_rename_that_is_cut_short_by_a_reload_holds_nothing_up(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    here.patch(alice, {"places": {"attic": {"label": "Up there"}}})
    here.open("places/")
    here.page.on("dialog", lambda dialog: dialog.accept())
    here.page.fill(here.field("places.attic.name"), "loft")
    here.page.reload()
    here.wait_saved()
    assert here.data["places"] == [{"name": "loft", "label": "Up there"}]
    assert here.page.input_value(here.field("places.loft.name")) == "loft"
    assert kept(here) == []


def test_what_no_box_shows_can_be_seen_and_discarded(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    here.type("notes", "sk-proj-" + "a1B2c3D4" * 6)
    here.wait_for("refused")
    here.page.click("#step-prompt a")
    here.page.wait_for_selector(here.field("prompt"))
    here.page.click("[data-show-refused]")
    expect(here.page.locator("#unsaved")).to_contain_text("sk-proj-")
    here.page.click("#unsaved >> text=Go to the field")
    here.page.wait_for_function("() => document.activeElement.name === 'notes'")

    here.page.click("#step-prompt a")
    here.page.wait_for_selector(here.field("prompt"))
    here.page.click("[data-show-refused]")
    here.page.click("#unsaved [data-discard]")
    assert here.page.locator("dialog[open]").count() == 0
    here.wait_saved()


def test_a_timeout_is_no_save(seat: Sit, alice: Actor) -> None:
    """(9)"""
    here = seat(alice)
    held: list[Route] = []
    here.page.evaluate(
        "document.getElementById('draft-saver').setAttribute('hx-config', 'timeout:700')"
    )
    mend = fail_saves(here, held.append)
    here.type("notes", "slow")
    here.wait_for("retrying")
    assert not LOOKS_SAVED & set(here.states()[here.states().index("unsaved") :])
    mend()
    here.wait_saved()
    assert here.data["notes"] == "slow"


def test_a_draft_that_expired_is_restored_from_the_browser(seat: Sit, alice: Actor) -> None:
    """(10)"""
    here = seat(alice)
    here.type("notes", "kept")
    here.wait_saved()
    copied(here, "kept")
    type_unsent(here, " the second")
    editing.abandon(alice, here.kind, here.draft_id)
    here.page.wait_for_selector("[data-gone]")
    assert here.state == "expired"
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    here.page.on("dialog", answer)
    old = here.draft_id
    here.page.click("[data-restore]")
    follow(here)
    here.wait_saved()
    assert here.data["notes"] == "kept"
    assert here.data["name"] == "Robot the second"
    assert not asked  # nothing is left to lose on the page that went away
    here.draft_id = old
    assert kept(here) == []


def test_what_the_new_draft_refuses_stays_in_its_box(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    copied(here, "Robot")
    here.type("notes", "sk-proj-" + "a1B2c3D4" * 6)
    here.wait_for("refused")
    type_unsent(here, " the second")
    editing.abandon(alice, here.kind, here.draft_id)
    here.page.click("[data-restore]")
    follow(here)
    here.wait_for("refused")
    assert here.data["name"] == "Robot the second"
    assert here.page.input_value(here.field("notes")).startswith("sk-proj-")


def test_a_draft_that_expired_while_away_is_restored_too(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    leave_unsent(here, "never arrived")
    here.page.click("[data-restore]")
    follow(here)
    here.wait_saved()
    assert here.data == {"name": "Robot", "prompt": "Hello", "notes": "never arrived"}


def test_restoring_that_fails_says_so_and_loses_nothing(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    leave_unsent(here, "precious")
    refusal = '{"title": "Conflict", "detail": "This workspace is full."}'
    importing = "**/draft/import/"
    note = here.page.locator("[data-not-restored]")
    here.page.route(importing, lambda route: route.abort(), times=1)
    here.page.click("[data-restore]")
    note.get_by_text("Try again in a moment").wait_for()
    assert "precious" in "".join(kept(here))
    problem = {"status": 409, "content_type": "application/problem+json", "body": refusal}
    here.page.route(importing, lambda route: route.fulfill(**problem), times=1)
    here.page.click("[data-restore]")
    note.get_by_text("This workspace is full.").wait_for()
    assert "precious" in "".join(kept(here))
    mend = fail_saves(here, lambda route: route.fulfill(status=500, body=""))
    here.page.click("[data-restore]")
    follow(here)
    here.wait_for("retrying")
    mend()
    here.wait_saved()
    assert here.data["notes"] == "precious"


def test_a_refusal_is_told_in_its_own_words(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    here.page.focus("body")
    here.page.keyboard.press("Control+y")
    toast(here, "There is nothing to redo.")

    here.page.fill(here.field("notes"), "x" * 1_100_000)
    here.wait_for("refused")
    error = here.page.inner_text("#field-notes_error")
    assert error == "A draft holds at most 1 MiB. Nothing of this change was saved."
    here.page.fill(here.field("notes"), "short")
    here.wait_saved()


def test_what_waits_for_a_conflict_says_so(seat: Sit, alice: Actor, bob: Actor) -> None:
    here = seat(alice)
    here.collide(bob, "name", " mine", "Bender")
    here.page.click("#undo")
    toast(here, "Decide first which value to keep.")
    top = here.page.locator(".toast").evaluate("e => e.getBoundingClientRect().top")
    assert top < 200, "it covers what is to be pressed"
    assert here.data["name"] == "Bender"


def test_a_draft_that_is_being_deployed_waits_and_says_so(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    here.type("notes", "before")
    here.wait_saved()
    let_go = locked(here)
    here.wait_for("locked")
    assert "This draft is being deployed." in here.page.inner_text(".builder-notes")
    assert off(here, "#undo")
    assert off(here, "#deploy")
    here.type("notes", " and meanwhile")
    here.page.wait_for_timeout(1500)
    assert here.state == "locked"
    let_go(Status.DRAFT)
    here.wait_saved()
    assert here.data["notes"] == "before and meanwhile"
    assert not off(here, "#deploy")


def test_a_draft_that_is_opened_while_it_is_deployed_says_so(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    let_go = locked(here)
    here.open()
    here.wait_for("locked")
    assert off(here, "#deploy")
    here.type("notes", "meanwhile")
    let_go(Status.FAILED, "The deploy was interrupted.")
    here.wait_saved()
    assert here.data["notes"] == "meanwhile"


def test_a_deploy_that_failed_is_told_until_the_next_change(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    let_go = locked(here)
    here.wait_for("locked")
    let_go(Status.FAILED, "The deploy was interrupted.")
    notice = here.page.locator("#notice")
    notice.get_by_text("Deploy failed. The deploy was interrupted.").wait_for()
    here.open("prompt/")
    assert "Nothing of the draft was lost." in notice.inner_text()
    here.type("prompt", "!")
    here.wait_saved()
    notice.get_by_text("Deploy failed.").wait_for(state="detached")
    assert open_draft(alice, here.kind, here.draft_id).status == Status.DRAFT


def test_a_browser_without_room_does_not_claim_to_keep_anything(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    fail_saves(here, lambda route: route.fulfill(status=500, body=""))
    here.page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    here.type("notes", "precious")
    here.wait_for("retrying")
    line = here.page.locator("[data-save-help=retrying]")
    line.get_by_text("This browser has no room for it: keep this page open.").wait_for()
    assert line.get_by_text("is kept in this browser").is_hidden()


def test_a_page_that_waits_for_an_answer_is_not_taken_for_a_closed_one(
    seat: Sit, alice: Actor
) -> None:
    here = seat(alice)
    here.page.clock.install()
    here.open()
    held: list[Route] = []
    fail_saves(here, held.append)
    here.type("notes", "slow")
    here.page.clock.run_for(1000)
    here.wait_for("saving")
    here.page.clock.run_for(12_000)
    (record,) = kept(here)
    assert here.page.evaluate("Date.now()") - json.loads(record)["alive"] < 10_000
    held[0].continue_()
    here.wait_saved()


def test_a_composition_whose_box_is_gone_holds_nothing_up(seat: Sit, alice: Actor) -> None:
    here = seat(alice)
    here.page.focus(here.field("notes"))
    here.page.evaluate(
        """() => {
          const box = document.activeElement;
          box.dispatchEvent(new CompositionEvent("compositionstart", {bubbles: true}));
          box.remove();
        }"""
    )
    here.type("name", " goes on")
    here.wait_saved()
    assert here.data["name"] == "Robot goes on"
