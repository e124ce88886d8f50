"""What a node still lacks is told at the box that lacks it, whether anything was written or not."""

from __future__ import annotations

from typing import Any

import pytest

from chatflows.draft_type import ChatflowDraft
from drafts.schema_errors import wrongs


@pytest.mark.parametrize("written", [{}, {"data": {}}, {"data": {"label": "Mine"}}])
@pytest.mark.parametrize(
    ("kind", "data", "lacking"),
    [
        ("llm", {}, "prompt"),
        ("loop", {}, "items"),
        ("loop", {"mode": "while"}, "condition"),
        ("collect_input", {"question": "Which?", "answer_type": "select"}, "options"),
    ],
)
def test_it_is_told_at_the_box(
    kind: str, data: dict[str, Any], lacking: str, written: dict[str, Any]
) -> None:
    node = {"id": "one", "type": kind, **written}
    if data:
        node["data"] = {**written.get("data", {}), **data}
    document = {"name": "Unfinished", "nodes": [node]}
    paths = [wrong.path for wrong in wrongs(ChatflowDraft(), document)]
    assert f"nodes.one.data.{lacking}" in paths
    assert "nodes.one" not in paths
