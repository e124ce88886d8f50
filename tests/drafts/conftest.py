"""The test kind, registered for the length of a test, and a draft of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from drafts import creating
from drafts.types import draft_types
from tests.drafts.notes import NoteDraft

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from drafts.draft import Draft
    from workspaces.access import Actor


@pytest.fixture
def notes(redis_clean: None, tmp_path: Path) -> Iterator[NoteDraft]:
    with draft_types.temporarily("note", NoteDraft(tmp_path)) as draft_type:
        assert isinstance(draft_type, NoteDraft)
        yield draft_type


@pytest.fixture
def draft(notes: NoteDraft, alice: Actor) -> Draft:
    """Alice's draft, complete enough to be deployed."""
    return creating.create(
        alice,
        notes,
        {
            "name": "First",
            "text": "Hello",
            "look": {"color": "#ffffff", "title": "T"},
            "sections": [{"id": "a", "text": "A"}, {"id": "b", "text": "B", "weight": 2}],
        },
    )
