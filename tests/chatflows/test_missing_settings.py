"""What a node needs and has not: told at the setting itself, where its form marks the box."""

from __future__ import annotations

from typing import Any

import pytest

from chatflows.draft_type import ChatflowDraft
from chatflows.nodes import NODES
from drafts.messages import sentence, unplaced
from drafts.schema_errors import wrongs

DRAFT = ChatflowDraft()
REQUIRED = [
    (node.kind, name)
    for node in NODES
    for name, info in node.settings.model_fields.items()
    if info.is_required()
]


def told(kind: str, data: dict[str, Any] | None) -> dict[str, str]:
    """What is wrong with one node, by the path of the box that its form marks."""
    node = {"id": "n1", "type": kind} | ({} if data is None else {"data": data})
    document = {"name": "Flow", "nodes": [node]}
    form = DRAFT.step("workflow").form
    assert form is not None
    boxes = form(draft_type=DRAFT, document=document, below=["nodes.n1"]).fields
    found = {wrong.path: sentence(wrong, DRAFT.schema) for wrong in wrongs(DRAFT, document)}
    assert found.keys() <= boxes.keys()
    return found


def test_kinds_that_are_called_as_their_setting_are_among_them() -> None:
    assert {("condition", "condition"), ("variable", "variable"), ("buttons", "buttons")} <= {
        *REQUIRED
    }


@pytest.mark.parametrize("data", [{}, None], ids=["empty", "without data"])
@pytest.mark.parametrize(("kind", "name"), REQUIRED)
def test_each_required_setting(kind: str, name: str, data: dict[str, Any] | None) -> None:
    assert f"nodes.n1.data.{name}" in told(kind, data)


@pytest.mark.parametrize(
    ("kind", "data", "name"),
    [
        ("llm", {"system_prompt": " "}, "prompt"),
        ("loop", {}, "items"),
        ("loop", {"mode": "while", "items": "{{kb.results}}"}, "condition"),
        ("collect_input", {"question": "Which?", "answer_type": "select"}, "options"),
        ("trigger", {"trigger_type": "schedule", "every": "cron"}, "cron"),
    ],
)
def test_what_is_only_needed_with_other_settings(
    kind: str, data: dict[str, Any], name: str
) -> None:
    assert [*told(kind, data)] == [f"nodes.n1.data.{name}"]


def test_items_of_a_list_are_not_counted_as_missing_for_what_they_lack() -> None:
    document = {"name": "Flow", "nodes": [{"id": "s", "type": "switch", "data": {"cases": []}}]}
    assert [each.kind for each in wrongs(DRAFT, document)] == ["too_short"]
    document["nodes"] = [{"id": "s", "type": "switch", "data": {"cases": [{"id": "a"}]}}]
    assert [each.path for each in wrongs(DRAFT, document)] == ["nodes.s.data.cases.0.condition"]


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        (
            "http",
            {"url": "https://a.example/", "fields": [{"name": ""}]},
            "Name of number 1 in “Values from the response” is required",
        ),
        (
            "http",
            {"url": "https://a.example/", "fields": [{"name": "two words"}]},
            (
                "Name of number 1 in “Values from the response” can have letters, digits and _, "
                "and begins with no digit"
            ),
        ),
        (
            "llm",
            {"prompt": "x", "output_type": "schema"},
            "Write the JSON schema that the answer has to fit.",
        ),
    ],
)
def test_what_is_wrong_says_what_to_write(kind: str, data: dict[str, Any], words: str) -> None:
    document = {"name": "Flow", "nodes": [{"id": "n1", "type": kind, "data": data}]}
    [wrong] = wrongs(DRAFT, document)
    assert unplaced(wrong, DRAFT.schema) == words
