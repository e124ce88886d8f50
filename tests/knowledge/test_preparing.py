"""How a draft is prepared: in turns, only while it is there, and up to a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from drafts import creating
from drafts.types import draft_types
from knowledge.beside import files
from knowledge.indexing import work
from knowledge.models import Chunk
from knowledge.places import Places
from knowledge.retrieval import words
from knowledge.trying import limits, making, preparing
from tests.knowledge.parsing.pdf_files import lines, pdf
from tests.support.people import signed_in

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import Settings

    from knowledge.trying.preparing import Progress
    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)
SENTENCES = [f"Part number {number} of the machine is cleaned with water." for number in range(100)]
TEXT = "\n\n".join(SENTENCES)
SMALL = {"strategy": "by_size", "chunk_size": 20, "chunk_overlap": 0}


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The drafts that somebody is told to prepare; nobody does but the test."""
    drafts: list[str] = []
    monkeypatch.setattr(preparing, "wake", lambda _workspace_id, draft_id: drafts.append(draft_id))
    monkeypatch.setattr(work, "wake", lambda _base_id: None)
    return drafts


def prepared(actor: Actor, draft_id: str) -> Progress:
    """How far it is after a turn."""
    preparing.run(actor.workspace_id, draft_id)
    found = preparing.progress(draft_id)
    assert found is not None
    return found


def test_a_draft_that_is_abandoned_is_not_prepared_any_further(
    api: KnowledgeApi, alice: Actor, monkeypatch: pytest.MonkeyPatch, woken: list[str]
) -> None:
    draft_id = api.new_draft(chunking_config=SMALL)
    api.add_text(draft_id, TEXT)
    told: list[Progress] = []

    def tell(_draft_id: str, now: Progress) -> None:
        told.append(now)
        if now.done:
            api.delete(f"/draft/{draft_id}")

    monkeypatch.setattr(preparing, "_tell", tell)
    monkeypatch.setattr(making, "LOOK_EVERY", 0.0)
    preparing.run(alice.workspace_id, draft_id)
    assert told[-1].done == making.BATCH < told[-1].total
    assert not files.folder_of(draft_id).exists()
    assert woken == []


def test_others_have_their_turn_and_what_was_made_is_kept(
    api: KnowledgeApi, alice: Actor, monkeypatch: pytest.MonkeyPatch, woken: list[str]
) -> None:
    monkeypatch.setattr(making, "TURN", 0.0)
    draft_id = api.new_draft(chunking_config=SMALL)
    api.add_text(draft_id, TEXT)
    turns = [prepared(alice, draft_id)]
    while turns[-1].done < turns[-1].total:
        turns.append(prepared(alice, draft_id))
    total, batch = turns[0].total, making.BATCH
    assert [each.done for each in turns] == [*range(batch, total, batch), total]
    assert woken == [draft_id] * (len(turns) - 1)


def test_cutting_by_meaning_goes_on_where_the_turn_before_ended(
    api: KnowledgeApi, alice: Actor, monkeypatch: pytest.MonkeyPatch, woken: list[str]
) -> None:
    monkeypatch.setattr(making, "TURN", 0.0)
    draft_id = api.new_draft(chunking_config={"strategy": "semantic"})
    source_id = api.add_text(draft_id, TEXT)["id"]
    turns, told = 0, [0]
    while api.get(f"/draft/{draft_id}/preview").json()["status"] == "preparing":
        now = prepared(alice, draft_id)
        turns += 1
        if now.cutting:
            assert (now.cutting, now.total) == ("Notes", 100)
            told.append(now.done)
    assert len(told) > 2
    assert told == sorted(set(told))
    assert turns == len(SENTENCES) // making.BATCH + 1
    assert len(set(woken)) == 1
    while (now := prepared(alice, draft_id)).done < now.total:
        pass
    names = [path.name for path in (files.folder_of(draft_id) / source_id).glob("vectors-*")]
    assert len(names) == 1


@pytest.mark.usefixtures("worker")
def test_many_pages_are_cut_by_meaning_in_turns(
    api: KnowledgeApi, alice: Actor, monkeypatch: pytest.MonkeyPatch, woken: list[str]
) -> None:
    """What was made for the pages before is still there in the next turn."""
    draft_id = api.new_draft(chunking_config={"strategy": "semantic"})
    pages = [[f"Part {at}, line {n} of it." for n in range(making.BATCH)] for at in range(8)]
    api.upload(draft_id, manual__pdf=pdf(*(lines(*each) for each in pages)))
    api.read(draft_id)
    monkeypatch.setattr(making, "TURN", 0.0)
    turns = 0
    while api.get(f"/draft/{draft_id}/preview").json()["status"] == "preparing":
        prepared(alice, draft_id)
        turns += 1
        assert turns < 3 * len(pages)
    assert turns > 2
    assert woken


