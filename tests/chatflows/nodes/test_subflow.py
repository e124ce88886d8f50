"""The node that runs another flow in the midst of this one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from chatflows.executor.events import Broken, StepFinished, StepStarted
from chatflows.executor.ports import LiveFlow, Ports
from tests.chatflows.executor.flows import NOWHERE, Told, flow, ran
from tests.chatflows.nodes.test_knowledge_base import Shelf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatflows.executor.flow import Flow
    from tests.servers.model import ModelServer

A, B, C, D, E = (str(UUID(int=number)) for number in range(5))
START: dict[str, Any] = {"start": ("trigger", {})}


def running(flow_id: str, says: str = "Then: {{sub1}}", **settings: Any) -> Flow:
    """A flow that runs another one, and says what came of it."""
    nodes = {
        **START,
        "sub1": ("subflow", {"chatflow_id": flow_id, "label": "Ask B", **settings}),
        "end": ("response", {"message": says}),
    }
    return flow(nodes, "start->sub1 sub1->end")


def saying(message: str, **variables: Any) -> Flow:
    nodes = {**START, "say": ("response", {"message": message})}
    return flow(nodes, "start->say", variables=variables)


def asking() -> Flow:
    """A flow that asks twice."""
    nodes = {
        **START,
        "one": ("collect_input", {"question": "One?", "variable": "first"}),
        "two": ("collect_input", {"question": "Two?"}),
        "say": ("response", {"message": "{{one}} and {{two}}"}),
    }
    return flow(nodes, "start->one one->two two->say")


def reaching(flow_id: str = "", **flows: Flow) -> Ports:
    """Ports by which ``flows`` are there, by their letters."""
    ids = dict(zip("ABCDE", (A, B, C, D, E), strict=True))
    live = {ids[name]: LiveFlow(name, each, "start") for name, each in flows.items()}
    return replace(NOWHERE, flows=live, flow_id=flow_id)


def converse(made: Flow, ports: Ports, *messages: str) -> list[Told]:
    turns: list[Told] = []
    for message in messages:
        kept = turns[-1].kept if turns else None
        turns.append(ran(made, message, kept=kept, ports=ports))
    return turns


def fault(told: Told) -> str:
    assert isinstance(told.end, Broken), told.end
    return told.end.message


def test_what_the_other_flow_says_is_said_and_known() -> None:
    other = saying("Hello {{name}}: {{input}} {{rest}}", name="", rest="!")
    made = running(
        B,
        "{{sub1.text}} / {{sub1.variables.name}}",
        message="about {{input}}",
        inputs=[{"name": "name", "value": "Ana"}],
    )
    told = ran(made, "bills", ports=reaching(B=other))
    assert told.text == "Hello Ana: about bills !\n\nHello Ana: about bills ! / Ana"


def test_values_keep_their_kind_and_do_not_leak() -> None:
    other = saying("{{length(items)}} {{mine}}", items=[])
    made = flow(
        {
            **START,
            "sub1": (
                "subflow",
                {"chatflow_id": B, "inputs": [{"name": "items", "value": "{{[1, 2, 3]}}"}]},
            ),
            "end": ("response", {"message": "{{items ?? 'none'}}"}),
        },
        "start->sub1 sub1->end",
        variables={"mine": "secret"},
    )
    assert ran(made, ports=reaching(B=other)).text == "3 \n\nnone"


def test_what_is_only_kept_is_not_said() -> None:
    told = ran(running(B, speaks=False), ports=reaching(B=saying("Aside")))
    assert told.text == "Then: Aside"


def test_its_steps_are_told_as_parts_of_the_node_that_runs_it() -> None:
    told = ran(running(B), ports=reaching(B=saying("Hi")))
    assert told.ran == ["start", "sub1", "sub1/start", "sub1/say", "end"]
    by_id = {each.node_id: each for each in told.steps}
    assert by_id["sub1/say"].label == "Ask B · say"
    assert by_id["sub1/say"].place[: len(by_id["sub1"].place)] == by_id["sub1"].place
    started = [each.node_id for each in told.events if isinstance(each, StepStarted)]
    assert sorted(started) == sorted(told.ran)


def test_where_the_other_flow_asks_this_one_waits() -> None:
    turns = converse(running(B), reaching(B=asking()), "Hi", "1", "2")
    assert [each.text for each in turns] == [
        "One?",
        "Two?",
        "1 and 2\n\nThen: One?\n\nTwo?\n\n1 and 2",
    ]
    assert [each.waits for each in turns] == [True, True, False]
    assert turns[2].outputs("sub1")[0]["variables"] == {"first": "1"}


def test_a_flow_three_deep_waits_and_goes_on() -> None:
    ports = reaching(A, B=running(C, "B:{{sub1}}"), C=running(D, "C:{{sub1}}"), D=asking())
    turns = converse(running(B, "A"), ports, "Hi", "1", "2")
    assert [each.waits for each in turns] == [True, True, False]
    deep = [each.node_id for each in turns[0].steps]
    assert "sub1/sub1/sub1/one" in deep
    assert turns[2].text.endswith("A")


def test_two_that_ask_side_by_side_ask_one_after_the_other() -> None:
    nodes = {
        **START,
        "x": ("subflow", {"chatflow_id": B}),
        "y": ("subflow", {"chatflow_id": B, "message": "mine"}),
        "z": ("collect_input", {"question": "Z?"}),
        "end": ("response", {"message": "{{x.variables.first}}{{y.variables.first}}{{z}}"}),
    }
    made = flow(nodes, "start->x start->y start->z x->end y->end z->end")
    turns = converse(made, reaching(B=asking()), "Hi", *"12345")
    questions = [each.text.rpartition("\n\n")[2] for each in turns[:-1]]
    assert sorted(questions) == ["One?", "One?", "Two?", "Two?", "Z?"]
    assert [each.waits for each in turns] == [True] * 5 + [False]
    assert len(turns[-1].text.rpartition("\n\n")[2]) == 3


def test_what_nobody_hears_cannot_be_answered() -> None:
    told = ran(running(B, speaks=False), ports=reaching(B=asking()))
    assert "nobody hears" in fault(told)
    branch = flow(
        {
            **START,
            "sub1": ("subflow", {"chatflow_id": B, "speaks": False, "on_error": "branch"}),
            "ask": ("collect_input", {"question": "Then I ask."}),
        },
        "start->sub1 sub1.error->ask",
    )
    told = ran(branch, ports=reaching(B=asking()))
    assert (told.text, told.waits) == ("Then I ask.", True)


@pytest.mark.parametrize(
    ("ports", "words"),
    [
        (reaching(), "no longer exists"),
        (reaching(A, B=running(A), A=saying("x")), "come back to itself"),
        (reaching(B=running(C), C=running(B)), "come back to itself"),
        (
            reaching(A, B=running(C), C=running(D), D=running(E), E=saying("x")),
            "At most 3 flows",
        ),
        (replace(NOWHERE, flows={B: LiveFlow("Other", saying("x"), "")}), "Nothing begins Other"),
    ],
)
def test_what_cannot_be_run_says_why(ports: Ports, words: str) -> None:
    assert words in fault(ran(running(B), ports=ports))


def test_a_fault_in_the_other_flow_is_told_with_its_place() -> None:
    other = flow(
        {
            **START,
            "v": (
                "variable",
                {"variable": "n", "operation": "increment", "value": "x", "label": "Count"},
            ),
        },
        "start->v",
    )
    told = ran(running(B), ports=reaching(B=other))
    assert fault(told).startswith("Count: Value: It cannot be counted up")
    assert [each.node_id for each in told.steps if each.status == "failed"] == ["sub1", "sub1/v"]
    going_on = running(B, "{{sub1.error}}", on_error="continue")
    assert "Count:" in ran(going_on, ports=reaching(B=other)).text


def test_steps_and_time_are_shared() -> None:
    nodes = {**START, "sub1": ("subflow", {"chatflow_id": B})}
    told = ran(flow(nodes, "start->sub1", steps=3), ports=reaching(B=saying("x")))
    assert "3 steps" in fault(told)
    slow = flow({**START, "wait": ("delay", {"seconds": 30})}, "start->wait")
    told = ran(flow(nodes, "start->sub1", seconds=0.2), ports=reaching(B=slow))
    assert "time limit of 0.2 s" in fault(told)


def test_models_are_counted_together(model: ModelServer, ports: Ports) -> None:
    model.reply("one", "two")
    asks = ("llm", {"prompt": "{{input}}", "model": "m", "streams": True})
    other = flow({**START, "llm1": asks}, "start->llm1")
    nodes = {**START, "llm1": asks, "sub1": ("subflow", {"chatflow_id": B})}
    reach = replace(ports, flows={B: LiveFlow("B", other, "start")})
    told = ran(flow(nodes, "start->llm1 llm1->sub1"), ports=reach)
    assert told.text == "one\n\ntwo"
    assert [each.model for each in told.steps if each.model] == ["m", "m"]
    told = ran(flow(nodes, "start->llm1 llm1->sub1", calls=1), ports=reach)
    assert "asks models 1 times" in fault(told)


def test_passages_are_numbered_through_and_cited() -> None:
    look = ("knowledge_base", {"kb_id": "k"})
    other = flow(
        {**START, "kb": look, "say": ("response", {"message": "{{kb}}"})}, "start->kb kb->say"
    )
    reach = replace(NOWHERE, retriever=Shelf(), flows={B: LiveFlow("B", other, "start")})
    told = ran(running(B, "Again: {{sub1}}"), ports=reach)
    assert told.text.count("[1]") == 2


def test_a_flow_that_changed_while_it_waited_begins_anew() -> None:
    (first,) = converse(running(B), reaching(B=asking()), "Hi")
    told = ran(running(B), "1", kept=first.kept, ports=reaching(B=saying("New: {{input}}")))
    assert told.text.startswith("New: 1")
    told = ran(running(C), "1", kept=first.kept, ports=reaching(C=saying("Other: {{input}}")))
    assert told.text.startswith("Other: 1")


def finished(told: Told, node_id: str) -> StepFinished:
    return next(each for each in told.steps if each.node_id == node_id)


def test_the_log_says_what_it_was_given() -> None:
    made = running(B, inputs=[{"name": "x", "value": "{{1 + 1}}"}])
    given: Mapping[str, Any] = finished(ran(made, ports=reaching(B=saying("y"))), "sub1").input
    assert given == {"message": "Hi", "inputs": {"x": 2}}
