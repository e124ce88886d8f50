"""Keys that may do nothing but chat with one chatbot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assistants import overview
from chatbots.kind import registered
from workspaces import keys
from workspaces.access import Role, member
from workspaces.models import ApiKey

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from workspaces.access import Actor


@never_cache
@require_POST
@member(Role.ADMIN)
def make_key(request: HttpRequest, actor: Actor, *, entity_id: UUID) -> HttpResponse:
    """Another key beside the first deploy's. Answers with the key itself, this once."""
    chatbot = get_object_or_404(overview.live(actor, registered()), pk=entity_id)
    key, raw = keys.issue_by(actor, chatbot.name, ApiKey.Scope.CHAT, chatbot.pk)
    return render(
        request, "workspaces/key_shown_once.html", {"actor": actor, "key": key, "raw": raw}
    )
