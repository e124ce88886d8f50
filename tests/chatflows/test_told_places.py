"""What the log of a run says of faults and of decisions: where, and because of what."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from chatflows.tracing import LONGEST_READ, finished
from conversations.turn import Failed, Traced
from tests.chatflows.executor.flows import flow, ran
from tests.chatflows.test_assistant import converse

START: tuple[str, dict[str, Any]] = ("trigger", {})


def drawn(*nodes: dict[str, Any]) -> dict[str, Any]:
    """A flow of ``nodes``, one after the other."""
    edges = [
        {"id": f"e{n}", "source": one["id"], "target": other["id"]}
        for n, (one, other) in enumerate(pairwise(nodes))
    ]
    return {"nodes": list(nodes), "edges": edges, "variables": []}


async def test_a_fault_names_node_setting_column_and_what_was_found() -> None:
    start = {"id": "start", "type": "trigger", "data": {}}
    told = {"id": "answer", "type": "response", "data": {"message": "abc {{ input * 2 }}"}}
    events = await converse(drawn(start, told), "hello")
    words = "Message, column 14: *: a number is needed, and this is the text 'hello'."
    assert isinstance(events[-1], Failed)
    assert events[-1].message == f"Response answer: {words}"
    (step,) = [e.data for e in events if isinstance(e, Traced) and e.data.get("error")]
    assert (step["error"], step["field"], step["column"]) == (words, "message", 14)


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("loop", {"items": "{{input}}"}, "List: A list is needed, and this is the text 'Hi'."),
        (
            "switch",
            {"cases": [{"id": "a", "condition": "input - 1 > 0"}]},
            "Condition of a in “Cases”, column 7: -: a number is needed",
        ),
        (
            "template",
            {"fields": [{"name": "half", "value": "{{input / 2}}"}]},
            "Value of half in “Values”, column 9: /: a number is needed",
        ),
    ],
)
def test_a_place_is_called_as_the_form_calls_it(
    kind: str, data: dict[str, Any], words: str
) -> None:
    (_start, step) = ran(flow({"start": START, "it": (kind, data)}, "start->it")).steps
    assert step.error.startswith(words)


NODES = {
    "start": START,
    "llm1": ("template", {"template": "x", "fields": [{"name": "intent", "value": "billing"}]}),
}


@pytest.mark.parametrize(
    ("kind", "data", "read"),
    [
        ("condition", {"condition": "{{llm1.intent}} == 'billing'"}, {"llm1.intent": "billing"}),
        ("condition", {"condition": "missing.part"}, {"missing.part": None}),
        (
            "switch",
            {
                "cases": [
                    {"id": "a", "condition": "input == 'x'"},
                    {"id": "b", "condition": "llm1.intent in ['billing']"},
                    {"id": "c", "condition": "llm1"},
                ]
            },
            {"input": "Hi", "llm1.intent": "billing"},
        ),
        ("loop", {"mode": "while", "condition": "llm1 == 'y'"}, {"llm1": "x"}),
    ],
)
def test_a_decision_is_told_with_what_it_read(
    kind: str, data: dict[str, Any], read: dict[str, Any]
) -> None:
    made = flow({**NODES, "it": (kind, data)}, "start->llm1 llm1->it")
    step = ran(made).steps[-1]
    assert finished(step)["read"] == read


def test_what_it_read_is_told_shortly() -> None:
    data = {"condition": "input and llm1"}
    nodes = {
        **NODES,
        "llm1": ("template", {"template": "{{ [input] }}"}),
        "it": ("condition", data),
    }
    made = flow(nodes, "start->llm1 llm1->it")
    read = finished(ran(made, "long " * 1000).steps[-1])["read"]
    assert all(len(each) == LONGEST_READ + 1 for each in read.values())


async def test_steps_are_told_by_what_people_call_their_nodes() -> None:
    nodes = (
        {"id": "start", "type": "trigger", "data": {}},
        {"id": "collect_input1", "type": "collect_input", "data": {"question": "Who?"}},
        {"id": "response1", "type": "response", "data": {"message": "x", "label": "Bye"}},
    )
    steps = [e.data for e in await converse(drawn(*nodes), "Hi") if isinstance(e, Traced)]
    told = {step["node_id"]: step["label"] for step in steps}
    assert told == {"start": "Start", "collect_input1": "Question collect_input1"}
