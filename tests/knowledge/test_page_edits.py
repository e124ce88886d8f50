"""Pages that two people edit at once, and while their draft is being deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from drafts.address import Address
from drafts.storage import store
from tests.support.people import signed_in

if TYPE_CHECKING:
    from django.test import Client

    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

HTMX = {"HX-Request": "true"}


class Page:
    """The one page of a text, as one would edit it."""

    def __init__(self, api: KnowledgeApi) -> None:
        self.api, self.draft_id = api, api.new_draft()
        self.source_id = api.add_text(self.draft_id, "Three days.")["id"]
        self.path = f"/draft/{self.draft_id}/sources/{self.source_id}/pages/1"

    @property
    def found(self) -> dict[str, Any]:
        found: dict[str, Any] = self.api.get(self.path).json()
        return found

    @property
    def url(self) -> str:
        return f"/w/acme/kb{self.path}/"


@pytest.fixture
def page(api: KnowledgeApi) -> Page:
    return Page(api)


def test_who_edits_what_they_did_not_see_overwrites_nothing(page: Page) -> None:
    seen = page.found["digest"]
    assert page.api.patch(page.path, {"text": "Four days.", "seen": seen}).status_code == 200
    refused = page.api.patch(page.path, {"text": "Five days.", "seen": seen})
    assert refused.status_code == 409
    assert "Somebody else" in refused.json()["detail"]
    assert page.found["text"] == "Four days."
    # Sent twice, as after an answer that was lost, it is no conflict.
    assert page.api.patch(page.path, {"text": "Four days.", "seen": seen}).status_code == 200
    # Whether it is used is another matter than what it says.
    assert page.api.patch(page.path, {"approved": False, "seen": seen}).status_code == 200


def test_a_window_goes_on_from_its_own_edits(page: Page, client: Client, alice: Actor) -> None:
    browser, seen = signed_in(client, alice), page.found["digest"]
    saved = browser.post(page.url, {"text": "Four days.", "seen": seen}, headers=HTMX)
    assert f'name="seen" value="{page.found["digest"]}"' in saved.content.decode()

    refused = browser.post(page.url, {"text": "Five days.", "seen": seen}, headers=HTMX)
    html = refused.content.decode()
    assert (refused.status_code, "Somebody else" in html) == (409, True)
    assert f'name="seen" value="{seen}"' in html
    assert browser.post(page.url, {"text": "Five days.", "seen": seen}).status_code == 409
    assert page.found["text"] == "Four days."


def test_a_page_is_not_edited_while_its_draft_is_deployed(page: Page, alice: Actor) -> None:
    version = page.api.get(f"/draft/{page.draft_id}").json()["version"]
    address = Address("kb", page.draft_id, alice.workspace_id)
    assert store.freeze(address, version, "token") == "OK"
    refused = page.api.patch(page.path, {"text": "Four days."})
    assert refused.status_code == 409
    assert "being deployed" in refused.json()["detail"]
    assert page.found["text"] == "Three days."
