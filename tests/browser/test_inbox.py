"""The inbox in a real browser: what is read, chosen and answered with stays in view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from conversations.models import Handoff
from tests.conversations.conftest import deployed
from tests.conversations.recorded import talk
from tests.support.axe import violations
from tests.support.browser import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from conversations.models import Conversation
    from drafts.models import Entity
    from tests.support.live import Live
    from workspaces.access import Actor
    from workspaces.models import Workspace

SCREENS = ((1280, 860), (1440, 900), (390, 844))


@pytest.fixture
def bot(acme: Workspace) -> Entity:
    return deployed(acme)


@pytest.fixture
def waiting(bot: Entity) -> Conversation:
    """A conversation that waits for a person."""
    conversation = talk(bot, "My parcel?", "A colleague will take over. One moment.")
    Handoff.objects.create(conversation=conversation, since=timezone.now(), note="Wants a person")
    return conversation


@pytest.fixture
def bobs(page: Page, context: BrowserContext, live: Live, bob: Actor) -> Page:
    """A page that Bob is signed in on."""
    sign_in(context, live, bob)
    page.set_viewport_size({"width": 1280, "height": 860})
    return page


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_who_waits_is_read_at_every_width(
    bobs: Page, waiting: Conversation, width: int, height: int
) -> None:
    bobs.set_viewport_size({"width": width, "height": height})
    bobs.goto(f"/w/acme/inbox/{waiting.pk}/")
    words = bobs.get_by_text("The bot answers nothing until you give it back.")
    box = words.bounding_box()
    assert box is not None
    assert box["width"] >= 230
    assert box["height"] <= 60
    for name in ("Take over", "Give back to the bot"):
        expect(bobs.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
    expect(bobs.locator(".said").first).to_be_in_viewport(ratio=1)
    assert violations(bobs) == []
    bobs.emulate_media(color_scheme="dark")
    assert violations(bobs) == []


def test_what_answers_are_sent_with_is_on_the_first_screen(
    bobs: Page, waiting: Conversation
) -> None:
    bobs.goto(f"/w/acme/inbox/{waiting.pk}/")
    bobs.get_by_role("button", name="Take over").click()
    expect(bobs.get_by_text("Bob has this conversation")).to_be_visible()
    expect(bobs.get_by_role("button", name="Send answer")).to_be_in_viewport(ratio=1)
    assert bobs.evaluate("document.documentElement.scrollHeight <= innerHeight")
    bobs.get_by_text("More filters").click()
    expect(bobs.get_by_label("To", exact=True)).to_be_in_viewport(ratio=1)
    expect(bobs.get_by_role("button", name="Send answer")).to_be_in_viewport(ratio=1)


def test_what_is_chosen_far_down_the_list_stays_where_it_is(bobs: Page, bot: Entity) -> None:
    for n in range(55):
        talk(bot, f"Question {n}")
    bobs.goto("/w/acme/inbox/")
    row = bobs.locator(".inbox-row").nth(40)
    row.scroll_into_view_if_needed()
    before = row.bounding_box()
    row.click()
    chosen = bobs.locator(".inbox-row[aria-current]")
    expect(chosen).to_be_in_viewport(ratio=1)
    after = chosen.bounding_box()
    assert before is not None
    assert after is not None
    assert after["y"] == before["y"]
    assert violations(bobs) == []


def test_what_is_chosen_on_an_older_page_is_still_listed(bobs: Page, bot: Entity) -> None:
    for n in range(55):
        talk(bot, f"Question {n}")
    bobs.goto("/w/acme/inbox/")
    bobs.get_by_role("link", name="Older").click()
    bobs.locator(".inbox-row").nth(3).click()
    expect(bobs.locator(".inbox-row[aria-current]")).to_be_in_viewport(ratio=1)
    expect(bobs.locator(".inbox-row")).to_have_count(5)
    bobs.get_by_role("link", name="Newest").click()
    expect(bobs.locator(".inbox-row")).to_have_count(50)


def test_the_filter_is_cleared_and_its_address_tells_what_is_chosen_only(
    bobs: Page, bot: Entity
) -> None:
    talk(bot, "By telegram", channel="telegram")
    talk(bot, "On the website")
    bobs.goto("/w/acme/inbox/")
    expect(bobs.get_by_role("link", name="Clear filters")).to_have_count(0)
    bobs.get_by_label("Channel").select_option("telegram")
    expect(bobs.locator(".inbox-row")).to_have_count(1)
    bobs.wait_for_url("**/w/acme/inbox/?channel=telegram")
    export = bobs.get_by_role("link", name="Export CSV")
    expect(export).to_have_attribute("href", "/w/acme/inbox.csv?channel=telegram")
    bobs.get_by_label("Channel").select_option("")
    expect(bobs.locator(".inbox-row")).to_have_count(2)
    bobs.wait_for_url("**/w/acme/inbox/")
    bobs.get_by_label("Search", exact=True).fill("nothing like it")
    expect(bobs.get_by_role("heading", name="Nothing found")).to_be_visible()
    expect(export).to_have_count(0)
    bobs.get_by_role("link", name="Clear filters").first.click()
    expect(bobs.locator(".inbox-row")).to_have_count(2)
    bobs.wait_for_url("**/w/acme/inbox/")


def test_taking_over_and_giving_back_keep_the_filter(bobs: Page, waiting: Conversation) -> None:
    bobs.goto(f"/w/acme/inbox/{waiting.pk}/?channel=website")
    bobs.get_by_role("button", name="Take over").click()
    expect(bobs.get_by_text("Bob has this conversation")).to_be_visible()
    bobs.wait_for_url(f"**/w/acme/inbox/{waiting.pk}/?channel=website")
    expect(bobs.get_by_label("Channel")).to_have_value("website")
    bobs.get_by_role("button", name="Give back to the bot").click()
    expect(bobs.get_by_text("The bot answers here.")).to_be_visible()
    bobs.wait_for_url(f"**/w/acme/inbox/{waiting.pk}/?channel=website")
