"""The builder works without a script: create, edit, mend, deploy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from drafts import creating, editing
from drafts.access import open_draft
from drafts.models import Deployment
from tests.support.browser import sign_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from tests.builder.kinds import Machine
    from tests.builder.seat import Seat
    from tests.support.live import Live
    from workspaces.access import Actor


# By its name: Playwright reads no text in <noscript>, though the browser shows it.
CONTINUE = "button[name=_next]"


@pytest.fixture
def plain(browser: Browser, live: Live, machine: Machine, alice: Actor) -> Iterator[Page]:
    context = browser.new_context(base_url=live.url, java_script_enabled=False)
    context.set_default_timeout(8000)
    sign_in(context, live, alice)
    yield context.new_page()
    context.close()


def press(page: Page, selector: str) -> None:
    """Press what leads on, and be there: without a script every press loads a page."""
    with page.expect_navigation():
        page.click(selector)


def test_the_whole_way(plain: Page, alice: Actor, machine: Machine) -> None:
    plain.goto("/w/acme/machines/draft/")
    press(plain, "text=Quick")
    draft_id = plain.url.split("/draft/")[1].split("/")[0]
    base = f"/w/acme/machines/draft/{draft_id}/"

    plain.goto(base + "basics/")
    assert plain.input_value('#step-form [name="name"]') == "Quick"
    plain.fill('#step-form [name="name"]', "By hand")
    plain.click(".fold > summary")
    plain.fill('[name="limits.most"]', "2.5")
    plain.fill("[data-list-field=prompts] input", "First")
    press(plain, "#save")
    expect(plain.locator("text=Enter a whole number.").first).to_be_visible()
    assert plain.input_value('[name="limits.most"]') == "2.5"
    plain.fill('[name="limits.most"]', "3")
    press(plain, "#save")

    plain.goto(base + "places/")
    press(plain, "text=Add a place")
    plain.fill('[name="places.place_1.label"]', "Here")
    press(plain, "#save")

    press(plain, "#deploy")
    expect(plain.locator("text=Cannot deploy yet").first).to_be_visible()
    press(plain, "a.problem >> nth=0")
    expect(plain.locator('[name="prompt"]')).to_be_focused()
    plain.fill('[name="prompt"]', "Line one\nLine two")
    press(plain, "#save")
    data = open_draft(alice, machine, draft_id).data
    assert data == {
        "name": "By hand",
        "mode": "fast",
        "limits": {"most": 3},
        "prompts": ["First"],
        "places": [{"name": "place_1", "label": "Here"}],
        "prompt": "Line one\nLine two",
    }

    press(plain, "#deploy")
    press(plain, "text=Deploy now")
    deployed = Deployment.objects.get(draft_id=draft_id)
    assert plain.url.endswith(f"/w/acme/machines/{deployed.entity_id}/")


def test_going_on_saves_what_was_typed_unless_it_is_wrong(
    plain: Page, alice: Actor, machine: Machine
) -> None:
    draft = creating.create(alice, machine, {"name": "Robot"})
    base = f"/w/acme/machines/draft/{draft.id}/"
    plain.goto(f"{base}basics/")
    plain.fill('#step-form [name="notes"]', "Typed")
    press(plain, CONTINUE)
    assert plain.url.endswith("/prompt/")
    assert open_draft(alice, machine, draft.id).data["notes"] == "Typed"
    # What is only missing keeps nobody from going on.
    press(plain, CONTINUE)
    assert plain.url.endswith("/places/")

    plain.goto(f"{base}basics/")
    plain.click(".fold > summary")
    plain.fill('[name="limits.most"]', "2.5")
    press(plain, CONTINUE)
    assert plain.url.endswith("/basics/")
    expect(plain.locator("#field-limits\\.most_error")).to_have_text("Enter a whole number.")


def test_what_is_kept_and_cannot_be_deployed_is_told_at_its_field(
    plain: Page, alice: Actor, machine: Machine
) -> None:
    draft = creating.create(alice, machine, {"name": "Robot"})
    plain.goto(f"/w/acme/machines/draft/{draft.id}/basics/")
    plain.click(".fold > summary")
    plain.fill('[name="limits.most"]', "99")
    press(plain, CONTINUE)
    assert "/basics/" in plain.url
    expect(plain.locator("#field-limits\\.most_error")).to_be_visible()
    expect(plain.locator("[data-toast]")).to_contain_text("it cannot be deployed like this")
    assert open_draft(alice, machine, draft.id).data["limits"]["most"] == 99


def test_the_preview_says_inside_of_its_frame_that_it_needs_a_script(
    plain: Page, alice: Actor, machine: Machine
) -> None:
    draft = creating.create(alice, machine, {"name": "Robot"})
    plain.goto(f"/w/acme/machines/draft/{draft.id}/basics/")
    expect(plain.locator(".preview-phone .empty")).to_be_visible()


def test_a_conflict_is_shown_and_can_be_decided(
    plain: Page, alice: Actor, bob: Actor, machine: Machine
) -> None:
    draft = creating.create(alice, machine, {"name": "Robot", "prompt": "Hello"})
    url = f"/w/acme/machines/draft/{draft.id}/basics/"
    plain.goto(url)
    editing.patch(bob, machine, draft.id, {"name": "Bender"})
    plain.fill('#step-form [name="name"]', "Robbie")
    press(plain, "#save")
    expect(plain.locator("text=Bender").first).to_be_visible()
    assert plain.input_value('#step-form [name="name"]') == "Robbie"
    press(plain, "#save")
    assert open_draft(alice, machine, draft.id).name == "Robbie"


def test_undo_and_history_work(plain: Page, alice: Actor, machine: Machine) -> None:
    draft = creating.create(alice, machine, {"name": "Robot", "prompt": "Hello"})
    editing.patch(alice, machine, draft.id, {"name": "Robbie"})
    plain.goto(f"/w/acme/machines/draft/{draft.id}/basics/")
    press(plain, "#undo")
    assert plain.input_value('#step-form [name="name"]') == "Robot"
    plain.goto(f"/w/acme/machines/draft/{draft.id}/history/")
    press(plain, "li:has-text('version 2') >> text=Restore")
    assert open_draft(alice, machine, draft.id).name == "Robbie"


def test_deploying_asks_first_and_happens_once(
    seat: Callable[..., Seat], alice: Actor, machine: Machine
) -> None:
    del machine
    here = seat(alice)
    here.type("name", " goes live")
    here.page.click("#deploy")
    here.page.wait_for_selector("#modal >> text=Ready to deploy?")
    assert here.data["name"] == "Robot goes live"
    here.page.dblclick("#modal >> text=Deploy now")
    # The second press may lead to the same page once more, which breaks the first way off.
    expect(here.page).not_to_have_url(re.compile("/draft/"), timeout=8000)
    deployed = Deployment.objects.get(draft_id=here.draft_id)
    assert deployed.entity.name == "Robot goes live"
    assert str(deployed.entity_id) in here.page.url
