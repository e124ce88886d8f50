"""Keys that may do nothing but chat with one assistant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assistants.pages.doors import live_page
from workspaces import keys
from workspaces.access import Role
from workspaces.models import ApiKey

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from assistants.draft_type import AssistantDraft
    from assistants.models import AssistantEntity
    from workspaces.access import Actor


@never_cache
@require_POST
@live_page(Role.ADMIN)
def make_key(
    request: HttpRequest, actor: Actor, draft_type: AssistantDraft[Any], entity: AssistantEntity
) -> HttpResponse:
    """Another key beside the first deploy's. Answers with the key itself, this once."""
    del draft_type
    key, raw = keys.issue_by(actor, entity.name, ApiKey.Scope.CHAT, entity.pk)
    return render(
        request, "workspaces/key_shown_once.html", {"actor": actor, "key": key, "raw": raw}
    )
