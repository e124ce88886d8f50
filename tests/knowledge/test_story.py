"""From a draft to answers, over the API, with a real worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import numpy as np
import orjson
import pytest

from inference.embedders.local import LOCAL
from knowledge.beside import cuts
from knowledge.models import Chunk, Embedding, KeptVector
from tests.knowledge.client import wait
from tests.servers.model import Reply

if TYPE_CHECKING:
    from tests.knowledge.client import KnowledgeApi
    from tests.servers.model import ModelServer
    from tests.support.live import Live

pytestmark = pytest.mark.usefixtures("worker")
QUESTION = "How long is the warranty?"
MANUAL = """# Coffee machine

## Descaling
Descale the machine every three months. Use citric acid, never vinegar.

## Warranty
The warranty lasts two years from the day of purchase. Keep the receipt.
"""


def test_a_text_and_a_file_are_read_deployed_indexed_and_found(api: KnowledgeApi) -> None:
    draft_id = api.new_draft()
    text = api.add_text(draft_id, MANUAL)
    assert (text["status"], text["pages"]) == ("ready", 1)
    uploaded = api.upload(draft_id, shipping__md=b"# Shipping\n\nParcels take three days.\n")
    assert uploaded.status_code == 201

    sources = api.read(draft_id)
    assert [s["status"] for s in sources] == ["ready", "ready"], sources

    kb_id = api.deployed(draft_id)
    progress = api.indexed(kb_id)
    assert progress["status"] == "ready", progress
    assert progress["percent"] == 100
    assert {d["name"] for d in progress["documents"]} == {"Notes", "shipping.md"}

    best = api.search(kb_id, "How long do I have a warranty?")[0]
    assert "two years" in best["content"]
    assert best["headings"][0] == "Coffee machine"
    assert api.search(kb_id, "How many days does delivery take?")[0]["title"] == "shipping.md"


def test_a_second_version_embeds_only_what_changed(api: KnowledgeApi) -> None:
    draft_id = api.new_draft()
    api.add_text(draft_id, MANUAL, "Manual")
    second = api.add_text(draft_id, "Parcels take three days.", "Shipping")
    kb_id = api.deployed(draft_id)
    api.indexed(kb_id)
    before = set(Chunk.objects.filter(document__name="Manual").values_list("pk", flat=True))

    draft_id = api.post(f"/{kb_id}/draft").json()["draft_id"]
    path = f"/draft/{draft_id}/sources/{second['id']}/pages/1"
    assert api.get(path).json()["text"] == "Parcels take three days."
    api.patch(path, {"text": "Parcels take five days."})
    api.deployed(draft_id)
    api.indexed(kb_id)

    assert api.search(kb_id, "parcels")[0]["content"] == "Parcels take five days."
    after = set(Chunk.objects.filter(document__name="Manual").values_list("pk", flat=True))
    assert before == after


@pytest.mark.parametrize("reranked", [False, True])
def test_a_draft_is_asked_before_anything_is_indexed(api: KnowledgeApi, reranked: bool) -> None:
    draft_id = api.new_draft(retrieval_config={"rerank": reranked})
    api.add_text(draft_id, MANUAL, "Manual")
    api.add_text(draft_id, "# Shipping\n\nParcels take three days.", "Shipping")

    def preview() -> dict[str, Any]:
        found: dict[str, Any] = api.get(f"/draft/{draft_id}/preview").json()
        return found

    def tried() -> dict[str, Any]:
        found: dict[str, Any] = api.post(f"/draft/{draft_id}/search", {"query": QUESTION}).json()
        return found

    wait(lambda: preview()["status"] == "preview")
    assert preview()["total_chunks_estimated"] == 3
    wait(lambda: tried()["embedded_chunks"] == 3)
    before = tried()["results"]
    assert Chunk.objects.count() == 0

    kb_id = api.deployed(draft_id)
    api.indexed(kb_id)
    after = api.search(kb_id, QUESTION)
    assert [hit["content"] for hit in before] == [hit["content"] for hit in after]
    assert all((hit["scores"]["rerank"] is not None) == reranked for hit in after)
    other = api.search(kb_id, QUESTION, rerank=not reranked)
    assert all((hit["scores"]["rerank"] is None) == reranked for hit in other)
    assert {hit["relevance"] for hit in other} == {hit["relevance"] for hit in after}
    for old, new in zip(before, after, strict=True):
        assert old["score"] == pytest.approx(new["score"], abs=0.001)
        assert old["scores"] == pytest.approx(new["scores"], abs=0.001)


def test_what_was_embedded_in_the_draft_is_not_embedded_again(api: KnowledgeApi) -> None:
    draft_id = api.new_draft()
    source_id = api.add_text(draft_id, MANUAL, "Manual")["id"]
    wait(lambda: api.get(f"/draft/{draft_id}/preview").json()["status"] == "preview")
    wait(lambda: bool(cuts.vectors_of(draft_id, source_id, LOCAL.id)))
    marked = {key: marker() for key in cuts.vectors_of(draft_id, source_id, LOCAL.id)}
    cuts.keep_vectors(draft_id, source_id, LOCAL.id, marked)

    api.indexed(api.deployed(draft_id))
    assert [e.embedding[0] for e in Embedding.objects.all()] == [1.0] * len(marked)
    assert not KeptVector.objects.exists()


def marker() -> Any:
    """A vector that no text has."""
    return np.eye(1, LOCAL.dimensions, dtype=np.float32)[0]


def test_progress_is_told_as_it_happens(
    api: KnowledgeApi, live: Live, choice: dict[str, Any], model_server: ModelServer
) -> None:
    draft_id = api.new_draft(embedding_config=choice)
    api.add_text(draft_id, MANUAL)
    model_server.reply(*[Reply(first_token_ms=2500)] * 2)
    kb_id = api.deployed(draft_id)
    url = f"{live.url}/api/v1/kb/{kb_id}/progress/events"
    headers = {"Authorization": f"Bearer {api.key}"}
    answer = httpx.get(url, headers=headers, trust_env=False, timeout=30)
    assert answer.headers["content-type"] == "text/event-stream"
    told = [orjson.loads(line[6:]) for line in answer.text.splitlines() if line[:5] == "data:"]
    states = [each["status"] for each in told]
    assert len(states) >= 3
    assert set(states[:-1]) <= {"queued", "indexing"}
    assert "indexing" in states
    assert states[-1] == "ready"
    percents = [each["percent"] for each in told]
    assert percents == sorted(percents)
    assert (percents[0], percents[-1]) == (0, 100)
    assert httpx.get(url, trust_env=False).status_code == 401


def test_documents_are_added_replaced_and_deleted_while_a_base_is_live(
    api: KnowledgeApi,
) -> None:
    draft_id = api.new_draft()
    api.add_text(draft_id, MANUAL, "Manual")
    kb_id = api.deployed(draft_id)
    api.indexed(kb_id)
    assert api.delete(f"/{kb_id}/documents/{document(api, kb_id, 'Manual')}").status_code == 409

    added = api.post(f"/{kb_id}/documents", {"name": "Shipping", "content": "Three days."})
    assert added.status_code == 202, added.json()
    assert api.send_file("POST", f"/{kb_id}/documents", "b.md", b"Bees make honey.").ok
    api.indexed(kb_id)
    assert api.search(kb_id, "honey")[0]["title"] == "b.md"

    where = f"/{kb_id}/documents/{document(api, kb_id, 'b.md')}"
    assert api.send_file("PUT", where, "w.md", b"Wasps make paper.").ok
    refused = api.send_file("PUT", where, "empty.md", b"")
    assert refused.status_code == 422, refused.text
    api.indexed(kb_id)
    assert api.search(kb_id, "who makes paper?")[0]["title"] == "w.md"
    assert "honey" not in str(api.search(kb_id, "honey"))

    assert api.delete(f"/{kb_id}/documents/{document(api, kb_id, 'w.md')}").status_code == 204
    wait(lambda: "Wasps" not in str(api.search(kb_id, "wasps", top_k=50)))
    versions = api.get(f"/{kb_id}/versions").json()["results"]
    assert [row["version"] for row in versions] == [5, 4, 3, 2, 1]
    assert api.get("/draft").json()["results"] == []


def document(api: KnowledgeApi, kb_id: str, name: str) -> str:
    found = api.get(f"/{kb_id}/documents").json()["documents"]
    return next(str(row["id"]) for row in found if row["name"] == name)


def test_a_document_that_is_switched_off_while_live_is_off_in_drafts_too(api: KnowledgeApi) -> None:
    draft_id = api.new_draft()
    api.add_text(draft_id, "Parcels take three days.", "Shipping")
    api.add_text(draft_id, "Open until six.", "Hours")
    kb_id = api.deployed(draft_id)
    api.indexed(kb_id)
    place = f"/{kb_id}/documents/{document(api, kb_id, 'Shipping')}"
    source_id = api.get(place).json()["source_id"]
    assert api.patch(place, {"enabled": False}).json()["enabled"] is False
    api.indexed(kb_id)
    assert [hit["title"] for hit in api.search(kb_id, "How long do parcels take?")] == ["Hours"]

    edited = api.post(f"/{kb_id}/draft").json()["draft_id"]
    assert [each["enabled"] for each in api.sources(edited)] == [False, True]
    assert api.get(f"/draft/{edited}/plan").json()["changes"] == []
    api.patch(f"/draft/{edited}/sources/{source_id}", {"enabled": True})
    assert [c["path"] for c in api.get(f"/draft/{edited}/plan").json()["changes"]] == [
        f"data.sources.{source_id}.enabled"
    ]
    api.deployed(edited)
    api.indexed(kb_id)
    assert api.get(place).json()["enabled"] is True

    api.patch(place, {"enabled": False})
    assert api.patch(place, {"enabled": True}).json()["enabled"] is True
    assert len(api.search(kb_id, "How long do parcels take?")) == 2
    assert api.delete(f"{place}").status_code == 204
    assert [each["name"] for each in api.indexed(kb_id)["documents"]] == ["Hours"]
