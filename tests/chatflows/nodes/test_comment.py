"""The note beside a flow."""

from __future__ import annotations

from typing import Any

from chatflows.checking import problems
from chatflows.drawn import drawing_of
from chatflows.nodes import BY_KIND
from tests.chatflows.executor.flows import flow, ran

NOTE = {"text": "Ask {{nobody}} about this."}


def test_no_run_comes_to_it() -> None:
    nodes: dict[str, Any] = {
        "start": ("trigger", {}),
        "note": ("comment", NOTE),
        "end": ("response", {"message": "Hello"}),
    }
    turn = ran(flow(nodes, "start->end"))
    assert (turn.text, turn.ran) == ("Hello", ["start", "end"])


def test_nothing_leads_to_it_and_it_leads_nowhere() -> None:
    node = BY_KIND["comment"]
    assert not node.has_input
    assert node.all_handles(node.settings.model_validate(NOTE)) == ()


def test_it_is_no_problem_alone_and_what_it_says_is_no_template() -> None:
    drawn = {
        "nodes": [
            {"id": "start", "type": "trigger"},
            {"id": "note", "type": "comment", "data": NOTE},
            {"id": "end", "type": "response", "data": {"message": "Hello"}},
        ],
        "edges": [{"id": "1", "source": "start", "target": "end"}],
    }
    assert list(problems(drawing_of(drawn))) == []
