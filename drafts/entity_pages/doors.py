"""The door of a live entity's pages."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404

from drafts.builder.doors import kind_page
from drafts.entities import live_entities
from workspaces.access import Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponseBase

    from drafts.types import DraftType
    from workspaces.access import Actor

    View = Callable[..., HttpResponseBase]


def entity_page(at_least: Role = Role.VIEWER) -> Callable[[View], View]:
    """Decorates a view of one live entity of any kind: it is given ``(request, actor, entity, …)``;
    a foreign one does not exist."""

    def decorate(view: View) -> View:
        @kind_page(at_least)
        @wraps(view)
        def guarded(
            request: HttpRequest,
            actor: Actor,
            draft_type: DraftType[Any],
            *,
            entity_id: UUID,
            **kwargs: Any,
        ) -> HttpResponseBase:
            entity = get_object_or_404(live_entities(actor, draft_type), pk=entity_id)
            return view(request, actor, entity, **kwargs)

        return guarded

    return decorate
