"""The node that repeats others, one round after the other."""

from __future__ import annotations

from typing import Any

import pytest

from chatflows.executor.events import Broken
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
