"""What the palette finds of knowledge bases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafts.finding import find_in
from drafts.types import draft_types
from knowledge.live import bases, overview

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workspaces.access import Actor
    from workspaces.finding import Found


def find(actor: Actor, query: str) -> Iterator[Found]:
    """Live bases, the last changed first, then drafts."""
    return find_in(actor, draft_types.get(overview.KIND), bases.of_workspace(actor), query)
