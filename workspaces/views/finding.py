"""The palette's search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.views.decorators.http import require_GET

from workspaces import finding
from workspaces.access import member

if TYPE_CHECKING:
    from django.http import HttpRequest

    from workspaces.access import Actor

LONGEST_QUERY = 120


@require_GET
@member()
def find(request: HttpRequest, actor: Actor) -> JsonResponse:
    """What is found by ``q``."""
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    return JsonResponse({"results": [entry.as_dict() for entry in finding.found(actor, query)]})
