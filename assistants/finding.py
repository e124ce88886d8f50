"""What the palette finds of a kind that one talks to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistants import overview
from drafts.finding import find_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistants.draft_type import AssistantDraft
    from workspaces.access import Actor
    from workspaces.finding import Found


def find(draft_type: AssistantDraft[Any], actor: Actor, query: str) -> Iterator[Found]:
    """Live ones, those first that were used or deployed last, then drafts."""
    return find_in(actor, draft_type, overview.live(actor, draft_type), query)
