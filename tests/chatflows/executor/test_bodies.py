"""What nodes run besides what follows them, and graphs in which that cannot be walked."""

from __future__ import annotations

from typing import Any

import pytest

from chatflows.executor.events import Broken
from chatflows.executor.graph import BODY, DEEPEST_BODIES, Edge, GraphError, compiled
from tests.chatflows.executor.flows import flow, ran

START: tuple[str, dict[str, Any]] = ("trigger", {})


def text(template: str) -> tuple[str, dict[str, Any]]:
    return ("template", {"template": template})


def test_a_value_does_not_grow_deeper_than_can_be_kept() -> None:
    """Round after round, turn after turn."""
    nodes = {
        "start": START,
        "loop": ("loop", {"mode": "while", "condition": "true", "max_iterations": 100}),
        "body": ("variable", {"variable": "nest", "value": "{{[nest]}}"}),
        "end": ("response", {"message": "Done"}),
    }
    edges = "start->loop loop.body->body body->loop loop->end"
    turn = ran(flow(nodes, edges, rounds=100, variables={"nest": nested(120)}), "Hi")
    assert isinstance(turn.end, Broken)
    assert "nested too deep" in turn.end.message
    assert turn.end.node_id == "body"


def nested(depth: int) -> Any:
    value: Any = 1
    for _level in range(depth):
        value = [value]
    return value


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


@pytest.mark.parametrize(("depth", "is_walked"), [(DEEPEST_BODIES, True), (200, False)])
def test_bodies_stand_in_one_another_as_deep_as_python_can_go(
    depth: int, *, is_walked: bool
) -> None:
    once = ("loop", {"mode": "list", "items": "{{[1]}}"})
    loops = {f"n{number}": once for number in range(depth)}
    nodes = {"start": START, **loops, "last": text("Hi")}
    into = " ".join(f"n{number}.body->n{number + 1}" for number in range(depth - 1))
    edges = f"start->n0 {into} n{depth - 1}.body->last"
    turn = ran(flow(nodes, edges), "Hi")
    assert isinstance(turn.end, Broken) != is_walked, turn.end
    if isinstance(turn.end, Broken):
        assert "stand in one another" in turn.end.message
        assert turn.end.code == "not-configured"
    else:
        assert "last" in turn.ran
