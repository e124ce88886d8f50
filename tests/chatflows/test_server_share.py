"""The workspace's share of the server's own model, used up in the midst of runs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from common.problems import Problem
from conversations import preview_runs
from conversations.models import Message
from tests.chatflows.test_subflows import answered, deployed, document, drafted, runs, tried
from tests.servers.model import Reply
from tests.support.at_once import at_once

if TYPE_CHECKING:
    from conversations.answering import Frame
    from tests.servers.model import ModelServer
    from workspaces.access import Actor

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("redis_clean", "connections_returned"),
]
LLM: dict[str, Any] = {"id": "llm1", "type": "llm", "data": {"prompt": "{{input}}"}}
SAY: dict[str, Any] = {"id": "say", "type": "response", "data": {"message": "{{llm1}}"}}
LIMITS = {"max_iterations": 100, "timeout_seconds": 60}


def looping(rounds: int) -> dict[str, Any]:
    """A flow that asks its model once in each of so many rounds."""
    numbers = ",".join(map(str, range(rounds)))
    settings = {"items": f"{{{{[{numbers}]}}}}"}
    made = document("Loop", {"id": "loop1", "type": "loop", "data": settings}, SAY, settings=LIMITS)
    made["nodes"].append(LLM)
    made["edges"] += [
        {"id": "b1", "source": "loop1", "sourceHandle": "body", "target": "llm1"},
        {"id": "b2", "source": "llm1", "target": "loop1"},
    ]
    return made


def agent() -> dict[str, Any]:
    """A flow whose agent has a tool that asks the model too."""
    tool = {"id": "way1", "name": "think", "description": "Thinks."}
    says = {"id": "say", "type": "response", "data": {"message": "{{agent1}}"}}
    made = document("Agent", {"id": "agent1", "type": "agent", "data": {"tools": [tool]}}, says)
    made["nodes"].append(LLM | {"data": {"prompt": "Think"}})
    made["edges"].append({"id": "t", "source": "agent1", "sourceHandle": "way1", "target": "llm1"})
    return made


def check_refused(frame: Frame) -> None:
    """It says what is used up, and when there is more."""
    assert (frame.event, frame.data["code"]) == ("error", "rate-limit")
    assert "messages a day from the server's own model" in frame.data["message"]
    assert "Try again in" in frame.data["message"]
    assert 0 < frame.data["retry_after"] <= 86_400


def test_a_long_loop_ends_where_the_share_does(
    bob: Actor, mallory: Actor, model: ModelServer, settings: Any
) -> None:
    settings.SERVER_MODEL_MESSAGES_PER_DAY = 12
    draft = drafted(bob, looping(100))
    told = tried(bob, draft, "Hi")
    check_refused(told[-1])
    assert len(model.chats) == 12
    (record,) = preview_runs.kept(draft.id)
    steps = [each for each in record["steps"] if each["node_id"] == "llm1"]
    assert len(steps) == 13
    assert "messages a day" in str(steps[-1]["error"])
    live = deployed(mallory, document("Theirs", LLM, SAY))
    assert answered(live, "Hi").event == "done"


def test_tools_that_are_called_at_once_take_no_more_than_is_left(
    bob: Actor, model: ModelServer, settings: Any
) -> None:
    settings.SERVER_MODEL_MESSAGES_PER_DAY = 5
    model.when("Think", "A thought")
    model.reply(Reply(calls=tuple(("think", {}) for _call in range(8))))
    live = deployed(bob, agent())
    check_refused(answered(live, "Hi"))
    assert len(model.chats) == 5
    kept = Message.objects.get(role="assistant")
    assert "messages a day" in kept.error


def test_conversations_at_once_share_it(bob: Actor, model: ModelServer, settings: Any) -> None:
    settings.SERVER_MODEL_MESSAGES_PER_DAY = 7
    inner = deployed(bob, document("Inner", LLM, SAY))
    outer = deployed(bob, document("Outer", LLM, runs(inner), SAY))

    def ask(number: int) -> str:
        try:
            return answered(outer, "Hi", f"s-{number}").event
        except Problem as refused:
            return str(refused.status)

    events = at_once(*(partial(ask, number) for number in range(8)))
    assert len(model.chats) == 7
    assert set(events) <= {"done", "error", "429"}
    assert events.count("done") <= 3
