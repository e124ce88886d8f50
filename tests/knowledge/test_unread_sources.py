"""Sources that could not be read: they are left out, and hold up nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.people import signed_in

if TYPE_CHECKING:
    from django.test import Client

    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("worker")
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def draft_id(api: KnowledgeApi) -> str:
    """A draft with a text and two files that cannot be read."""
    made = api.new_draft()
    api.add_text(made, "# Shipping\n\nA parcel takes three days.")
    api.upload(made, scan__png=PNG, photo__png=PNG)
    assert [each["status"] for each in api.read(made)] == ["ready", "failed", "failed"]
    return made


def report(api: KnowledgeApi, draft_id: str) -> dict[str, Any]:
    said: dict[str, Any] = api.post(f"/draft/{draft_id}/validate").json()
    return said


def test_they_are_warned_of_where_others_have_a_text(api: KnowledgeApi, draft_id: str) -> None:
    said = report(api, draft_id)
    assert said["valid"]
    assert any("scan.png was not read and is left out" in w for w in said["warnings"])


def test_alone_they_block(api: KnowledgeApi) -> None:
    draft_id = api.new_draft()
    api.upload(draft_id, scan__png=PNG)
    api.read(draft_id)
    said = report(api, draft_id)
    assert not said["valid"]
    assert "scan.png was not read: The file is an image" in said["errors"][0]


def test_a_base_goes_live_changes_and_comes_back_without_them(
    api: KnowledgeApi, draft_id: str
) -> None:
    kb_id = api.deployed(draft_id)
    progress = api.indexed(kb_id)
    assert [each["name"] for each in progress["documents"]] == ["Notes"]

    added = api.post(f"/{kb_id}/documents", {"name": "Hours", "content": "Open until six."})
    assert added.status_code == 202, added.json()
    edited = api.post(f"/{kb_id}/draft").json()["draft_id"]
    assert [each["status"] for each in api.sources(edited)] == [
        *("ready", "failed", "failed"),
        "ready",
    ]
    assert report(api, edited)["valid"]
    assert api.get(f"/draft/{edited}/plan").json()["changes"] == []

    back = api.post(f"/{kb_id}/versions/1/rollback")
    assert back.status_code == 200, back.json()
    assert [each["name"] for each in api.indexed(kb_id)["documents"]] == ["Notes"]


def test_all_are_taken_out_at_once(
    api: KnowledgeApi, draft_id: str, client: Client, alice: Actor
) -> None:
    place = f"/w/acme/kb/draft/{draft_id}"
    browser = signed_in(client, alice)
    assert "2 sources were not read" in browser.get(f"{place}/sources/").content.decode()
    browser.post(f"{place}/sources/unread/remove/")
    assert [each["name"] for each in api.sources(draft_id)] == ["Notes"]
    api.post(f"/draft/{draft_id}/undo")
    assert len(api.sources(draft_id)) == 3
