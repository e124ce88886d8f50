"""An assistant's own page: the widget and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from channels_deploy.door import entity_of, website_by
from common.problems import Problem
from conversations.releases import assistant_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from drafts.models import Entity


@require_safe
def hosted(request: HttpRequest, slug: str) -> HttpResponse:
    """404 when there is no such assistant or its website channel is off."""
    try:
        connection = website_by(entity__slug=slug)
        entity = entity_of(connection)
        profile = assistant_of(entity).assistant.profile
    except Problem:
        raise Http404 from None
    listed = is_public(entity)
    context = {"profile": profile, "key": connection.public_key, "listed": listed}
    response = render(request, "channels_deploy/hosted.html", context)
    response["Cache-Control"] = "no-cache"
    if not listed:
        response["X-Robots-Tag"] = "noindex"
    return response


def is_public(entity: Entity) -> bool:
    """Whether the live release may be found by search engines."""
    release = entity.live_release
    return release is not None and release.configuration.get("visibility") == "public"
