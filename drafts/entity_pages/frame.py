"""What stands around every page of a live entity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drafts.overview import drafts_by_entity
from drafts.types import draft_types

if TYPE_CHECKING:
    from drafts.models import Entity
    from workspaces.access import Actor


def frame_context(actor: Actor, entity: Entity, tab: str, **more: Any) -> dict[str, Any]:
    """The context of the kind's ``page``: ``drafts/entity/frame.html`` says what is in it."""
    assert entity.live_release is not None
    draft_type = draft_types.get(entity.kind)
    return {
        "actor": actor,
        "draft_type": draft_type,
        "entity": entity,
        "version": entity.live_release.number,
        "draft": drafts_by_entity(actor, draft_type).get(entity.pk),
        "section": draft_type.url_name,
        "list_url": draft_type.list_url(actor.workspace),
        "tab": tab,
        **draft_type.page_context(actor, entity),
        **more,
    }
