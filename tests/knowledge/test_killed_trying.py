"""Work on a draft whose worker is killed, and the next one: what was made is kept, and is there
once."""

from __future__ import annotations

import signal
from collections import Counter
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from drafts.access import open_draft
from drafts.types import draft_types
from knowledge.beside import cuts, files
from knowledge.indexing import work
from knowledge.models import Chunk, Embedding
from knowledge.trying import making, preparing
from knowledge.trying.asking import chunks_of, searchable
from tests.knowledge.killing import later, work_elsewhere, work_here

if TYPE_CHECKING:
    from drafts.draft import Draft
    from tests.knowledge.client import KnowledgeApi
    from tests.knowledge.killing import Message
    from tests.servers.model import ModelServer
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = {"strategy": "by_size", "chunk_size": 20, "chunk_overlap": 0}
BY_MEANING = {"strategy": "semantic", "chunk_size": 200, "chunk_overlap": 0}
SENTENCES = [f"Part number {number} of the machine is cleaned with water." for number in range(50)]
FIRST = 20


class Killed:
    """A draft that is embedded by the server of a model, and what workers are told of it."""

    def __init__(
        self,
        api: KnowledgeApi,
        actor: Actor,
        draft_id: str,
        sent: list[Message],
        model: ModelServer,
    ) -> None:
        self.api, self.actor, self.draft_id = api, actor, draft_id
        self.sent, self.model = sent, model

    @property
    def draft(self) -> Draft:
        return open_draft(self.actor, draft_types.get("kb"), self.draft_id)

    @property
    def embedded(self) -> Counter[str]:
        """How often each text was embedded."""
        asked = [r.json for r in self.model.requests if r.path.endswith("/embeddings")]
        return Counter(text for each in asked for text in each["input"])

    def told(self, task: str) -> Message:
        """The newest message about the task; those about others are withdrawn."""
        found = [message for message in self.sent if message[0] == task]
        self.sent.clear()
        return found[-1]

    def kill(self, task: str, point: str) -> None:
        """The worker dies at the point; as long as it still has the draft, no other begins."""
        message = self.told(task)
        assert work_elsewhere(message, point) == -signal.SIGKILL
        before = self.files, self.embedded
        work_here(message)
        assert (self.files, self.embedded) == before
        later()

    @property
    def files(self) -> dict[str, int]:
        """What lies beside the draft, and when it was made."""
        folder = files.folder_of(self.draft_id)
        found = (path for path in folder.rglob("*") if path.is_file())
        return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in found}


@pytest.fixture
def killed(
    api: KnowledgeApi,
    alice: Actor,
    sent: list[Message],
    choice: dict[str, Any],
    model_server: ModelServer,
) -> Killed:
    draft_id = api.new_draft(embedding_config=choice, chunking_config=SMALL)
    return Killed(api, alice, draft_id, sent, model_server)


@pytest.mark.parametrize("point", ["preparing.cut", "preparing.embedded", "preparing.kept"])
def test_every_chunk_is_there_once_with_its_vector(point: str, killed: Killed) -> None:
    api, draft_id = killed.api, killed.draft_id
    for name, part in {"First": SENTENCES[:FIRST], "Second": SENTENCES[FIRST:]}.items():
        api.add_text(draft_id, "\n\n".join(part), name)
    assert chunks_of(killed.draft).waiting
    killed.kill(preparing.TASK, point)
    made = killed.files
    assert sum("cut-" in name for name in made) == 2
    assert not chunks_of(killed.draft).waiting
    assert killed.sent == []

    # Whoever asks it has it prepared to the end.
    assert api.post(f"/draft/{draft_id}/search", {"query": "number 42"}).status_code == 200
    work_here(killed.told(preparing.TASK))
    assert killed.sent == []

    chunks = chunks_of(killed.draft).chunks
    assert [each.chunk.text for each in chunks] == SENTENCES
    found = searchable(killed.draft)
    assert found is not None
    assert found.is_whole
    for source_id, many in Counter(each.part.source_id for each in chunks).items():
        assert len(cuts.vectors_of(draft_id, source_id, chunks[0].part.space)) == many
    told = preparing.progress(draft_id)
    assert told is not None
    assert (told.done, told.total) == (len(SENTENCES), len(SENTENCES))
    assert made.items() <= killed.files.items(), "what was kept was not made again"
    assert not any(".part" in name for name in killed.files)
    # A batch was embedded, and its worker had not yet kept it.
    again = making.BATCH if point == "preparing.embedded" else 0
    assert Counter(killed.embedded.values()) == Counter(
        {1: len(SENTENCES) - again, **({2: again} if again else {})}
    )

    before = killed.embedded
    work.run(UUID(api.deployed(draft_id)))
    assert Chunk.objects.count() == Embedding.objects.count() == len(SENTENCES)
    assert killed.embedded == before, "the index takes over what was embedded"


@pytest.mark.parametrize("point", ["preparing.embedded", "preparing.kept"])
def test_cutting_by_meaning_goes_on_where_it_was_killed(point: str, killed: Killed) -> None:
    killed.api.patch(f"/draft/{killed.draft_id}", {"data": {"chunking_config": BY_MEANING}})
    for name, part in {"First": SENTENCES[:FIRST], "Second": SENTENCES[FIRST:]}.items():
        killed.api.add_text(killed.draft_id, " ".join(part), name)
    assert chunks_of(killed.draft).waiting
    killed.kill(preparing.TASK, point)
    assert chunks_of(killed.draft).waiting
    work_here(killed.told(preparing.TASK))

    found = searchable(killed.draft)
    assert found is not None
    assert found.is_whole
    said = " ".join(each.chunk.text for each in found.chunks)
    assert [said.count(sentence) for sentence in SENTENCES] == [1] * len(SENTENCES)
    twice = [text for text, many in killed.embedded.items() if many > 1]
    assert len(twice) == (making.BATCH if point == "preparing.embedded" else 0)
    assert sum("vectors-" in name for name in killed.files) == 2, "those of sentences are gone"
