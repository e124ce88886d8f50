"""Nodes that are repeated, one after the other and side by side."""

from __future__ import annotations

import time
from typing import Any

import pytest

from chatflows.executor.events import Broken
from chatflows.executor.graph import BODY, Edge, GraphError, compiled
from tests.chatflows.executor.flows import conversation, flow, ran

START: tuple[str, dict[str, Any]] = ("trigger", {})
END = ("response", {"message": "{{loop.results | join('-')}} {{loop.count}}"})
EDGES = "start->loop loop.body->body body->loop loop->end"


def loop(**settings: Any) -> tuple[str, dict[str, Any]]:
    return ("loop", settings)


def text(template: str) -> tuple[str, dict[str, Any]]:
    return ("template", {"template": template})


def test_a_list_is_gone_through() -> None:
    nodes = {
        "start": START,
        "loop": loop(items="{{input | split}}", result="{{body}}"),
        "body": text("{{loop.index}}{{loop.item | upper}}"),
        "end": END,
    }
    turn = ran(flow(nodes, EDGES), "a, b, c")
    assert turn.text == "0A-1B-2C 3"
    assert turn.ran == ["start", "loop", "body", "body", "body", "end"]


def test_a_value_does_not_grow_deeper_than_can_be_kept() -> None:
    """Round after round, turn after turn."""
    nodes = {
        "start": START,
        "loop": loop(mode="while", condition="true", max_iterations=100),
        "body": ("variable", {"variable": "nest", "value": "{{[nest]}}"}),
        "end": END,
    }
    turn = ran(flow(nodes, EDGES, rounds=100, variables={"nest": nested(120)}), "Hi")
    assert isinstance(turn.end, Broken)
    assert "nested too deep" in turn.end.message
    assert turn.end.node_id == "body"


def nested(depth: int) -> Any:
    value: Any = 1
    for _level in range(depth):
        value = [value]
    return value


def test_a_loop_goes_on_while_a_condition_holds() -> None:
    nodes = {
        "start": START,
        "loop": loop(mode="while", condition="(n ?? 0) < 3", result="{{n}}"),
        "body": ("variable", {"variable": "n", "operation": "increment"}),
        "end": END,
    }
    assert ran(flow(nodes, EDGES)).text == "1-2-3 3"


@pytest.mark.parametrize(
    ("settings", "field", "words"),
    [
        ({"items": "{{[1,2,3,4]}}"}, "items", "takes at most 3. Allow more in the step Settings"),
        ({"items": "{{input}}"}, "items", "A list is needed, and this is the text 'Hi'."),
        (
            {"mode": "while", "condition": "true"},
            "condition",
            "may take. Allow more in the step Settings",
        ),
        (
            {"items": "{{[1,2]}}", "max_iterations": 1},
            "items",
            "at most 1. Allow more in this node's “Most rounds”.",
        ),
    ],
)
def test_a_loop_has_an_end(settings: dict[str, Any], field: str, words: str) -> None:
    nodes = {"start": START, "loop": loop(**settings), "body": text("x"), "end": END}
    end = ran(flow(nodes, EDGES, rounds=3)).end
    assert isinstance(end, Broken)
    assert (end.node_id, end.field) == ("loop", field)
    assert words in end.message


def test_loops_in_loops() -> None:
    nodes = {
        "start": START,
        "outer": loop(items="{{['a','b']}}", result="{{inner.results | join('')}}"),
        "inner": loop(items="{{[1,2]}}", result="{{outer.item}}{{inner.item}}"),
        "body": text("x"),
        "after": text("y"),
        "end": ("response", {"message": "{{outer.results | join(' ')}}"}),
    }
    edges = "start->outer outer.body->inner inner.body->body inner->after after->outer outer->end"
    turn = ran(flow(nodes, edges))
    assert turn.text == "a1a2 b1b2"
    assert turn.ran.count("body") == 4
    assert turn.ran.count("after") == 2


def test_a_branch_in_a_loop_is_decided_anew_in_each_round() -> None:
    nodes = {
        "start": START,
        "loop": loop(items="{{[1,2,3]}}", result="{{kept ?? 'none'}}"),
        "odd": ("condition", {"condition": "loop.item % 2 == 1"}),
        "body": ("variable", {"variable": "kept", "value": "{{loop.item}}"}),
        "end": END,
    }
    edges = "start->loop loop.body->odd odd.true->body body->loop odd.false->loop loop->end"
    turn = ran(flow(nodes, edges))
    assert turn.text == "1-1-3 3"
    assert turn.ran.count("body") == 2


