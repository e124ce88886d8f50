"""A base whose embedding model is on another server: indexed, asked, and changed while live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from drafts.types import draft_types
from inference.embedding import EmbeddingError
from knowledge.embedding import embedder_for
from knowledge.forms.search import SearchForm
from knowledge.models import Index, KnowledgeBase
from knowledge.trying import preparing
from tests.knowledge.client import wait
from workspaces import credentials

if TYPE_CHECKING:
    from tests.knowledge.client import KnowledgeApi
    from tests.servers.model import ModelServer
    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("worker")
TEXT = "# Warranty\n\nThe warranty lasts two years.\n\n# Shipping\n\nParcels take three days."


def test_it_is_indexed_and_asked_with_that_model(
    api: KnowledgeApi, choice: dict[str, Any], model_server: ModelServer
) -> None:
    draft_id = api.new_draft(embedding_config=choice)
    api.add_text(draft_id, TEXT)
    kb_id = api.deployed(draft_id)
    api.search(kb_id, "warranty")  # whatever is in it by now, that is no fault
    progress = api.indexed(kb_id)
    assert progress["status"] == "ready", progress
    assert Index.objects.get().dimensions > 0
    assert "two years" in api.search(kb_id, "warranty")[0]["content"]
    asked = [r for r in model_server.requests if r.path.endswith("/embeddings")]
    assert asked[-1].json["model"] == "embed-1"


def test_another_model_fills_an_index_beside_the_live_one(
    api: KnowledgeApi, choice: dict[str, Any]
) -> None:
    draft_id = api.new_draft()
    api.add_text(draft_id, TEXT)
    kb_id = api.deployed(draft_id)
    api.indexed(kb_id)
    before = KnowledgeBase.objects.get(pk=UUID(kb_id)).live_index_id

    draft_id = api.post(f"/{kb_id}/draft").json()["draft_id"]
    api.patch(f"/draft/{draft_id}", {"data": {"embedding_config": choice}})
    api.deployed(draft_id)
    assert api.search(kb_id, "warranty")
    assert api.indexed(kb_id)["status"] == "ready"
    after = KnowledgeBase.objects.get(pk=UUID(kb_id))
    assert after.live_index_id != before
    assert after.live_index is not None
    assert after.live_index.embedder == "openai_compatible:embed-1"
    assert "two years" in api.search(kb_id, "warranty")[0]["content"]


def test_a_server_that_is_away_is_told_and_words_still_find(
    api: KnowledgeApi, choice: dict[str, Any], alice: Actor
) -> None:
    values = {"api_key": "sk-abcdefghijklmnopqrst", "base_url": "http://127.0.0.1:9"}
    key = credentials.create(alice, name="Away", kind="llm", values=values)
    draft_id = api.new_draft(embedding_config=choice | {"credential_id": str(key.pk)})
    api.add_text(draft_id, TEXT)
    wait(lambda: bool(api.get(f"/draft/{draft_id}/preview").json()["chunks_preview"]))
    tried = api.post(f"/draft/{draft_id}/search", {"query": "warranty"})
    assert tried.status_code == 200, tried.json()
    found = tried.json()
    assert "two years" in found["results"][0]["content"]
    assert (found["embedded_chunks"], found["total_chunks"]) == (0, 1)

    wait(lambda: bool((told := preparing.progress(draft_id)) and told.error))
    told = preparing.progress(draft_id)
    assert told is not None
    assert told.error == "The model's server cannot be reached."

    kb_id = api.deployed(draft_id)
    wait(lambda: bool(api.progress(kb_id)["documents"][0]["error"]))
    (document,) = api.progress(kb_id)["documents"]
    assert document["error"] == "The model's server cannot be reached."


def test_only_credentials_that_fit_are_offered_and_used(alice: Actor) -> None:
    key = {"api_key": "sk-canary-0123456789"}
    fits = credentials.create(alice, name="OpenAI", kind="llm", values=key)
    others = (
        credentials.create(alice, name="A", kind="llm", values=key | {"provider": "anthropic"}),
        credentials.create(alice, name="S", kind="llm", values=key | {"provider": "secret_ai"}),
        credentials.create(alice, name="T", kind="telegram", values={"bot_token": "1:canary"}),
    )
    form = SearchForm(draft_type=draft_types.get("kb"), document={}, actor=alice)
    field = form.fields["embedding_config.credential_id"]
    assert [name for name, _words in field.choices] == ["", str(fits.pk)]  # type: ignore[attr-defined]
    for other in others:
        choice = {"provider": "openai_compatible", "model": "m", "credential_id": str(other.pk)}
        with pytest.raises(EmbeddingError, match="Choose"):
            embedder_for(alice.workspace_id, choice)


def test_what_the_servers_own_key_embeds_counts_as_messages(
    alice: Actor, redis_clean: None, model: ModelServer, settings: Any
) -> None:
    settings.SERVER_MODEL_MESSAGES_PER_DAY = 3
    embedder = embedder_for(alice.workspace_id, {"provider": "openai_compatible", "model": "m"})
    assert len(embedder.embed(["A text"] * 33)) == 33
    embedder.embed(["A question"])
    asked = len(model.requests)
    with pytest.raises(EmbeddingError, match="3 messages a day") as used_up:
        embedder.embed(["Another question"])
    assert not used_up.value.permanent
    assert used_up.value.retry_after
    assert len(model.requests) == asked


def test_what_a_credential_embeds_is_not_counted(
    alice: Actor, redis_clean: None, choice: dict[str, Any], settings: Any
) -> None:
    settings.SERVER_MODEL_MESSAGES_PER_DAY = 1
    embedder = embedder_for(alice.workspace_id, choice)
    for _time in range(3):
        embedder.embed(["A text"])
