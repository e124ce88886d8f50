"""The step that says how a base is searched, and what the API takes for it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from drafts import creating
from drafts.access import open_draft
from drafts.types import draft_types
from knowledge.forms.search import SearchForm
from tests.knowledge.client import wait
from tests.support.people import signed_in
from workspaces import credentials

if TYPE_CHECKING:
    from django.test import Client

    from tests.knowledge.client import KnowledgeApi
    from tests.servers.model import ModelServer
    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("redis_clean")
BASES = draft_types.get("kb")
NAME = "retrieval_config.rerank"


def test_reranking_is_switched_on_and_off(client: Client, bob: Actor) -> None:
    draft = creating.create(bob, BASES, {"name": "Manual"})
    place = f"/w/acme/kb/draft/{draft.id}/search/"
    signed_in(client, bob)

    def switch(**posted: str) -> Any:
        body = {"_changed": NAME, "patch_id": str(uuid.uuid4())} | posted
        assert client.post(place, body, headers={"HX-Request": "true"}).status_code == 200
        return open_draft(bob, BASES, draft.id).data["retrieval_config"]["rerank"]

    def form() -> SearchForm:
        data = open_draft(bob, BASES, draft.id).data
        return SearchForm(draft_type=BASES, document=data, actor=bob)

    assert form().shown(NAME) is False
    assert switch(**{NAME: "on"}) is True
    assert form().shown(NAME) is True
    assert f'name="{NAME}"' in client.get(place).content.decode()
    assert switch() is False


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("reranked", [True, False])
def test_pages_show_what_was_reranked(
    client: Client, api: KnowledgeApi, alice: Actor, reranked: bool
) -> None:
    draft_id = api.new_draft(retrieval_config={"rerank": reranked})
    api.add_text(draft_id, "The warranty lasts two years.")
    wait(
        lambda: bool(api.post(f"/draft/{draft_id}/search", {"query": "warranty"}).json()["results"])
    )
    signed_in(client, alice)

    def page(path: str) -> str:
        return client.get(f"/w/acme/kb/{path}/?q=warranty").content.decode()

    tried = page(f"draft/{draft_id}/try")
    kb_id = api.deployed(draft_id)
    api.indexed(kb_id)
    for html in (tried, page(f"{kb_id}/search")):
        assert "two years" in html
        assert ("· reranked 0." in html) == reranked


@pytest.mark.usefixtures("worker")
def test_a_base_that_another_server_embeds_is_reranked_here(
    api: KnowledgeApi, alice: Actor, model_server: ModelServer, settings: object
) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]  # type: ignore[attr-defined]
    values = {"api_key": "sk-abcdefghijklmnopqrst", "base_url": model_server.url}
    key = credentials.create(alice, name="Embeddings", kind="llm", values=values)
    choice = {"provider": "openai_compatible", "model": "embed-1", "credential_id": str(key.pk)}
    draft_id = api.new_draft(embedding_config=choice, retrieval_config={"rerank": True})
    api.add_text(draft_id, "The warranty lasts two years.")
    kb_id = api.deployed(draft_id)
    api.indexed(kb_id)
    (hit,) = api.search(kb_id, "How long is the warranty?")
    assert 0.3 < hit["scores"]["rerank"] < 1


@pytest.mark.parametrize("value", ["yes", 1, 0.5, [], {}, [True]])
def test_what_is_neither_true_nor_false_is_refused(api: KnowledgeApi, value: Any) -> None:
    draft_id = api.new_draft()
    config = {"data": {"retrieval_config": {"rerank": value}}}
    assert api.patch(f"/draft/{draft_id}", config).status_code == 422
    asked = {"query": "warranty", "rerank": value}
    assert api.post(f"/draft/{draft_id}/search", asked).status_code == 422
    assert api.post("/draft", {"name": "x", **config["data"]}).status_code == 422


def test_null_keeps_the_bases_own_setting(api: KnowledgeApi) -> None:
    draft_id = api.new_draft(retrieval_config={"rerank": True})
    answer = api.post(f"/draft/{draft_id}/search", {"query": "warranty", "rerank": None})
    assert answer.status_code == 200, answer.json()
