"""The node with two ways."""

from __future__ import annotations

import pytest

from chatflows.executor.events import Broken
from tests.chatflows.executor.flows import Told, flow, ran


def decided(condition: str, message: str = "Hi") -> Told:
    nodes = {
        "start": ("trigger", {}),
        "if1": ("condition", {"condition": condition}),
        "yes": ("response", {"message": "Yes, {{if1}}"}),
        "no": ("response", {"message": "No, {{if1.result}}"}),
    }
    return ran(flow(nodes, "start->if1 if1.true->yes if1.false->no"), message)


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ("input == 'Hi'", "Yes, true"),
        ("{{input}} === 'Hi'", "Yes, true"),
        ("input != 'Hi' || length(input) == 2", "Yes, true"),
        ("input == 'hi'", "No, false"),
        ("start.nothing", "No, false"),
        ("'false'", "No, false"),
    ],
)
def test_it_is_left_by_whether_the_condition_holds(condition: str, text: str) -> None:
    turn = decided(condition)
    assert turn.text == text
    assert len(turn.ran) == 3


def test_the_log_says_what_was_decided() -> None:
    step = decided("input == 'x'").steps[1]
    assert (step.handle, step.input, step.output) == (
        "false",
        {"condition": False},
        {"result": False},
    )


def test_a_condition_that_fails_says_where() -> None:
    end = decided("input + 1 > 'a' - 1").end
    assert isinstance(end, Broken)
    assert (end.node_id, end.field, end.column) == ("if1", "condition", 17)
