"""What the palette finds of knowledge bases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafts.finding import find_in
from drafts.types import draft_types
from knowledge.kind import KIND
from knowledge.live import bases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workspaces.access import Actor
    from workspaces.finding import Found


def find(actor: Actor, query: str) -> Iterator[Found]:
    """Live bases, the last changed first, then drafts."""
    return find_in(actor, draft_types.get(KIND), bases.of_workspace(actor), query)
