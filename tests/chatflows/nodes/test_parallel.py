"""The node that runs others for all items side by side."""

from __future__ import annotations

from typing import Any

from chatflows.executor.events import Broken
from tests.chatflows.executor.flows import flow, ran

START: tuple[str, dict[str, Any]] = ("trigger", {})

END = ("response", {"message": "{{loop.results | join('-')}} {{loop.count}}"})


def text(template: str) -> tuple[str, dict[str, Any]]:
    return ("template", {"template": template})


def test_items_side_by_side() -> None:
    nodes = {
        "start": START,
        "loop": ("parallel", {"items": "{{[3,1,2]}}", "result": "{{body}}", "at_once": 3}),
        "wait": ("delay", {"seconds": 0.05}),
        "body": text("{{loop.item}}:{{loop.index}}"),
        "end": END,
    }
    turn = ran(flow(nodes, "start->loop loop.body->wait wait->body loop->end"))
    assert turn.text == "3:0-1:1-2:2 3"
    waits = [step for step in turn.steps if step.node_id == "wait"]
    first_end = min(step.started_at + step.duration for step in waits)
    assert max(step.started_at for step in waits) < first_end
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
