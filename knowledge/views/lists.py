"""The list of a workspace's knowledge bases: drafts, and what is live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

from drafts.entity_pages.listing import list_context, query_of
from drafts.types import draft_types
from knowledge.kind import KIND
from knowledge.live import overview
from workspaces.access import member

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from workspaces.access import Actor


@require_GET
@member()
def bases(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All drafts and live knowledge bases, narrowed by ``q``."""
    found = overview.live_named(actor, query_of(request))
    context = list_context(request, actor, draft_types.get(KIND), found)
    context["live"] = overview.live_rows(actor, context["live_page"].object_list)
    return render(request, "knowledge/list.html", context)
