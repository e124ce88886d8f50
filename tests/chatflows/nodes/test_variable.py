"""The node that gives a variable another value."""

from __future__ import annotations

from typing import Any

import pytest

from chatflows.executor.events import Broken
from chatflows.nodes.variable import MOST_ITEMS
from tests.chatflows.executor.flows import Told, flow, ran


def changed(before: Any, operation: str, value: str = "", message: str = "Hi") -> Told:
    """A run that changes the variable ``x``, and gives its new value as ``end.value``."""
    nodes: dict[str, Any] = {
        "start": ("trigger", {}),
        "var1": ("variable", {"variable": "x", "operation": operation, "value": value}),
        "end": ("template", {"fields": [{"name": "value", "value": "{{x}}"}]}),
    }
    return ran(flow(nodes, "start->var1 var1->end", variables={"x": before}), message)


@pytest.mark.parametrize(
    ("before", "operation", "value", "after"),
    [
        (1, "set", "{{input}}", "Hi"),
        (1, "set", "Say {{input}}", "Say Hi"),
        (1, "set", "{{[1, 2]}}", [1, 2]),
        (1, "set", "", ""),
        (None, "append", "{{input}}", ["Hi"]),
        ("", "append", "a", ["a"]),
        ("a", "append", "b", ["a", "b"]),
        (["a"], "append", "{{[1]}}", ["a", [1]]),
        (None, "increment", "", 1),
        (2, "increment", "", 3),
        ("2", "increment", "{{0.5}}", 2.5),
        (2, "increment", "-3", -1),
    ],
)
def test_each_operation(before: Any, operation: str, value: str, after: Any) -> None:
    turn = changed(before, operation, value)
    assert turn.outputs("var1") == [{"value": after}]
    assert turn.outputs("end")[0]["value"] == after
    assert turn.kept["variables"]["x"] == after


def test_what_is_no_number_is_not_counted_up() -> None:
    end = changed("two", "increment").end
    assert isinstance(end, Broken)
    assert (end.node_id, end.field) == ("var1", "value")
    assert "cannot be counted up" in end.message


def test_a_list_takes_so_many_items_and_no_more() -> None:
    end = changed([0] * MOST_ITEMS, "append", "1").end
    assert isinstance(end, Broken)
    assert (end.field, end.message) == ("variable", "The list has 1,000 items, and takes no more.")
