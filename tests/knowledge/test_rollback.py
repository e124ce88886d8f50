"""An old version of a knowledge base comes back with its documents, with a real worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knowledge.models import KnowledgeBase
from tests.support.people import signed_in

if TYPE_CHECKING:
    from django.test import Client

    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("worker")


def test_going_back_brings_the_old_documents_back(
    api: KnowledgeApi, client: Client, alice: Actor
) -> None:
    draft_id = api.new_draft()
    shipping = api.add_text(draft_id, "Parcels take three days.", "Shipping")
    api.add_text(draft_id, "The warranty lasts two years.", "Warranty")
    kb_id = api.deployed(draft_id)
    api.indexed(kb_id)

    draft_id = api.post(f"/{kb_id}/draft").json()["draft_id"]
    warranty = next(s for s in api.sources(draft_id) if s["name"] == "Warranty")
    path = f"/draft/{draft_id}/sources/{shipping['id']}/pages/1"
    api.patch(path, {"text": "Parcels take five days."})
    assert api.delete(f"/draft/{draft_id}/sources/{warranty['id']}").status_code < 300
    api.add_text(draft_id, "Gift cards never expire.", "Gifts")
    api.deployed(draft_id)
    api.indexed(kb_id)
    assert found(api, kb_id, "How long do parcels take?") == "Parcels take five days."
    assert found(api, kb_id, "gift cards expire") == "Gift cards never expire."

    back = f"/w/acme/kb/{kb_id}/versions/1/rollback/"
    signed_in(client, alice)
    plan = client.get(back).content.decode()
    assert "Go back to version 1?" in plan
    assert "Gifts" in plan
    said = client.post(back, {"live": "2"}, follow=True).content.decode()
    assert "Version 1 is live again, as version 3." in said
    progress = api.indexed(kb_id)
    assert progress["status"] == "ready"
    assert {each["name"] for each in progress["documents"]} == {"Shipping", "Warranty"}

    assert found(api, kb_id, "How long do parcels take?") == "Parcels take three days."
    assert found(api, kb_id, "How long is the warranty?") == "The warranty lasts two years."
    passages = [hit["content"] for hit in api.search(kb_id, "gift cards expire")]
    assert "Gift cards never expire." not in passages
    base = KnowledgeBase.objects.select_related("live_release").get(pk=kb_id)
    assert base.live_release is not None
    assert base.live_release.number == 3


def found(api: KnowledgeApi, kb_id: str, question: str) -> str:
    """The best passage."""
    best: str = api.search(kb_id, question)[0]["content"]
    return best