@pytest.fixture
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drafts of which five chunks are looked at."""
    monkeypatch.setattr(preparing, "MOST_CHUNKS", 5)
    monkeypatch.setattr(making, "MOST_CHUNKS", 5)


@pytest.mark.usefixtures("_few")
def test_of_too_many_chunks_the_first_are_shown_and_all_are_indexed(
    api: KnowledgeApi, alice: Actor, client: Client
) -> None:
    draft_id = api.new_draft(chunking_config=SMALL)
    for at in (0, 3, 6):
        api.add_text(draft_id, "\n\n".join(SENTENCES[at : at + 3]))
    now = prepared(alice, draft_id)
    assert (now.done, now.total, now.more) == (5, 5, True)

    preview = api.get(f"/draft/{draft_id}/preview").json()
    assert (preview["total_chunks_estimated"], preview["more_chunks"]) == (5, True)
    assert preview["status"] == "preview"
    found = api.post(f"/draft/{draft_id}/search", {"query": "part number 4"}).json()
    assert found["embedded_chunks"] == found["total_chunks"] == 5

    told = "more chunks than can be looked at"
    place = f"/w/{alice.workspace.slug}/kb/draft/{draft_id}/chunk-list/"
    assert told in signed_in(client, alice).get(place).content.decode()
    warnings = api.post(f"/draft/{draft_id}/validate").json()["warnings"]
    assert any(told in warning for warning in warnings)

    work.run(UUID(api.deployed(draft_id)))
    assert Chunk.objects.count() == 9


@pytest.mark.usefixtures("_few")
def test_a_draft_with_as_many_chunks_as_are_shown_is_whole(api: KnowledgeApi, alice: Actor) -> None:
    draft_id = api.new_draft(chunking_config=SMALL)
    api.add_text(draft_id, "\n\n".join(SENTENCES[:5]))
    assert not prepared(alice, draft_id).more
    assert api.get(f"/draft/{draft_id}/preview").json()["more_chunks"] is False


def test_a_question_reads_the_words_that_a_worker_has_kept(
    api: KnowledgeApi, alice: Actor, monkeypatch: pytest.MonkeyPatch, woken: list[str]
) -> None:
    draft_id = api.new_draft(chunking_config=SMALL)
    api.add_text(draft_id, TEXT)
    preparing.run(alice.workspace_id, draft_id)
    question = {"query": "How is part number 42 cleaned?"}
    before = api.post(f"/draft/{draft_id}/search", question).json()
    assert "number 42 " in before["results"][0]["content"]

    def refused(_passages: object) -> None:
        raise AssertionError("the texts were read again")

    monkeypatch.setattr(words, "of_passages", refused)
    assert api.post(f"/draft/{draft_id}/search", question).json() == before
    copy = creating.duplicate(alice, draft_types.get("kb"), draft_id)
    after = api.post(f"/draft/{copy.id}/search", question).json()
    assert after["results"] == before["results"]

    # What was changed is not there until a worker has read it.
    woken.clear()
    api.patch(f"/draft/{draft_id}/sources/{api.sources(draft_id)[0]['id']}", {"name": "Machine"})
    now = api.post(f"/draft/{draft_id}/search", question).json()
    assert (now["results"], now["embedded_chunks"]) == ([], 0)
    assert now["total_chunks"] == before["total_chunks"]
    assert woken == [draft_id]


def test_questions_that_are_tried_too_often_are_refused(
    api: KnowledgeApi, alice: Actor, client: Client, settings: Settings
) -> None:
    settings.PREVIEWS_PER_MINUTE = 1
    draft_id = api.new_draft()
    assert api.post(f"/draft/{draft_id}/search", {"query": "cleaned?"}).status_code == 200
    assert api.post(f"/draft/{draft_id}/search", {"query": "cleaned?"}).status_code == 429
    place = f"/w/{alice.workspace.slug}/kb/draft/{draft_id}/try/?q=cleaned"
    pages = [signed_in(client, alice).get(place).content.decode() for _ in range(2)]
    assert ["At most 1 questions" in page for page in pages] == [False, True]


def test_few_questions_are_tried_at_once(
    api: KnowledgeApi, alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "_tried", Places(2, 1))
    monkeypatch.setattr(limits, "PATIENCE", 0.1)
    draft_id = api.new_draft()
    with limits.in_turn(uuid4()):
        answer = api.post(f"/draft/{draft_id}/search", {"query": "cleaned?"})
    assert answer.status_code == 200, "that is another workspace's"
    with limits.in_turn(alice.workspace_id):
        answer = api.post(f"/draft/{draft_id}/search", {"query": "cleaned?"})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]
    assert api.post(f"/draft/{draft_id}/search", {"query": "cleaned?"}).status_code == 200
