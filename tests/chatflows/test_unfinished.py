"""What a node still lacks is told at the box that lacks it, whether anything was written or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from chatflows.draft_type import ChatflowDraft
from drafts import creating
from drafts.schema_errors import wrongs
from drafts.types import draft_types

if TYPE_CHECKING:
    from workspaces.access import Actor


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


@pytest.mark.django_db
def test_a_form_tells_it_once_anything_was_written(bob: Actor) -> None:
    nodes = [
        {"id": "fresh", "type": "llm"},
        {"id": "named", "type": "llm", "data": {"label": "Mine"}},
    ]
    document = {"name": "Unfinished", "nodes": nodes, "edges": []}
    draft = creating.create(bob, draft_types.get("chatflow"), document)
    client = Client()
    assert bob.user
    client.force_login(bob.user)
    at = f"/w/{bob.workspace.slug}/chatflows/draft/{draft.id}/nodes"
    assert "Write a prompt" not in client.get(f"{at}/fresh/").content.decode()
    assert "<span>Write a prompt</span>" in client.get(f"{at}/named/").content.decode()
