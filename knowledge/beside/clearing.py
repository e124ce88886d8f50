"""What is kept beside drafts goes with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.beside import files, pages, room, states

if TYPE_CHECKING:
    from uuid import UUID


def forget(workspace_id: UUID, draft_id: str) -> None:
    """Remove everything that was kept beside a draft that is gone. Safe to run twice."""
    pages.forget(draft_id, list(states.states(draft_id)))
    states.forget(workspace_id, draft_id)
    files.remove_draft(draft_id)
    room.forget(workspace_id, draft_id)
