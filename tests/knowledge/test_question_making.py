"""Test questions that a model writes about a draft's passages, with a real worker and server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from common.limits import count
from common.problems import Problem
from conversations.limits import of_server_work
from drafts import jobs
from drafts.access import open_draft
from drafts.types import draft_types
from knowledge.questions import writing
from knowledge.schema import MOST_QUESTIONS
from knowledge.trying.asking import chunks_of
from tests.knowledge.client import wait
from tests.servers.model import Reply
from workspaces import credentials

if TYPE_CHECKING:
    from drafts.draft import Draft
    from tests.knowledge.client import KnowledgeApi
    from tests.servers.model import ModelServer
    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("worker")
FACTS = {
    "warranty": "The warranty lasts two years from the day of purchase, where it is used at home.",
    "descaling": "Descale the machine every three months and use citric acid, never any vinegar.",
    "shipping": "Parcels leave the warehouse every morning and take three days until they arrive.",
}


class Asked:
    """A draft of three sources, one fact each."""

    def __init__(self, api: KnowledgeApi, actor: Actor) -> None:
        self.api, self.actor = api, actor
        self.draft_id = api.new_draft()
        self.sources = {n: api.add_text(self.draft_id, t, n)["id"] for n, t in FACTS.items()}
        wait(lambda: not chunks_of(self.draft).waiting)

    @property
    def draft(self) -> Draft:
        return open_draft(self.actor, draft_types.get("kb"), self.draft_id)

    @property
    def questions(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.draft.data.get("test_questions", [])
        return found

    @property
    def status(self) -> str:
        job = writing.looked_after(self.draft)
        return job.status if job else ""


@pytest.fixture
def asked(api: KnowledgeApi, alice: Actor) -> Asked:
    return Asked(api, alice)


@pytest.fixture
def model_of_acme(model_server: ModelServer, alice: Actor) -> ModelServer:
    """The model server, as a credential of Alice's workspace."""
    values = {"base_url": model_server.url, "api_key": "sk-test"}
    credentials.create(alice, name="Model", kind="llm", values=values)
    return model_server


def about(name: str, sentence: str = "") -> str:
    return json.dumps({"question": f"What of the {name}?", "answer": sentence or FACTS[name]})


def test_questions_are_written_added_and_undone_at_once(
    asked: Asked, model_of_acme: ModelServer, api: KnowledgeApi
) -> None:
    model_of_acme.when("two years", about("warranty"))
    model_of_acme.when("citric acid", about("descaling", "Use vinegar."))  # not in the passage
    model_of_acme.when("three days", about("shipping"))
    writing.begin(asked.actor, asked.draft, 5)
    wait(lambda: asked.status == jobs.DONE)

    assert [(q["question"], q["expected"], q["source_id"]) for q in asked.questions] == [
        ("What of the warranty?", FACTS["warranty"], asked.sources["warranty"]),
        ("What of the shipping?", FACTS["shipping"], asked.sources["shipping"]),
    ]
    prompt = model_of_acme.chats[0].prompt
    assert '<passage number="1"' in prompt

    api.post(f"/draft/{asked.draft_id}/undo")
    assert asked.questions == []


def test_passages_that_have_a_question_are_not_asked_about_again(
    asked: Asked, model_of_acme: ModelServer
) -> None:
    model_of_acme.when("two years", about("warranty"))
    writing.begin(asked.actor, asked.draft, 5)
    wait(lambda: asked.status == jobs.DONE)
    before = len(model_of_acme.chats)
    writing.begin(asked.actor, asked.draft, 5)
    wait(lambda: asked.status == jobs.FAILED)
    assert len(model_of_acme.chats) == before + 2
    job = writing.looked_after(asked.draft)
    assert job is not None
    assert "no question whose answer" in job.error


def test_stopping_keeps_what_was_written(asked: Asked, model_of_acme: ModelServer) -> None:
    model_of_acme.when("two years", about("warranty"))
    model_of_acme.when("citric acid", Reply(hang=True))
    writing.begin(asked.actor, asked.draft, 5)

    def done() -> int:
        job = writing.looked_after(asked.draft)
        return job.done if job else 0

    wait(lambda: done() == 1)
    assert writing.stop(asked.actor, asked.draft) == 1
    assert len(asked.questions) == 1
    assert asked.status == jobs.STOPPED
    with pytest.raises(Problem):
        writing.stop(asked.actor, asked.draft)


