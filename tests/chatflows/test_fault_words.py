"""What the problem list says: each fault names its node, and its setting as the form does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chatflows.checking.texts import written_in
from chatflows.nodes.loop import LoopSettings
from drafts import creating
from drafts.types import draft_types
from drafts.validation import report

if TYPE_CHECKING:
    from workspaces.access import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_clean")]


def told(bob: Actor, kind: str, data: dict[str, Any] | None) -> list[str]:
    """What blocks a flow with one node of ``kind``."""
    node = {"id": f"{kind}1", "type": kind} | ({} if data is None else {"data": data})
    document = {"name": "Small", "nodes": [{"id": "start", "type": "trigger"}, node]}
    draft = creating.create(bob, draft_types.get("chatflow"), document)
    return report(draft, bob).messages("error")


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("llm", {"label": "Classify", "temperature": 3}, "LLM “Classify”: Temperature must be"),
        ("llm", {"temperature": 3}, "LLM llm1: Temperature must be"),
        ("http", None, "HTTP request http1: Address is required"),
        ("buttons", None, "Buttons buttons1: Add at least one entry to Buttons"),
        ("handoff", {"message": ""}, "Human handoff handoff1: Message to the visitor is required"),
        (
            "buttons",
            {"message": "Pick", "buttons": [{"id": "a", "label": ""}]},
            "Buttons buttons1: Label of number 1 in “Buttons” is required",
        ),
    ],
)
def test_a_fault_names_its_node_and_its_setting(
    bob: Actor, kind: str, data: dict[str, Any] | None, words: str
) -> None:
    assert any(each.startswith(words) for each in told(bob, kind, data)), told(bob, kind, data)


def test_nodes_of_the_same_name_are_told_apart(bob: Actor) -> None:
    nodes = [
        {"id": f"llm{number}", "type": "llm", "data": {"label": name}}
        for number, name in enumerate(("Classify", "Classify", "Sum up"))
    ]
    document = {"name": "Twins", "nodes": [{"id": "start", "type": "trigger"}, *nodes]}
    draft = creating.create(bob, draft_types.get("chatflow"), document)
    assert report(draft, bob).messages("error")[:3] == [
        "LLM “Classify” (llm0): Write a prompt",
        "LLM “Classify” (llm1): Write a prompt",
        "LLM “Sum up”: Write a prompt",
    ]


def test_a_fault_of_a_test_case_names_the_case(bob: Actor) -> None:
    case = {"id": "c1", "messages": ["Where is it?"], "expectations": [{"kind": "contains"}]}
    document = {"name": "Small", "nodes": [], "test_cases": [case]}
    draft = creating.create(bob, draft_types.get("chatflow"), document)
    words = "Test case “Where is it?”: Expectation 1: Fill it in, or remove it."
    assert words in report(draft, bob).messages("error")


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("loop", {"mode": "list", "items": "{{input}}", "condition": "=="}),
        ("http", {"url": "https://example.com", "body": "{{"}),
        ("http", {"url": "https://example.com", "form": [{"name": ""}]}),
        ("collect_input", {"question": "Who?", "options": [""]}),
        ("llm", {"prompt": "Hi", "provider": "extractive", "model": "m" * 300}),
    ],
)
def test_what_is_hidden_is_kept_and_has_no_faults(
    bob: Actor, kind: str, data: dict[str, Any]
) -> None:
    blocking = [each for each in told(bob, kind, data) if f"{kind}1" in each]
    assert not [each for each in blocking if "No run comes" not in each]


def test_what_is_shown_again_has_them() -> None:
    shown = {"mode": "while", "items": "{{", "condition": "=="}
    (written,) = written_in(LoopSettings, shown)
    assert (written.path, written.text) == ("condition", "==")
