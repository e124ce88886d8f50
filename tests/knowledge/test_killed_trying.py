"""Work on a draft whose worker is killed, and the next one: what was made is kept, and is there
once."""

from __future__ import annotations

import json
import signal
from collections import Counter
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from common import lost_workers
from drafts.access import open_draft
from drafts.types import draft_types
from knowledge.beside import cuts, files, runs
from knowledge.indexing import work
from knowledge.models import Chunk, Embedding
from knowledge.questions import evaluating, writing
from knowledge.trying import making, preparing
from knowledge.trying.asking import chunks_of, searchable
from tests.knowledge.killing import later, work_elsewhere, work_here
from tests.servers.model import Reply
from tests.support.forms import Forms
from tests.support.people import signed_in

if TYPE_CHECKING:
    from django.test import Client

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
FACTS = {
    "warranty": "The warranty lasts two years from the day of purchase, where it is used at home.",
    "descaling": "Descale the machine every three months and use citric acid, never any vinegar.",
    "shipping": "Parcels leave the warehouse every morning and take three days until they arrive.",
}
QUESTIONS = [
    {"id": f"q_{name}", "question": f"What of the {name}?", "expected": text}
    for name, text in FACTS.items()
]


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


def test_cutting_by_meaning_goes_on_where_it_was_killed(killed: Killed) -> None:
    killed.api.patch(f"/draft/{killed.draft_id}", {"data": {"chunking_config": BY_MEANING}})
    for name, part in {"First": SENTENCES[:FIRST], "Second": SENTENCES[FIRST:]}.items():
        killed.api.add_text(killed.draft_id, " ".join(part), name)
    assert chunks_of(killed.draft).waiting
    killed.kill(preparing.TASK, "preparing.embedded")
    assert chunks_of(killed.draft).waiting
    work_here(killed.told(preparing.TASK))

    found = searchable(killed.draft)
    assert found is not None
    assert found.is_whole
    said = " ".join(each.chunk.text for each in found.chunks)
    assert [said.count(sentence) for sentence in SENTENCES] == [1] * len(SENTENCES)
    twice = [text for text, many in killed.embedded.items() if many > 1]
    assert len(twice) == making.BATCH
    assert sum("vectors-" in name for name in killed.files) == 2, "those of sentences are gone"


LOST = "It was interrupted 1 times. Try again."


@pytest.fixture
def _one_may_be_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lost_workers, "MOST", 1)


@pytest.mark.usefixtures("_one_may_be_lost")
@pytest.mark.parametrize("way", ["a person", "another text"])
def test_a_draft_that_too_many_workers_are_lost_over_is_prepared_no_more(
    killed: Killed, client: Client, alice: Actor, way: str
) -> None:
    api, draft_id = killed.api, killed.draft_id
    api.add_text(draft_id, "\n\n".join(SENTENCES[:FIRST]), "First")
    assert chunks_of(killed.draft).waiting
    killed.kill(preparing.TASK, "preparing.embedded")
    preparing.wake(alice.workspace_id, draft_id)
    before = killed.embedded
    work_here(killed.told(preparing.TASK))
    assert killed.embedded == before
    told = preparing.progress(draft_id)
    assert told is not None
    assert told.error == LOST
    chunks = f"/w/acme/kb/draft/{draft_id}/chunk-list/"
    page = signed_in(client, alice).get(chunks).content.decode()
    assert LOST in page

    if way == "a person":
        assert Forms(page).sent["Try again"]["op"] == "retry"
        client.post(f"/w/acme/kb/draft/{draft_id}/chunk-edits/", {"op": "retry"})
    else:
        api.add_text(draft_id, "Another text.", "Second")
        assert chunks_of(killed.draft).waiting
    work_here(killed.told(preparing.TASK))
    told = preparing.progress(draft_id)
    assert told is not None
    assert (told.error, told.done) == ("", told.total)


class Evaluated:
    """A draft whose questions are asked, and that was asked them once already."""

    def __init__(self, killed: Killed) -> None:
        self.killed, self.path = killed, f"/draft/{killed.draft_id}"
        for name, text in FACTS.items():
            killed.api.add_text(killed.draft_id, text, name)
        killed.api.patch(self.path, {"data": {"test_questions": QUESTIONS}})
        assert self.begun() == 202
        work_here(killed.told(evaluating.TASK))
        self.at_first = self.told["run"]

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = self.killed.api.get(f"{self.path}/evaluation").json()
        return found

    def begun(self) -> int:
        return int(self.killed.api.post(f"{self.path}/evaluate").status_code)


@pytest.fixture
def evaluated(killed: Killed) -> Evaluated:
    return Evaluated(killed)


@pytest.mark.parametrize("point", ["evaluating.asked", "evaluating.found", "evaluating.kept"])
def test_an_evaluation_comes_to_its_end(point: str, evaluated: Evaluated) -> None:
    killed = evaluated.killed
    assert evaluated.begun() == 202
    killed.kill(evaluating.TASK, point)
    assert evaluated.told["status"] == "running"

    work_here(killed.told(evaluating.TASK))  # whoever looks has it gone on with
    told = evaluated.told
    assert (told["status"], told["done"], told["total"]) == ("done", 3, 3)
    assert told["run"] | {"at": ""} == evaluated.at_first | {"at": ""}
    many = [killed.embedded[each["question"]] for each in QUESTIONS]
    assert many == [2 if point == "evaluating.asked" else 3, 3, 3], "what was told is not asked"
    assert len(runs.runs(killed.draft_id)) == 2, "one for each time that it was asked for"

    assert evaluated.begun() == 202
    work_here(killed.told(evaluating.TASK))
    assert evaluated.told["status"] == "done"
    assert len(runs.runs(killed.draft_id)) == 3


