"""What the palette finds of chatbots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatbots import overview
from drafts.finding import find_in
from drafts.types import draft_types

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workspaces.access import Actor
    from workspaces.finding import Found


def find(actor: Actor, query: str) -> Iterator[Found]:
    """Live chatbots, those first that were used or deployed last, then drafts."""
    return find_in(actor, draft_types.get(overview.KIND), overview.of_workspace(actor), query)
