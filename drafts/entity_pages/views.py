"""The pages that live entities of every kind have: their versions, and the way to edit them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.htmx import wants_part
from common.numbers import version_number
from common.problems import Problem
from drafts import creating
from drafts.deploying import deploy
from drafts.deploying.planning import plan_rollback
from drafts.deploying.wording import in_words
from drafts.entity_pages.doors import entity_page
from drafts.entity_pages.frame import frame_context
from drafts.entity_pages.listing import PER_PAGE
from drafts.entity_pages.releases import changes, history
from drafts.overview import drafts_by_entity
from drafts.types import draft_types
from workspaces.access import Role

if TYPE_CHECKING:
    from django.http import HttpRequest

    from drafts.models import Entity
    from workspaces.access import Actor

TAB = "versions"


@require_POST
@entity_page(Role.EDITOR)
def edit(request: HttpRequest, actor: Actor, entity: Entity) -> HttpResponse:
    """Go on with the draft that changes this entity, or begin one; at the field ``focus`` if one
    is named."""
    draft_type = draft_types.get(entity.kind)
    begun = drafts_by_entity(actor, draft_type).get(entity.pk)
    draft_id = begun.id if begun else creating.create_from_entity(actor, entity).id
    words = (actor.workspace.slug, draft_type.url_name, draft_id)
    focus = request.POST.get("focus", "")
    if not focus:
        return HttpResponseRedirect(reverse("drafts:open", args=words))
    url = reverse("drafts:builder", args=(*words, draft_type.step_of(focus)))
    return HttpResponseRedirect(f"{url}?{urlencode({'focus': focus})}")


@require_GET
@entity_page()
def versions(request: HttpRequest, actor: Actor, entity: Entity) -> HttpResponse:
    """Every version, page by page."""
    releases = Paginator(history(entity), PER_PAGE).get_page(request.GET.get("page"))
    context = frame_context(actor, entity, TAB, releases=releases)
    return render(request, "drafts/entity/versions.html", context)


@require_GET
@entity_page()
def version_changes(
    request: HttpRequest, actor: Actor, entity: Entity, *, number: int
) -> HttpResponse:
    """What one version changed, when somebody wants to know."""
    more = {"number": number, "previous": number - 1, "changes": changes(actor, entity, number)}
    if wants_part(request):
        return render(request, "drafts/entity/parts/changes.html", more)
    context = frame_context(actor, entity, TAB, **more)
    return render(request, "drafts/entity/changes.html", context)


@require_http_methods(["GET", "POST"])
@entity_page(Role.EDITOR)
def rollback(request: HttpRequest, actor: Actor, entity: Entity, *, number: int) -> HttpResponse:
    """What going back to an old version would do; and doing it, as the newest version."""
    if request.method == "GET":
        return _rollback_plan(request, actor, entity, number)
    live = version_number(request.POST.get("live", ""))
    try:
        result = deploy.rollback(actor, entity, number, live=live)
    except Problem as problem:
        messages.error(request, problem.detail)
    else:
        messages.success(
            request,
            _("Version %(old)d is live again, as version %(new)d.")
            % {"old": number, "new": result.release.number},
        )
    return _to_versions(request, actor, entity)


def _rollback_plan(request: HttpRequest, actor: Actor, entity: Entity, number: int) -> HttpResponse:
    try:
        plan = plan_rollback(actor, entity, number)
    except Problem as problem:
        messages.error(request, problem.detail)
        return _to_versions(request, actor, entity)
    words = in_words(draft_types.get(entity.kind), plan.changes, plan.between, actor)
    limits = [(channel.label, channel.limit) for channel in plan.channels if channel.limit]
    more = {"number": number, "plan": plan, "changes": words, "limits": limits}
    context = frame_context(actor, entity, TAB, **more)
    name = "parts/rollback" if wants_part(request) else "rollback"
    return render(request, f"drafts/entity/{name}.html", context)


def _to_versions(request: HttpRequest, actor: Actor, entity: Entity) -> HttpResponse:
    kind = draft_types.get(entity.kind).url_name
    url = reverse("drafts:versions", args=(actor.workspace.slug, kind, entity.pk))
    if wants_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
