"""A base that is deleted: gone at once for everybody, and removed piece by piece after that."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from drafts.models import Deployment, Entity, Release
from knowledge.index.dropping import drop_index
from knowledge.indexing import claims, work
from knowledge.live import removing
from knowledge.models import (
    Chunk,
    Document,
    DocumentText,
    Embedding,
    Index,
    IndexedDocument,
    KeptVector,
    KnowledgeBase,
    Posting,
    ReleasedDocument,
    Term,
)
from tests.knowledge.client import wait
from tests.knowledge.killing import later, work_on
from workspaces import founding

if TYPE_CHECKING:
    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)
# The points at which it is killed.
POINTS = ("index.dropping", "base.removing")
HELD = (
    *(Chunk, Embedding, Posting, Term, KeptVector, IndexedDocument, Index),
    *(Document, DocumentText, ReleasedDocument, Release, Deployment),
)


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker of other tests may be there: it is told of nothing."""
    monkeypatch.setattr(removing, "wake", lambda _base_id: None)
    monkeypatch.setattr(work, "wake", lambda _base_id: None)


def new_base(api: KnowledgeApi, name: str = "Manual") -> str:
    """A live base of two documents, in two versions; nothing is indexed yet."""
    draft_id = api.new_draft(name=name)
    api.add_text(draft_id, "# Parcels\n\n" + "Parcels take three days. " * 100, "Parcels")
    api.add_text(draft_id, "# Buttons\n\n" + "Press the red button. " * 100, "Buttons")
    kb_id = api.deployed(draft_id)
    answer = api.post(f"/{kb_id}/documents", {"name": "More", "content": "Four days."})
    assert answer.status_code == 202
    return kb_id


def indexed(api: KnowledgeApi) -> str:
    kb_id = new_base(api)
    work.run(UUID(kb_id))
    assert Chunk.objects.exists()
    assert Posting.objects.exists()
    return kb_id


def run(kb_id: str, crash_at: str = "") -> int:
    return work_on("remove", kb_id, crash_at)


def held() -> dict[str, int]:
    """How many rows there are of whatever a base holds."""
    counts = {model.__name__: model._default_manager.count() for model in HELD}
    counts["Entity"] = Entity.with_deleted.count()
    return {name: many for name, many in counts.items() if many}


@pytest.mark.usefixtures("worker")
def test_a_deleted_base_is_gone_at_once_and_removed_by_a_worker(api: KnowledgeApi) -> None:
    kb_id = new_base(api)
    api.indexed(kb_id)
    assert api.search(kb_id, "How long do parcels take?")
    address = Entity.objects.get(pk=kb_id).slug

    assert api.delete(f"/{kb_id}").status_code == 204
    assert api.get(f"/{kb_id}").status_code == 404
    assert api.get(f"/{kb_id}/progress").status_code == 404
    assert api.post(f"/{kb_id}/search", {"query": "parcels"}).status_code == 404
    assert api.delete(f"/{kb_id}").status_code == 404
    assert api.get("").json()["results"] == []
    wait(lambda: held() == {})

    again = new_base(api)
    assert Entity.objects.get(pk=again).slug == address
    api.indexed(again)
    assert api.search(again, "How long do parcels take?")


@pytest.mark.usefixtures("nobody")
@pytest.mark.parametrize("point", POINTS)
def test_whoever_is_killed_is_followed_by_another(point: str, api: KnowledgeApi) -> None:
    kb_id = indexed(api)
    before = held()
    kept = new_base(api, "Kept")
    work.run(UUID(kept))
    both = held()
    assert api.delete(f"/{kb_id}").status_code == 204
    assert run(kb_id, point) == -signal.SIGKILL
    left = held()
    assert left["Entity"] == 2
    assert left["Chunk"] < both["Chunk"]

    later()
    assert removing.sweep() == 1
    assert run(kb_id) == 0
    after = {name: both[name] - before[name] for name in before}
    assert held() == after
    assert removing.sweep() == 0
    assert api.search(kept, "How long do parcels take?")


@pytest.mark.usefixtures("nobody")
def test_while_somebody_is_at_it_another_does_nothing(api: KnowledgeApi) -> None:
    kb_id = indexed(api)
    api.delete(f"/{kb_id}")
    before = held()
    with claims.held(UUID(kb_id)):
        removing.run(UUID(kb_id))
    assert held() == before
    removing.run(UUID(kb_id))
    removing.run(UUID(kb_id))
    assert held() == {}


@pytest.mark.usefixtures("nobody")
def test_a_base_is_removed_in_slices(api: KnowledgeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    kb_id = indexed(api)
    api.delete(f"/{kb_id}")
    monkeypatch.setattr(removing, "SLICE", 0.0)
    monkeypatch.setattr(removing, "AT_ONCE", 1)
    seen = [held()]
    while seen[-1]:
        removing.run(UUID(kb_id))
        seen.append(held())
        assert seen[-1] != seen[-2]
    assert len(seen) > 5


@pytest.mark.usefixtures("nobody")
def test_a_generation_that_retired_is_dropped_in_slices(api: KnowledgeApi) -> None:
    indexed(api)
    index = Index.objects.get()
    KnowledgeBase.objects.update(live_index=None)
    slices = 1
    while not drop_index(index, time.monotonic() - 1):
        slices += 1
    assert slices > 2
    assert not Index.objects.exists()
    assert not Posting.objects.exists()
    assert drop_index(index)


@pytest.mark.usefixtures("nobody")
def test_a_base_that_is_being_indexed_is_let_go(api: KnowledgeApi) -> None:
    kb_id = new_base(api)
    api.delete(f"/{kb_id}")
    work.run(UUID(kb_id))
    assert work.sweep() == 0
    assert not Chunk.objects.exists()
    removing.run(UUID(kb_id))
    assert held() == {}


@pytest.mark.usefixtures("nobody")
def test_a_workspace_goes_with_bases_that_are_being_removed(
    api: KnowledgeApi, alice: Actor
) -> None:
    kb_id = indexed(api)
    api.delete(f"/{kb_id}")
    founding.delete(alice)
    assert held() == {}