def test_a_loop_that_asks_goes_on_in_its_round() -> None:
    nodes = {
        "start": START,
        "loop": loop(items="{{['name','town']}}", result="{{ask}}"),
        "ask": ("collect_input", {"question": "Your {{loop.item}}?"}),
        "end": END,
    }
    made = flow(nodes, "start->loop loop.body->ask ask->loop loop->end")
    first, second, third = conversation(made, "Hi", "Ana", "Lisbon")
    assert [turn.text for turn in (first, second, third)] == [
        "Your name?",
        "Your town?",
        "Ana-Lisbon 2",
    ]


def test_items_side_by_side() -> None:
    nodes = {
        "start": START,
        "loop": ("parallel", {"items": "{{[3,1,2]}}", "result": "{{body}}", "at_once": 3}),
        "wait": ("delay", {"seconds": 0.2}),
        "body": text("{{loop.item}}:{{loop.index}}"),
        "end": END,
    }
    began = time.monotonic()
    turn = ran(flow(nodes, "start->loop loop.body->wait wait->body loop->end"))
    assert turn.text == "3:0-1:1-2:2 3"
    assert time.monotonic() - began < 0.55
    assert turn.outputs("body") == [{"text": "3:0"}, {"text": "1:1"}, {"text": "2:2"}]


def test_nobody_is_asked_side_by_side() -> None:
    nodes = {
        "start": START,
        "loop": ("parallel", {"items": "{{[1,2]}}"}),
        "ask": ("collect_input", {"question": "?"}),
        "end": END,
    }
    end = ran(flow(nodes, "start->loop loop.body->ask loop->end")).end
    assert isinstance(end, Broken)
    assert end.node_id == "loop"
    assert "side by side" in end.message


def test_a_fault_in_a_round_ends_the_run() -> None:
    nodes = {
        "start": START,
        "loop": ("parallel", {"items": "{{[1,0]}}"}),
        "body": text("{{ 1 / loop.item }}"),
        "end": END,
    }
    end = ran(flow(nodes, "start->loop loop.body->body loop->end")).end
    assert isinstance(end, Broken)
    assert (end.node_id, end.field) == ("body", "template")


def test_a_node_may_run_several_bodies() -> None:
    nodes = {
        "start": START,
        "all": ("each", {"ways": ["a", "b"]}),
        "one": text("1"),
        "two": text("{{one}}2"),
        "three": text("{{one ?? 'nothing'}}3"),
        "end": ("response", {"message": "{{all.last | join(' ')}}"}),
    }
    turn = ran(flow(nodes, "start->all all.a->one one->two all.b->three three->all all->end"))
    assert turn.text == "two three"
    assert [turn.outputs(each) for each in ("two", "three")] == [[{"text": "12"}], [{"text": "13"}]]
    assert [step.place for step in turn.steps][2:5] == [(1, 0, 0), (1, 0, 1), (1, 1, 0)]


@pytest.mark.parametrize(
    ("edges", "node"),
    [
        ("s->loop s->a loop.body->a", "a"),
        ("s->loop loop.body->a loop->a", "a"),
        ("s->loop loop.body->a a->b loop->b", "b"),
        ("s->loop s->b loop.body->a loop->c b->other other.body->a", "a"),
        ("s->a a->b b->s", "a"),
        ("s->loop loop.body->a a->b b->a", "a"),
        ("s->loop loop.body->s", "loop"),
        ("s->other other.body->a other.second->a", "a"),
        ("s->other other.body->a a->b other.second->c c->b", "b"),
        ("s->other other.body->a other.second->b b->a", "a"),
        ("s->other other.second->a other->a", "a"),
        ("s->other other.second->a a->b b->a", "a"),
    ],
)
def test_graphs_that_cannot_be_walked(edges: str, node: str) -> None:
    made = []
    for each in edges.split():
        source, target = each.split("->")
        name, _, handle = source.partition(".")
        made.append(Edge(name, target, handle))
    with pytest.raises(GraphError) as caught:
        compiled("s", made, {"loop": (BODY,), "other": (BODY, "second")})
    assert caught.value.node_id == node
