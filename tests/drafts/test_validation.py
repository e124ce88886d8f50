"""What blocks and what would be better, in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import drafts
from drafts import creating, editing, validation
from drafts.access import open_draft
from drafts.messages import humanised
from drafts.types import draft_types

if TYPE_CHECKING:
    from tests.drafts.notes import NoteDraft
    from workspaces.access import Actor

GOOD = {"name": "N", "text": "T", "prompts": ["p"]}


@pytest.mark.parametrize(
    ("data", "path", "message"),
    [
        ({"name": None}, "name", "Name is required"),
        ({"name": ""}, "name", "Name is required"),
        ({"name": "x" * 61}, "name", "Name may have at most 60 characters; this has 61"),
        ({"temperature": 2.5}, "temperature", "Temperature must be between 0 and 2"),
        ({"temperature": -1}, "temperature", "Temperature must be between 0 and 2"),
        ({"count": 0}, "count", "Count must be at least 1"),
        ({"look": {"color": "red"}}, "look.color", "Color must look like #4f46e5"),
        (
            {"look": {"avatar_url": "nowhere"}},
            "look.avatar_url",
            "Avatar URL must be a full web address, such as https://example.com",
        ),
        ({"prompts": ["a", "b", "c", "d"]}, "prompts", "Prompts may have at most 3 entries"),
        (
            {"sections": [{"id": "intro", "weight": 99}]},
            "sections.intro.weight",
            "Sections, intro: Weight must be between 0 and 10",
        ),
        (
            {"sections": [{"id": "s", "fields": [{"name": "f", "label": "x" * 40}]}]},
            "sections.s.fields.f.label",
            "Fields, f: Label may have at most 30 characters; this has 40",
        ),
        (
            {"mode": "rich", "count": 13},
            "count",
            "Rich notes cannot be counted thirteen times",
        ),
    ],
)
def test_what_blocks_is_told_in_words_with_its_place(
    data: dict[str, Any], path: str, message: str, *, notes: NoteDraft, alice: Actor
) -> None:
    draft = creating.create(alice, notes, GOOD)
    editing.patch(alice, notes, draft.id, data)
    draft = open_draft(alice, notes, draft.id)
    (issue,) = validation.issues(draft, alice)
    assert (issue.severity, issue.path, issue.words) == ("error", path, message)
    assert issue.step == notes.step_of(path)
    assert issue.node_id == (path.split(".")[1] if path.startswith("sections") else None)


def test_errors_come_before_warnings_and_in_the_order_of_the_steps(
    notes: NoteDraft, alice: Actor
) -> None:
    draft = creating.create(
        alice, notes, {"temperature": 9, "sections": [{"id": "a", "weight": 99}]}
    )
    found = [(issue.severity, issue.path) for issue in validation.issues(draft, alice)]
    assert found == [
        ("error", "name"),
        ("error", "text"),
        ("error", "temperature"),
        ("error", "sections.a.weight"),
        ("warning", "prompts"),
    ]


def test_steps_have_their_ticks_from_the_draft_itself(notes: NoteDraft, alice: Actor) -> None:
    def states(data: dict[str, Any]) -> dict[str, str]:
        return validation.step_states(creating.create(alice, notes, data), alice)

    assert states({}) == {"basic": "todo", "look": "todo", "deploy": "todo"}
    assert states({"name": "N"})["basic"] == "error"
    assert states({"name": "N", "text": "T"})["basic"] == "done"
    assert states({"look": {"title": "T"}})["look"] == "warning"
    assert states({"look": {"title": "T"}, "prompts": ["p"]})["look"] == "done"


def test_names_become_labels() -> None:
    assert humanised("system_prompt") == "System prompt"
    assert humanised("avatar_url") == "Avatar URL"
    assert humanised("credential_id") == "Credential"
    assert humanised("name") == "Name"


def test_the_draft_machine_names_no_kind(notes: NoteDraft) -> None:
    """What is special to a kind is in its own app."""
    names = {"chatbot", "chatflow", "knowledge_base", "knowledgebase"}
    names |= {draft_type.kind for draft_type in draft_types if draft_type.kind != "note"}
    folder = Path(drafts.__file__).parent
    sources = [
        path
        for path in [*folder.rglob("*.py"), *folder.rglob("*.lua")]
        if "migrations" not in path.parts
    ]
    assert len(sources) > 20
    for path in sources:
        text = path.read_text().lower()
        assert not [name for name in names if name in text], path
