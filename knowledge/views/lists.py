"""The list of a workspace's knowledge bases: drafts, and what is live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

from knowledge import overview
from workspaces.access import member

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from workspaces.access import Actor

LONGEST_QUERY = 120


@require_GET
@member()
def bases(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All drafts and live knowledge bases, narrowed by ``q``."""
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    context = {
        "actor": actor,
        "query": query,
        "drafts": overview.draft_rows(actor, query),
        "live": overview.live_rows(actor, query),
    }
    return render(request, "knowledge/list.html", context)
