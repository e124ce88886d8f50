"""Nodes that ask, or hand over to a person, where nobody is there."""

from __future__ import annotations

from typing import Any

import pytest

from chatflows.checking import problems
from chatflows.drawn import drawing_of

COLLECT = ("collect_input", {"question": "Who?"})
BUTTONS = ("buttons", {"message": "Which?", "buttons": [{"id": "a", "label": "A"}]})
HANDOFF: tuple[str, dict[str, Any]] = ("handoff", {})
SCHEDULE = {"trigger_type": "schedule"}
WEBHOOK = {"trigger_type": "webhook"}
AT_ONCE = {"trigger_type": "webhook", "respond": "at_once"}


def told(start: dict[str, Any], asking: tuple[str, dict[str, Any]]) -> list[tuple[str, str, str]]:
    """What is wrong with a node that comes after a start, and before a response."""
    kind, data = asking
    handle = "a" if kind == "buttons" else ""
    document = {
        "nodes": [
            {"id": "start", "type": "trigger", "data": start},
            {"id": "ask", "type": kind, "data": data},
            {"id": "end", "type": "response", "data": {"message": "{{ask}}"}},
        ],
        "edges": [
            {"id": "1", "source": "start", "target": "ask"},
            {"id": "2", "source": "ask", "target": "end", "sourceHandle": handle},
        ],
    }
    return [(each.severity, each.path, each.message) for each in problems(drawing_of(document))]


@pytest.mark.parametrize("asking", [COLLECT, BUTTONS])
@pytest.mark.parametrize(
    ("start", "words"),
    [
        (SCHEDULE, "When the schedule starts the flow, nobody is there to answer this."),
        (AT_ONCE, "The webhook answers its caller at once: nobody hears this question."),
    ],
)
def test_a_question_that_nobody_hears(
    start: dict[str, Any], asking: tuple[str, dict[str, Any]], words: str
) -> None:
    assert told(start, asking) == [("warning", "nodes.ask", words)]


@pytest.mark.parametrize("asking", [COLLECT, BUTTONS, HANDOFF])
def test_in_the_chat_everything_may_ask(asking: tuple[str, dict[str, Any]]) -> None:
    issues = [words for _severity, _path, words in told({}, asking)]
    assert [each for each in issues if "leads nowhere" not in each] == []


def test_a_caller_that_hears_the_question_can_answer_it() -> None:
    assert told(WEBHOOK, COLLECT) == []


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (
            SCHEDULE,
            "When the schedule starts the flow, nobody is there whom a person could talk to.",
        ),
        (WEBHOOK, "Whoever calls the webhook does not hear what a person says."),
        (AT_ONCE, "Whoever calls the webhook does not hear what a person says."),
    ],
)
def test_a_person_who_talks_to_nobody(start: dict[str, Any], words: str) -> None:
    assert told(start, HANDOFF) == [("warning", "nodes.ask", words)]


def test_a_person_cannot_take_over_in_the_midst_of_what_a_node_runs() -> None:
    document = {
        "nodes": [
            {"id": "start", "type": "trigger"},
            {"id": "each", "type": "parallel", "data": {"items": "{{split(input, ',')}}"}},
            {"id": "loop", "type": "loop", "data": {"items": "{{[1]}}"}},
            {"id": "person", "type": "handoff"},
            {"id": "end", "type": "response", "data": {"message": "Done"}},
        ],
        "edges": [
            {"id": "1", "source": "start", "target": "each"},
            {"id": "2", "source": "each", "target": "loop", "sourceHandle": "body"},
            {"id": "3", "source": "loop", "target": "person", "sourceHandle": "body"},
            {"id": "4", "source": "each", "target": "end"},
        ],
    }
    found = [(each.path, each.message) for each in problems(drawing_of(document))]
    words = "Parallel each runs this node, and what it runs cannot wait for a person."
    assert found == [("nodes.person", words)]
