"""What people make of chunks: written, split, merged, left out; undone, and kept across cuts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from common.problems import Problem
from drafts.access import open_draft
from drafts.types import draft_types
from knowledge import chunk_editing
from knowledge.chunk_editing import Spot
from knowledge.trying import chunks_of
from tests.knowledge.client import wait

if TYPE_CHECKING:
    from knowledge.trying import DraftChunk
    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("worker")
PARAGRAPHS = [f"Paragraph {n} says something about topic {n}. " * 12 for n in range(4)]


class Chunks:
    """The chunks of a draft, as one would work on them."""

    def __init__(self, api: KnowledgeApi, actor: Actor) -> None:
        self.api, self.actor = api, actor
        self.draft_id = api.new_draft()
        text = "\n\n".join(f"# Topic {n}\n\n{p}" for n, p in enumerate(PARAGRAPHS))
        self.source_id = api.add_text(self.draft_id, text)["id"]
        wait(lambda: bool(self.found))

    @property
    def draft(self) -> Any:
        return open_draft(self.actor, draft_types.get("kb"), self.draft_id)

    @property
    def found(self) -> list[DraftChunk]:
        prepared = chunks_of(self.draft)
        return [] if prepared.waiting else prepared.chunks

    @property
    def texts(self) -> list[str]:
        return [each.chunk.text for each in self.found if each.enabled]

    def spot(self, at: int) -> Spot:
        return Spot(self.source_id, at, self.found[at].digest)


@pytest.fixture
def chunks(api: KnowledgeApi, alice: Actor) -> Chunks:
    return Chunks(api, alice)


def test_a_chunk_is_written_split_merged_and_left_out(chunks: Chunks, alice: Actor) -> None:
    before = chunks.texts
    chunk_editing.write(alice, chunks.draft, chunks.spot(0), "First half.\n---\nSecond half.")
    assert chunks.texts == ["First half.", "Second half.", *before[1:]]

    chunk_editing.write(alice, chunks.draft, chunks.spot(1), "The second half.")
    assert chunks.texts[:2] == ["First half.", "The second half."]

    chunk_editing.merge(alice, chunks.draft, chunks.spot(1))
    assert chunks.texts[:2] == ["First half.", f"The second half.\n\n{before[1]}"]
    assert chunks.texts[2:] == before[2:]

    chunk_editing.reset(alice, chunks.draft, chunks.spot(0))
    assert chunks.texts == before

    chunk_editing.switch(alice, chunks.draft, chunks.spot(2))
    assert chunks.texts == before[:2] + before[3:]
    chunk_editing.switch(alice, chunks.draft, chunks.spot(2))
    assert chunks.texts == before
    assert chunks.draft.data.get("chunk_edits", []) == []


def test_an_edit_is_undone_like_any_change(chunks: Chunks, alice: Actor, api: KnowledgeApi) -> None:
    before = chunks.texts
    chunk_editing.write(alice, chunks.draft, chunks.spot(0), "Something else.")
    api.post(f"/draft/{chunks.draft_id}/undo")
    assert chunks.texts == before


def test_what_was_made_of_chunks_is_what_is_indexed(
    chunks: Chunks, alice: Actor, api: KnowledgeApi
) -> None:
    chunk_editing.write(alice, chunks.draft, chunks.spot(0), "The capital is Canberra.")
    chunk_editing.switch(alice, chunks.draft, chunks.spot(1))
    left_out = chunks.found[1].chunk.text
    kb_id = api.deployed(chunks.draft_id)
    api.indexed(kb_id)

    assert api.search(kb_id, "Which city is the capital?")[0]["content"] == (
        "The capital is Canberra."
    )
    found = [hit["content"] for hit in api.search(kb_id, "topic 1", top_k=50)]
    assert left_out not in found


def test_an_edit_outlives_another_cut_and_waits_where_it_fits_nowhere(
    chunks: Chunks, alice: Actor, api: KnowledgeApi
) -> None:
    chunk_editing.write(alice, chunks.draft, chunks.spot(0), "Something else.")
    config = {"strategy": "no_chunking"}
    api.patch(f"/draft/{chunks.draft_id}", {"data": {"chunking_config": config}})
    wait(lambda: bool(chunks.found))
    assert [edit.texts for edit in chunks_of(chunks.draft).lost] == [("Something else.",)]

    config = {"strategy": "by_heading"}
    api.patch(f"/draft/{chunks.draft_id}", {"data": {"chunking_config": config}})
    wait(lambda: bool(chunks.found))
    assert chunks.texts[0] == "Something else."


def test_a_chunk_that_changed_meanwhile_is_not_touched(chunks: Chunks, alice: Actor) -> None:
    stale = Spot(chunks.source_id, 0, "0" * 16)
    with pytest.raises(Problem) as raised:
        chunk_editing.switch(alice, chunks.draft, stale)
    assert raised.value.status == 409
    assert chunks.draft.data.get("chunk_edits", []) == []
