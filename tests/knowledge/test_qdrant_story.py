"""A base that keeps its vectors in Qdrant: from the draft to the answer, killed, moved, deleted."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from knowledge.indexing import work
from knowledge.models import Chunk, Embedding, Index, KeptVector, KnowledgeBase
from tests.knowledge.client import wait
from tests.knowledge.killing import later, work_on
from tests.servers.qdrant import KEY
from workspaces import credentials

if TYPE_CHECKING:
    from tests.knowledge.client import KnowledgeApi
    from tests.servers.model import ModelServer
    from tests.servers.qdrant import QdrantServer
    from tests.support.live import Live
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)
QDRANT, PGVECTOR = {"provider": "qdrant"}, {"provider": "pgvector"}
TEXT = "# Warranty\n\nThe warranty lasts two years.\n\n# Shipping\n\nParcels take three days."
LONG = "\n\n".join(f"# Part {n}\n\n" + f"A sentence about part {n}. " * 20 for n in range(30))


@pytest.fixture
def model(alice: Actor, model_server: ModelServer, settings: object) -> dict[str, Any]:
    """An embedding model that counts what it is asked."""
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]  # type: ignore[attr-defined]
    values = {"api_key": "sk-abcdefghijklmnopqrst", "base_url": model_server.url}
    key = credentials.create(alice, name="Embeddings", kind="llm", values=values)
    return {"provider": "openai_compatible", "model": "embed-1", "credential_id": str(key.pk)}


def deployed(api: KnowledgeApi, **data: Any) -> str:
    draft_id = api.new_draft(vector_store_config=QDRANT, **data)
    api.add_text(draft_id, TEXT)
    return api.deployed(draft_id)


def moved(api: KnowledgeApi, kb_id: str, store: dict[str, str]) -> None:
    draft_id = api.post(f"/{kb_id}/draft").json()["draft_id"]
    api.patch(f"/draft/{draft_id}", {"data": {"vector_store_config": store}})
    api.deployed(draft_id)
    assert api.indexed(kb_id)["status"] == "ready"


def embedded(server: ModelServer) -> int:
    """How many texts were embedded so far."""
    asked = [r.json["input"] for r in server.requests if r.path.endswith("/embeddings")]
    return sum(len(texts) for texts in asked)


@pytest.mark.usefixtures("worker")
def test_from_the_draft_to_another_store_and_back(
    api: KnowledgeApi, qdrant: QdrantServer, model: dict[str, Any], model_server: ModelServer
) -> None:
    kb_id = deployed(api, embedding_config=model)
    assert api.indexed(kb_id)["status"] == "ready"
    assert qdrant.count() == Chunk.objects.count()
    assert not Embedding.objects.exists()
    best = api.search(kb_id, "How long is the warranty?")[0]
    assert "two years" in best["content"]
    assert best["scores"]["vector"] > 0

    before = embedded(model_server)
    moved(api, kb_id, PGVECTOR)
    assert embedded(model_server) == before
    assert Embedding.objects.count() == KnowledgeBase.objects.get().live_index.chunks  # type: ignore[union-attr]
    moved(api, kb_id, QDRANT)
    assert embedded(model_server) == before
    assert "three days" in api.search(kb_id, "How long do parcels take?")[0]["content"]

    assert api.client.delete(f"{api.base}/{kb_id}", headers=authorized(api)).status_code == 204
    wait(lambda: not KnowledgeBase.with_deleted.exists())
    assert qdrant.collections == {}


def authorized(api: KnowledgeApi) -> dict[str, str]:
    return {"Authorization": f"Bearer {api.key}"}


@pytest.mark.parametrize(
    "point", ["index.embedded", "index.written", "index.committed", "index.switched"]
)
def test_no_vector_is_lost_or_doubled(
    point: str, api: KnowledgeApi, qdrant: QdrantServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "wake", lambda _base_id: None)
    draft_id = api.new_draft(vector_store_config=QDRANT)
    for name in ("One", "Two"):
        api.add_text(draft_id, f"{name}.\n\n{LONG}", name)
    kb_id = api.deployed(draft_id)

    assert index(kb_id, qdrant, crash_at=point) == -signal.SIGKILL
    later()
    assert index(kb_id, qdrant) == 0

    assert api.progress(kb_id)["status"] == "ready"
    found = list(Chunk.objects.values_list("document__name", "position"))
    assert len(found) == len(set(found)) == qdrant.count() == Index.objects.get().chunks
    assert KeptVector.objects.count() == 0


def index(kb_id: str, qdrant: QdrantServer, crash_at: str = "") -> int:
    return work_on("index", kb_id, crash_at, QDRANT_URL=qdrant.url, QDRANT_API_KEY=KEY)


@pytest.mark.usefixtures("worker")
def test_while_it_is_away_documents_wait_and_words_answer(
    api: KnowledgeApi, qdrant: QdrantServer, live: Live
) -> None:
    del live
    kb_id = deployed(api)
    assert api.indexed(kb_id)["status"] == "ready"
    qdrant.away = True
    answer = api.post(f"/{kb_id}/search", {"query": "warranty"})
    assert answer.status_code == 503
    assert "Qdrant does not answer" in answer.json()["detail"]
    assert "two years" in api.search(kb_id, "warranty", search_method="keyword")[0]["content"]
    api.post(f"/{kb_id}/documents", {"name": "More", "content": "Lamps are changed by hand."})
    wait(lambda: any(d["error"] for d in api.progress(kb_id)["documents"]))
    qdrant.away = False
    later()
    work.wake(UUID(kb_id))
    assert api.indexed(kb_id)["status"] == "ready"
    assert "Lamps" in api.search(kb_id, "How are lamps changed?")[0]["content"]


def test_where_there_is_none_the_plan_says_so(api: KnowledgeApi, settings: object) -> None:
    settings.QDRANT_URL = ""  # type: ignore[attr-defined]
    draft_id = api.new_draft(vector_store_config=QDRANT)
    api.add_text(draft_id, TEXT)
    answer = api.post(f"/draft/{draft_id}/validate").json()
    assert "set QDRANT_URL" in str(answer["errors"])
    assert api.post(f"/draft/{draft_id}/finalize").status_code == 422


@pytest.mark.parametrize(("url", "offered"), [("", False), ("http://127.0.0.1:9", True)])
def test_the_builder_offers_it_where_there_is_one(
    api: KnowledgeApi, alice: Actor, settings: object, url: str, offered: bool
) -> None:
    settings.QDRANT_URL = url  # type: ignore[attr-defined]
    assert alice.user
    api.client.force_login(alice.user)
    html = api.client.get(f"/w/acme/kb/draft/{api.new_draft()}/search/").content.decode()
    assert ("Qdrant</option>" in html) is offered
