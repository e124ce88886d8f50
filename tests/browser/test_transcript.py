"""A long conversation in the inbox, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from conversations.models import Conversation, Message
from tests.conversations.conftest import deployed
from tests.conversations.recorded import begun, say
from tests.support.axe import violations
from tests.support.browser import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from tests.support.live import Live
    from workspaces.access import Actor
    from workspaces.models import Workspace


@pytest.fixture
def conversation(acme: Workspace) -> Conversation:
    return begun(deployed(acme))


@pytest.fixture
def veras(page: Page, context: BrowserContext, live: Live, vera: Actor) -> Page:
    """A page that Vera is signed in on."""
    sign_in(context, live, vera)
    return page


def test_on_a_phone_what_was_said_comes_first(veras: Page, conversation: Conversation) -> None:
    say(conversation, ("Where is it?", "Behind you."))
    Conversation.objects.update(message_count=2)
    veras.set_viewport_size({"width": 375, "height": 667})
    veras.goto("/w/acme/inbox/")
    row = veras.locator(".inbox-row")
    expect(row).to_be_in_viewport(ratio=1)
    veras.get_by_text("More filters").click()
    veras.get_by_label("To", exact=True).focus()
    expect(veras.get_by_label("To", exact=True)).to_be_in_viewport(ratio=1)
    assert violations(veras) == []
    row.click()
    expect(veras.get_by_text("Behind you.", exact=True)).to_be_in_viewport()
    expect(veras.get_by_label("Search", exact=True)).to_be_hidden()
    veras.get_by_role("link", name="All conversations").click()
    expect(veras.get_by_label("Search", exact=True)).to_be_visible()


def test_earlier_messages_appear_above_the_others(veras: Page, conversation: Conversation) -> None:
    say(conversation, *[(f"question {n}.", f"answer {n}.") for n in range(30)])
    veras.goto(f"/w/acme/inbox/{conversation.pk}/")
    said = veras.locator(".transcript > .said")
    expect(said).to_have_count(50)
    veras.get_by_role("link", name="Show earlier messages").click()
    expect(said).to_have_count(60)
    expect(said.first).to_contain_text("question 0.")
    expect(veras.get_by_role("link", name="Show earlier messages")).to_have_count(0)
    assert veras.url.endswith(f"/{conversation.pk}/")
    assert violations(veras) == []


def test_what_the_flow_did_unfolds_by_keyboard(veras: Page, conversation: Conversation) -> None:
    say(conversation, ("Where is it?", "Behind you."))
    step = {"event": "node_finished", "node_id": "llm1", "place": [1], "status": "failed"}
    told = {"duration_ms": 20, "error": "x" * 200, "input": {"prompt": "y" * 300}, "handle": "no"}
    Message.objects.filter(role="assistant").update(trace=[step | told])
    veras.set_viewport_size({"width": 375, "height": 667})
    veras.goto(f"/w/acme/inbox/{conversation.pk}/")
    veras.locator(".said-steps > summary").focus()
    veras.keyboard.press("Enter")
    veras.keyboard.press("Tab")
    veras.keyboard.press("Enter")
    expect(veras.locator(".said-steps pre")).to_be_visible()
    assert veras.evaluate("document.documentElement.scrollWidth") <= 375
    assert violations(veras) == []
    veras.emulate_media(color_scheme="dark")
    assert violations(veras) == []


def test_a_conversation_opens_where_it_says_what_was_looked_for(
    veras: Page, conversation: Conversation
) -> None:
    turns = [(f"question {n}.", f"answer {n}.") for n in range(60)]
    turns[9] = ("Where is the parcel?", "In Graz.")
    say(conversation, *turns)
    Conversation.objects.update(message_count=120)
    veras.goto("/w/acme/inbox/?q=parcel")
    veras.locator(".inbox-row").click()
    match = veras.locator(".said[data-match]")
    expect(match).to_contain_text("Where is the parcel?")
    expect(match).to_be_in_viewport(ratio=1)
    assert veras.evaluate("scrollY") == 0
    expect(veras.locator("[data-newest]")).to_be_hidden()
    # What came later is read on when somebody comes to it, to what was said last.
    said = veras.locator(".transcript > .said")
    for last in ("question 14.", "question 39.", "answer 59."):
        expect(said.last).to_contain_text(last)
        said.last.scroll_into_view_if_needed()
    expect(veras.locator("[data-behind]")).to_have_count(0)
    assert violations(veras) == []


def test_what_was_looked_for_last_is_shown_with_all_after_it(
    veras: Page, conversation: Conversation
) -> None:
    say(conversation, ("Where is the parcel?", "In Graz."), ("And now?", "In Wien."))
    Conversation.objects.update(message_count=4)
    veras.goto("/w/acme/inbox/?q=parcel")
    veras.locator(".inbox-row").click()
    expect(veras.locator(".said[data-match]")).to_contain_text("Where is the parcel?")
    expect(veras.get_by_text("In Wien.", exact=True)).to_be_visible()
    expect(veras.locator("[data-behind]")).to_have_count(0)
