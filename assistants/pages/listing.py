"""The list of a kind: what is being worked on, what is live, how to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.views.decorators.http import require_GET

from assistants import overview
from assistants.pages.doors import kind_page
from drafts.entity_pages.listing import list_context, query_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from assistants.draft_type import AssistantDraft
    from workspaces.access import Actor


@require_GET
@kind_page
def listing(request: HttpRequest, actor: Actor, draft_type: AssistantDraft[Any]) -> HttpResponse:
    """All drafts and live ones, narrowed by ``q``."""
    found = overview.live_named(actor, draft_type, query_of(request))
    context = list_context(request, actor, draft_type, found)
    context["live"] = overview.live_rows(actor, draft_type, context["live_page"].object_list)
    return render(request, "assistants/list.html", context)
