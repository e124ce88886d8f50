"""What a release writes: what is new and what has changed, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from drafts.deploying import deploy
from knowledge.live import changes, documents
from knowledge.models import Document, DocumentText

if TYPE_CHECKING:
    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)
TEXTS = {f"Manual {n}": f"This is what manual {n} says." for n in range(3)}


@pytest.fixture
def kb_id(api: KnowledgeApi) -> str:
    draft_id = api.new_draft()
    for name, text in TEXTS.items():
        api.add_text(draft_id, text, name)
    return api.deployed(draft_id)


def test_adding_a_document_sends_no_text_of_the_others(api: KnowledgeApi, kb_id: str) -> None:
    before = dict(Document.objects.values_list("name", "updated_at"))
    draft_id = api.post(f"/{kb_id}/draft").json()["draft_id"]
    api.add_text(draft_id, "Gift cards never expire.", "Gifts")
    with CaptureQueriesContext(connection) as queries:
        api.deployed(draft_id)
    sent = "\n".join(query["sql"] for query in queries)
    assert "Gift cards never expire." in sent
    assert [text for text in TEXTS.values() if text in sent] == []
    after = dict(Document.objects.values_list("name", "updated_at"))
    assert {name: after[name] for name in before} == before
    assert len(after) == len(TEXTS) + 1
    assert DocumentText.objects.filter(base_id=UUID(kb_id)).count() == len(TEXTS) + 1


def test_a_document_that_is_called_otherwise_is_written(api: KnowledgeApi, kb_id: str) -> None:
    before = dict(Document.objects.values_list("source_id", "fingerprint"))
    draft_id = api.post(f"/{kb_id}/draft").json()["draft_id"]
    first, *_others = api.sources(draft_id)
    api.patch(f"/draft/{draft_id}/sources/{first['id']}", {"name": "Handbook"})
    api.deployed(draft_id)
    after = dict(Document.objects.values_list("source_id", "fingerprint"))
    assert {key for key in before if after[key] != before[key]} == {first["id"]}
    assert Document.objects.get(source_id=first["id"]).name == "Handbook"


def test_a_text_is_hashed_once() -> None:
    pages = [{"number": 1, "text": "a"}, {"number": 2, "text": "b", "approved": False}]
    given = documents.Given("s", "", "Manual", "text_input", "", "", True, pages)
    assert given.content_hash is given.content_hash
    assert given.approved_hash == documents.hash_of(pages[:1])
    whole = documents.Given("s", "", "Manual", "text_input", "", "", True, pages[:1])
    assert whole.approved_hash is whole.content_hash


@pytest.mark.parametrize("is_live", [False, True], ids=["before it is live", "once it is live"])
def test_a_switch_that_goes_wrong_leaves_a_document_as_the_live_release_says(
    api: KnowledgeApi, alice: Actor, kb_id: str, monkeypatch: pytest.MonkeyPatch, is_live: bool
) -> None:
    document = Document.objects.get(name="Manual 1")
    really = deploy.deploy

    def fails(*given: Any) -> None:
        if is_live:
            really(*given)
        raise ConnectionError

    monkeypatch.setattr(deploy, "deploy", fails)
    with pytest.raises(ConnectionError):
        changes.switch(alice, UUID(kb_id), document.pk, enabled=False)
    document.refresh_from_db()
    assert document.enabled is not is_live
    assert api.get(f"/{kb_id}").json()["version"] == 1 + is_live
