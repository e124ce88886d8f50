"""What the ways on of a node are called."""

from __future__ import annotations

from typing import Any

import pytest

from chatflows.drawn import drawn_node
from chatflows.handles import handles_of
from chatflows.nodes import BY_KIND

TRUE: dict[str, Any] = {"cases": [{"id": "true", "label": "Is a member", "condition": "vip"}]}
ADDED: list[dict[str, Any]] = [{"id": "way1"}, {"id": "way2", "label": "", "name": ""}]
TOOL: dict[str, Any] = {"tools": [{"id": "invalid", "name": "cancel", "description": "Cancels"}]}


@pytest.mark.parametrize(
    ("kind", "data", "labels"),
    [
        ("condition", {}, ["True", "False"]),
        ("response", {"message": "Hi"}, [""]),
        ("loop", {}, ["Each round", "Then"]),
        ("http", {"url": "https://example.com", "on_error": "branch"}, ["Then", "Error"]),
        ("collect_input", {"question": "?"}, ["Then", "Gave up"]),
        # An id that people chose means what they call it, whatever it means elsewhere.
        ("switch", TRUE, ["Is a member", "Else"]),
        ("agent", TOOL, ["cancel", "Then"]),
        # What was added and has no name yet can be connected.
        ("agent", {"tools": ADDED}, ["Tool 1", "Tool 2", "Then"]),
        ("switch", {"cases": ADDED}, ["Case 1", "Case 2", "Else"]),
        ("classifier", {"classes": ADDED}, ["Class 1", "Class 2", "Else"]),
        ("buttons", {"buttons": ADDED}, ["Button 1", "Button 2", "Anything else"]),
    ],
)
def test_what_ways_on_are_called(kind: str, data: dict[str, Any], labels: list[str]) -> None:
    each = drawn_node("n", BY_KIND[kind], data)
    assert [one["label"] for one in handles_of(each)] == labels
