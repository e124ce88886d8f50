"""Graphs that nobody draws by hand: each is refused in words, or told as a problem, and soon."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from chatflows.assistant import ChatflowAssistant
from chatflows.checking import problems
from chatflows.drawn import drawing_of
from chatflows.executor.graph import DEEPEST_BODIES, MOST_NODES, GraphError
from common.problems import Problem
from drafts import creating
from drafts.types import draft_types
from drafts.validation import report

if TYPE_CHECKING:
    from workspaces.access import Actor

START = {"id": "start", "type": "trigger"}
TOOL = {"id": "way1", "name": "help", "description": "Helps"}
AGENT = {"id": "agent", "type": "agent", "data": {"tools": [TOOL]}}
END = {"id": "end", "type": "response", "data": {"message": "Done"}}


def graph(nodes: list[dict[str, Any]], *edges: tuple[str, ...]) -> dict[str, Any]:
    """Edges are source, target and, where there is one, the handle."""
    names = ("source", "target", "sourceHandle")
    return {
        "name": "Odd",
        "nodes": nodes,
        "edges": [
            {"id": f"e{n}", **dict(zip(names, each, strict=False))} for n, each in enumerate(edges)
        ],
    }


def nested(depth: int) -> dict[str, Any]:
    """Loops in loops."""
    data = {"items": "{{[1]}}"}
    loops = [{"id": f"l{n}", "type": "loop", "data": data} for n in range(depth)]
    text = {"id": "text", "type": "template", "data": {"template": "{{l0.item}}"}}
    chain = [*(f"l{n}" for n in range(depth)), "text"]
    inside = [(outer, inner, "body") for outer, inner in pairwise(chain)]
    return graph([START, *loops, text, END], ("start", "l0"), *inside, ("l0", "end"))


def told(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(each.severity, each.path, each.message) for each in problems(drawing_of(document))]


def test_bodies_in_bodies_are_fine_as_deep_as_they_can_be_run() -> None:
    assert told(nested(DEEPEST_BODIES)) == []
    assert len(ChatflowAssistant(nested(DEEPEST_BODIES)).flow.graph("start").bodies) == 25
    words = "At most 25 loops, or nodes like them, stand in one another."
    assert words in [message for _severity, _path, message in told(nested(200))]


def test_many_starts_and_many_bodies_are_looked_into_once() -> None:
    tools = [{**TOOL, "id": f"w{n}", "name": f"w{n}"} for n in range(20)]
    starts = [{"id": f"s{n}", "type": "trigger"} for n in range(150)]
    agents = [{"id": f"a{n}", "type": "agent", "data": {"tools": tools}} for n in range(150)]
    begun = [(each["id"], "a0") for each in starts]
    inside = [(f"a{n}", f"a{n + 1}", f"w{k}") for n in range(149) for k in range(5)]
    found = told(graph([*starts, *agents], *begun, *inside))
    again = "There are two starts of this kind. Remove one of them."
    assert sum(words == again for _severity, _path, words in found) == 149


def test_what_leads_to_itself() -> None:
    plain = {"id": "a", "type": "template", "data": {"template": "x"}}
    circle = told(graph([START, plain, END], ("start", "a"), ("a", "a"), ("a", "end")))
    assert circle == [
        ("error", "nodes.a", "The flow goes in a circle. Repeat nodes with a loop."),
    ]
    ways = [("start", "agent"), ("agent", "agent", "way1"), ("agent", "end")]
    words = "A branch of Agent leads straight back to it, and so runs nothing."
    assert told(graph([START, AGENT, END], *ways)) == [("warning", "edges.e1", words)]


def test_agents_that_are_each_others_tools() -> None:
    other = {**AGENT, "id": "other"}
    ways = [("start", "agent"), ("agent", "other", "way1"), ("other", "agent", "way1")]
    found = told(graph([START, AGENT, other, END], *ways, ("agent", "end")))
    assert ("error", "nodes.agent") in [each[:2] for each in found]


def test_of_what_is_too_large_only_that_is_told() -> None:
    deep = nested(MOST_NODES)
    assert told(deep) == []
    assistant = ChatflowAssistant(deep)
    with pytest.raises(GraphError, match="at most 300 nodes and 1000 connections"):
        assistant.flow.graph("start")


@pytest.mark.django_db
@pytest.mark.usefixtures("redis_clean")
def test_what_is_too_large_cannot_be_deployed(bob: Actor) -> None:
    draft = creating.create(bob, draft_types.get("chatflow"), nested(MOST_NODES))
    errors = report(draft, bob).messages("error")
    assert errors == ["Nodes may have at most 300 entries"]


@pytest.mark.django_db
@pytest.mark.usefixtures("redis_clean")
@pytest.mark.parametrize(
    ("odd", "status"),
    [
        ({"nodes": [{"id": "a", "type": []}]}, 422),
        ({"nodes": [{"id": "a", "type": {}}]}, 422),
        (
            {"nodes": [{"id": "a", "type": "trigger", "data": {"true_branch": "a"}}], "edges": 5},
            422,
        ),
        (
            {
                "nodes": [{"id": "a", "type": "condition", "data": {"true_branch": "a"}}],
                "edges": [{"id": "e", "source": [], "target": {}, "sourceHandle": []}],
            },
            422,
        ),
        ({"nodes": [START, START]}, 422),
        (graph([START, START | {"id": "b"}]) | {"edges": [{"id": "e"}, {"id": "e"}]}, 422),
        ({"nodes": [{"id": f"n{n}", "type": "delay"} for n in range(10_000)]}, 413),
        (graph([START], *[("start", "start")] * 50_000), 413),
    ],
)
def test_what_no_draft_may_hold_is_refused(bob: Actor, odd: dict[str, Any], status: int) -> None:
    with pytest.raises(Problem) as refused:
        creating.create(bob, draft_types.get("chatflow"), odd)
    assert refused.value.status == status


def test_edges_to_nowhere_are_none() -> None:
    lost = graph([START, END], ("start", "end"), ("start", "x"), ("y", "end"), ("p", "q"))
    assert told(lost) == []


@pytest.mark.parametrize("name", ["__proto__", "constructor", "toString"])
def test_nothing_is_called_by_what_every_object_of_a_page_has(bob: Actor, name: str) -> None:
    kind = draft_types.get("chatflow")
    whole = graph([START, END], ("start", "end"))
    edge = whole["edges"][0]
    odd_parts: tuple[dict[str, Any], ...] = (
        {"nodes": [START, {**END, "id": name}]},
        *({"edges": [{**edge, member: name}]} for member in ("id", "source", "sourceHandle")),
        {"variables": [{"name": name}]},
        {"test_cases": [{"id": name}]},
        {"nodes": [START, {"id": "a", "type": "agent", "data": {"tools": [{**TOOL, "id": name}]}}]},
    )
    for odd in odd_parts:
        with pytest.raises(Problem) as refused:
            creating.create(bob, kind, whole | odd)
        assert refused.value.status == 422
