"""Indexing that is killed, at every point where that could hurt, and the worker that goes on."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from knowledge.indexing import work
from knowledge.models import Chunk, Embedding, Index, KeptVector, KnowledgeBase
from tests.knowledge.killing import later, work_on

if TYPE_CHECKING:
    from tests.knowledge.client import KnowledgeApi

pytestmark = pytest.mark.django_db(transaction=True)
POINTS = (
    "index.claimed",
    "index.embedded",
    "index.written",
    "index.committed",
    "index.switched",
)
TEXTS = {
    f"Manual {n}": "\n\n".join(
        f"# Part {n}.{part}\n\n" + f"Sentence about part {part} of manual {n}. " * 20
        for part in range(30)
    )
    for n in range(2)
}


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """The bases that a worker would be told of: that of other tests may be there, and is not."""
    found: list[UUID] = []
    monkeypatch.setattr(work, "wake", found.append)
    return found


@pytest.fixture
def kb_id(api: KnowledgeApi) -> str:
    """A base that is deployed, and that no worker has seen."""
    draft_id = api.new_draft()
    for name, text in TEXTS.items():
        api.add_text(draft_id, text, name)
    return api.deployed(draft_id)


def run(kb_id: str, crash_at: str = "") -> int:
    return work_on("index", kb_id, crash_at)


def positions() -> list[tuple[str, int, str]]:
    """What the indexes hold, whoever wrote it."""
    rows = Chunk.objects.order_by("document__name", "position")
    return list(rows.values_list("document__name", "position", "text"))


@pytest.mark.parametrize("point", POINTS)
def test_no_chunk_is_lost_or_doubled(
    point: str, kb_id: str, api: KnowledgeApi, woken: list[UUID]
) -> None:
    assert run(kb_id, point) == -signal.SIGKILL
    kept = KeptVector.objects.count()
    woken.clear()
    assert work.sweep() == 0  # whoever was killed still has the base
    later()
    assert work.sweep() == 1
    assert woken == [UUID(kb_id)]
    assert run(kb_id) == 0
    assert work.sweep() == 0

    progress = api.progress(kb_id)
    assert (progress["status"], progress["percent"]) == ("ready", 100)
    found = positions()
    assert len(found) == len(set(found)) == progress["stats"]["chunks"]
    for name, text in TEXTS.items():
        own = [chunk for document, _position, chunk in found if document == name]
        assert all(part in "".join(own) for part in text.split("\n\n")[::2])
    assert Embedding.objects.count() == len(found)
    index = Index.objects.get()
    assert index.chunks == len(found)
    assert KeptVector.objects.count() == 0
    if point == "index.embedded":
        assert kept > 0  # what was embedded before the crash was not embedded again


def test_a_new_index_answers_only_when_it_is_whole(kb_id: str, api: KnowledgeApi) -> None:
    assert run(kb_id) == 0
    old = Index.objects.get()
    assert api.post(f"/{kb_id}/reindex").status_code == 202
    assert run(kb_id, "index.committed") == -signal.SIGKILL
    assert KnowledgeBase.objects.get(pk=UUID(kb_id)).live_index_id == old.pk
    assert api.search(kb_id, "part 7 of manual 1")

    later()
    assert run(kb_id) == 0
    base = KnowledgeBase.objects.get(pk=UUID(kb_id))
    assert base.live_index_id != old.pk
    assert base.next_index_id is None
    assert api.search(kb_id, "part 7 of manual 1")

    Index.objects.exclude(retired_at=None).update(retired_at="2000-01-01T00:00:00Z")
    assert work.sweep() == 1
    assert run(kb_id) == 0
    assert Index.objects.count() == 1
    assert api.search(kb_id, "part 7 of manual 1")


def test_a_run_is_stopped_and_goes_on(kb_id: str, api: KnowledgeApi) -> None:
    assert api.post(f"/{kb_id}/cancel").json()["status"] == "cancelled"
    assert run(kb_id) == 0
    assert Chunk.objects.count() == 0
    assert api.post(f"/{kb_id}/cancel").status_code == 409

    assert api.post(f"/{kb_id}/reindex").status_code == 202
    assert run(kb_id) == 0
    assert api.progress(kb_id)["status"] == "ready"