def test_who_asks_for_an_evaluation_again_has_it_gone_on_with(evaluated: Evaluated) -> None:
    killed = evaluated.killed
    assert evaluated.begun() == 202
    killed.kill(evaluating.TASK, "evaluating.asked")
    assert evaluated.begun() == 409
    work_here(killed.told(evaluating.TASK))
    assert evaluated.begun() == 202


def test_an_evaluation_is_stopped_whose_worker_was_killed(evaluated: Evaluated) -> None:
    killed = evaluated.killed
    assert evaluated.begun() == 202
    killed.kill(evaluating.TASK, "evaluating.asked")
    assert killed.api.post(f"{evaluated.path}/evaluation/cancel").status_code == 200
    assert evaluated.told["status"] == "stopped"
    assert killed.sent == []
    assert evaluated.begun() == 202
    work_here(killed.told(evaluating.TASK))
    assert evaluated.told["status"] == "done"
    assert len(runs.runs(killed.draft_id)) == 2


@pytest.mark.usefixtures("_one_may_be_lost")
def test_an_evaluation_that_too_many_workers_are_lost_over_has_failed(evaluated: Evaluated) -> None:
    killed = evaluated.killed
    assert evaluated.begun() == 202
    killed.kill(evaluating.TASK, "evaluating.asked")
    assert evaluated.told["status"] == "running"
    work_here(killed.told(evaluating.TASK))
    assert (evaluated.told["status"], evaluated.told["error"]) == ("failed", LOST)
    assert killed.sent == []

    assert evaluated.begun() == 202
    work_here(killed.told(evaluating.TASK))
    assert evaluated.told["status"] == "done"


class Written:
    """A draft about whose passages the model writes questions."""

    def __init__(self, killed: Killed) -> None:
        self.killed, self.path = killed, f"/draft/{killed.draft_id}"
        for name, text in FACTS.items():
            killed.api.add_text(killed.draft_id, text, name)
            killed.model.when(text, json.dumps({"question": f"The {name}?", "answer": text}))
        assert chunks_of(killed.draft).waiting
        work_here(killed.told(preparing.TASK))
        assert killed.api.post(f"{self.path}/questions/make", {"count": 5}).status_code == 202

    @property
    def status(self) -> str:
        return str(self.killed.api.get(f"{self.path}/questions/make").json()["status"])

    @property
    def questions(self) -> list[str]:
        there = self.killed.draft.data.get("test_questions", [])
        return [each["question"] for each in there]

    @property
    def asked(self) -> int:
        """How often the model was asked for a question."""
        return sum(each.path.endswith("/chat/completions") for each in self.killed.model.requests)


@pytest.fixture
def written(killed: Killed) -> Written:
    return Written(killed)


@pytest.mark.parametrize(
    ("point", "asked"), [("writing.said", 4), ("writing.told", 3), ("writing.added", 3)]
)
def test_every_question_is_written_once(point: str, asked: int, written: Written) -> None:
    killed = written.killed
    killed.kill(writing.TASK, point)
    assert written.status == "running"
    work_here(killed.told(writing.TASK))  # whoever looks has it gone on with
    assert written.status == "done"
    assert written.questions == [f"The {name}?" for name in FACTS]
    assert written.asked == asked, "what was told was not asked for again"
    killed.api.post(f"{written.path}/undo")
    assert written.questions == []


def test_what_is_written_after_a_failure_and_a_death_is_not_lost(written: Written) -> None:
    """The model fails, what was written before is added, and just then the worker is killed."""
    killed = written.killed
    rules = list(killed.model.rules)
    killed.model.rules[1:1] = [(FACTS["descaling"], Reply(status=401))]
    killed.kill(writing.TASK, "writing.added")
    assert written.questions == ["The warranty?"]
    killed.model.rules[:] = rules
    # Whoever asks for questions again has it gone on with.
    assert killed.api.post(f"{written.path}/questions/make", {"count": 5}).status_code == 409
    work_here(killed.told(writing.TASK))
    assert written.status == "done"
    assert written.questions == [f"The {name}?" for name in FACTS]


def test_what_was_written_is_added_when_it_is_stopped(written: Written) -> None:
    killed = written.killed
    killed.kill(writing.TASK, "writing.told")
    answer = killed.api.post(f"{written.path}/questions/make/cancel")
    assert answer.json() == {"added": 1, "questions": 1}
    assert killed.api.post(f"{written.path}/questions/make", {"count": 5}).status_code == 202
    work_here(killed.told(writing.TASK))
    assert (written.status, len(written.questions), written.asked) == ("done", 3, 3)


@pytest.mark.usefixtures("_one_may_be_lost")
def test_writing_that_too_many_workers_are_lost_over_has_failed(written: Written) -> None:
    killed = written.killed
    killed.kill(writing.TASK, "writing.told")
    assert written.status == "running"
    work_here(killed.told(writing.TASK))
    told = killed.api.get(f"{written.path}/questions/make").json()
    assert (told["status"], told["error"].startswith(LOST)) == ("failed", True)
    assert killed.sent == []

    # What was written before is added when somebody asks again.
    assert killed.api.post(f"{written.path}/questions/make", {"count": 5}).status_code == 202
    assert written.questions == ["The warranty?"]
    work_here(killed.told(writing.TASK))
    assert written.status == "done"
