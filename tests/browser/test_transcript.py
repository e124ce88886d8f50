"""A long conversation in the inbox, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.conversations.test_transcript import conversation, say
from tests.support.axe import violations
from tests.support.browser import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from conversations.models import Conversation
    from tests.support.live import Live
    from workspaces.access import Actor

__all__ = ["conversation"]


@pytest.fixture
def veras(page: Page, context: BrowserContext, live: Live, vera: Actor) -> Page:
    """A page that Vera is signed in on."""
    sign_in(context, live, vera)
    return page


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
