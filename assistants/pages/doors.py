"""The doors of the pages of a kind, and of a live one of it."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404

from assistants import overview
from assistants.kinds import talking
from drafts.types import by_url_name
from workspaces.access import Role, member

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponseBase

    from workspaces.access import Actor

    View = Callable[..., HttpResponseBase]


def kind_page(view: View) -> View:
    """Decorates a view of one kind: it is given ``(request, actor, draft_type)``."""

    @member()
    @wraps(view)
    def guarded(request: HttpRequest, actor: Actor, *, kind: str) -> HttpResponseBase:
        return view(request, actor, talking(by_url_name(kind)))

    return guarded


def live_page(at_least: Role = Role.VIEWER) -> Callable[[View], View]:
    """Decorates a view of a live one: it is given ``(request, actor, draft_type, entity, …)``; a
    foreign one does not exist."""

    def decorate(view: View) -> View:
        @member(at_least)
        @wraps(view)
        def guarded(
            request: HttpRequest, actor: Actor, *, kind: str, entity_id: UUID, **kwargs: Any
        ) -> HttpResponseBase:
            draft_type = talking(by_url_name(kind))
            entity = get_object_or_404(overview.live(actor, draft_type), pk=entity_id)
            return view(request, actor, draft_type, entity, **kwargs)

        return guarded

    return decorate