def full() -> list[dict[str, str]]:
    """As many questions as a draft holds."""
    return [
        {"id": f"q_{n}", "question": f"Question {n}?", "expected": f"Answer {n}."}
        for n in range(MOST_QUESTIONS)
    ]


@pytest.mark.parametrize("by", ["stopping", "itself"])
def test_what_cannot_be_added_is_kept_until_it_can(
    asked: Asked, model_of_acme: ModelServer, api: KnowledgeApi, by: str
) -> None:
    model_of_acme.when("two years", about("warranty"))
    slow = Reply(hang=True) if by == "stopping" else Reply("None.", first_token_ms=1500)
    model_of_acme.when("citric acid", slow)
    writing.begin(asked.actor, asked.draft, 5)
    wait(lambda: bool((job := writing.looked_after(asked.draft)) and job.done == 1))
    api.patch(f"/draft/{asked.draft_id}", {"data": {"test_questions": full()}})
    if by == "stopping":
        with pytest.raises(Problem, match="is kept"):
            writing.stop(asked.actor, asked.draft)
    else:
        wait(lambda: asked.status == jobs.FAILED)

    api.patch(f"/draft/{asked.draft_id}", {"data": {"test_questions": []}})
    writing.begin(asked.actor, asked.draft, 5)
    assert [each["question"] for each in asked.questions] == ["What of the warranty?"]


def test_what_was_written_before_the_model_failed_is_kept(
    asked: Asked, model_of_acme: ModelServer
) -> None:
    model_of_acme.when("two years", about("warranty"))
    model_of_acme.when("citric acid", Reply(status=401))
    writing.begin(asked.actor, asked.draft, 5)
    wait(lambda: asked.status == jobs.FAILED)
    assert len(asked.questions) == 1


def test_without_a_model_it_says_so(asked: Asked) -> None:
    with pytest.raises(Problem) as raised:
        writing.begin(asked.actor, asked.draft, 5)
    assert raised.value.status == 409
    assert "No language model is configured" in raised.value.detail


def test_what_the_servers_model_writes_counts_as_messages(
    asked: Asked, model: ModelServer, settings: Any
) -> None:
    settings.SERVER_MODEL_MESSAGES_PER_DAY = 2
    for name, words in (("warranty", "two years"), ("descaling", "acid"), ("shipping", "morning")):
        model.when(words, about(name))
    assert asked.actor.user
    data = {"user": asked.actor.user.pk, "count": 5, "left": None, "made": []}
    job = jobs.begin(asked.draft_id, writing.JOB, data)
    # In this process, which knows of the server's model.
    writing.run(asked.actor.workspace_id, asked.draft_id, job.attempt)
    ended = writing.looked_after(asked.draft)
    assert ended
    assert (ended.status, len(model.chats)) == (jobs.FAILED, 2)
    assert "2 messages a day" in ended.error
    assert len(asked.questions) == 2, "what was written before is kept"

    with pytest.raises(Problem, match="2 messages a day") as refused:
        writing.begin(asked.actor, asked.draft, 5)
    assert refused.value.status == 429


def test_what_a_credential_pays_for_is_not_counted(
    asked: Asked, model_of_acme: ModelServer, settings: Any
) -> None:
    settings.SERVER_MODEL_MESSAGES_PER_DAY = 1
    count(of_server_work(asked.actor.workspace_id))
    model_of_acme.when("two years", about("warranty"))
    writing.begin(asked.actor, asked.draft, 5)
    wait(lambda: asked.status == jobs.DONE)
    assert len(model_of_acme.chats) == 3


def test_a_client_has_questions_written_and_takes_them_out(
    api: KnowledgeApi, asked: Asked, model_of_acme: ModelServer
) -> None:
    model_of_acme.when("two years", about("warranty"))
    path = f"/draft/{asked.draft_id}/questions"
    assert api.get(f"{path}/make").json()["status"] == "none"
    assert api.post(f"{path}/make/cancel").status_code == 409
    assert api.post(f"{path}/make", {"count": 0}).status_code == 422
    begun = api.post(f"{path}/make", {"count": 3})
    assert (begun.status_code, begun.json()["status"]) == (202, "running")
    wait(lambda: api.get(f"{path}/make").json()["status"] != "running")
    assert api.get(f"{path}/make").json()["status"] == "done", api.get(f"{path}/make").json()
    file = api.get(f"{path}/export")
    lines = file.getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "question,expected,source"
    assert lines[1].startswith("What of the warranty?,")
    assert api.post(f"/draft/{asked.draft_id}/evaluation/cancel").status_code == 409
