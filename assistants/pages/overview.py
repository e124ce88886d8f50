"""How a deployed assistant does, what it is set to, and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assistants import bases, overview, uses
from assistants.pages.doors import live_page
from channels_deploy.states import states
from drafts import entities
from drafts.entity_pages.frame import frame_context
from drafts.releases import configuration_of
from workspaces.access import Role

if TYPE_CHECKING:
    from django.http import HttpRequest

    from assistants.draft_type import AssistantDraft
    from assistants.models import AssistantEntity
    from workspaces.access import Actor

INVALID = 422


@require_GET
@live_page()
def detail(
    request: HttpRequest, actor: Actor, draft_type: AssistantDraft[Any], entity: AssistantEntity
) -> HttpResponse:
    """How it is doing and what it is set to."""
    return _detail(request, actor, draft_type, entity)


def _detail(
    request: HttpRequest,
    actor: Actor,
    draft_type: AssistantDraft[Any],
    entity: AssistantEntity,
    *,
    delete_error: str = "",
) -> HttpResponse:
    assert entity.live_release is not None
    live = configuration_of(entity.live_release)
    configuration = draft_type.read(live)
    context = frame_context(
        actor,
        entity,
        "overview",
        delete_url=draft_type.page_url("delete", entity),
        numbers=overview.numbers_of(entity),
        channels=states(entity.connections.all()),
        reach=draft_type.reach_context(entity),
        facts=draft_type.facts(configuration, actor),
        prompt=draft_type.prompt(configuration),
        lost_bases=bases.lost(actor, list(draft_type.bases(live))),
        delete_error=delete_error,
        uses=list(uses.run_uses(draft_type, actor, entity.pk)) if actor.is_editor else (),
    )
    return render(
        request, "assistants/overview.html", context, status=INVALID if delete_error else 200
    )


@require_POST
@live_page(Role.EDITOR)
def delete(
    request: HttpRequest, actor: Actor, draft_type: AssistantDraft[Any], entity: AssistantEntity
) -> HttpResponse:
    """Remove it and all that belongs to it, once its name was typed. Blanks do not count: a page
    does not show them as they are."""
    if request.POST.get("name", "").split() != entity.name.split():
        words = _("This is not the name. Nothing was deleted.")
        return _detail(request, actor, draft_type, entity, delete_error=words)
    name = entity.name
    entities.remove(actor, entity)
    messages.success(request, _("%(name)s was deleted.") % {"name": name})
    return HttpResponseRedirect(draft_type.list_url(actor.workspace))
