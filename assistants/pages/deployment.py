"""How a deployed assistant is reached: embed code, channels, API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from assistants.pages import examples, identity
from assistants.pages.doors import live_page
from channels_deploy import connecting, examining, script
from channels_deploy.channels.website import Website
from channels_deploy.states import all_states, states
from common.csp import with_pictures
from common.htmx import wants_part
from common.problems import Problem
from conversations.releases import assistant_of
from drafts.builder import shown_once
from drafts.entity_pages.frame import frame_context
from drafts.releases import configuration_of
from workspaces.access import Role

if TYPE_CHECKING:
    from django.http import HttpRequest

    from assistants.draft_type import AssistantDraft
    from assistants.models import AssistantEntity
    from workspaces.access import Actor


@never_cache
@require_GET
@live_page()
def deployment(
    request: HttpRequest, actor: Actor, draft_type: AssistantDraft[Any], entity: AssistantEntity
) -> HttpResponse:
    """Embed code, channels, API. A fresh identity secret is shown this once."""
    more = {"identity": identity.shown(actor, entity), **_access(draft_type, entity)}
    context = frame_context(actor, entity, "deployment", **more)
    return _with_widget(render(request, "assistants/deployment.html", context), entity)


@never_cache
@require_GET
@live_page()
def deployed(
    request: HttpRequest, actor: Actor, draft_type: AssistantDraft[Any], entity: AssistantEntity
) -> HttpResponse:
    """Right after a deploy. The API key of a first deploy is shown this once."""
    api_key = shown_once.take(actor, entity.pk) or ""
    access = _access(draft_type, entity)
    access["channels"] = states(entity.connections.all())
    context = frame_context(actor, entity, "deployment", api_key=api_key, **access)
    return _with_widget(render(request, "assistants/deployed.html", context), entity)


@require_POST
@live_page(Role.EDITOR)
def retry(
    request: HttpRequest,
    actor: Actor,
    draft_type: AssistantDraft[Any],
    entity: AssistantEntity,
    *,
    channel: str,
) -> HttpResponse:
    """Connect one channel again."""
    del actor
    try:
        connecting.retry(entity, channel)
    except Problem as problem:
        messages.error(request, problem.detail)
    else:
        messages.success(request, _("Connecting again. The result appears here."))
    url = draft_type.page_url("deployment", entity)
    if wants_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


@require_POST
@live_page(Role.EDITOR)
def check(
    request: HttpRequest,
    actor: Actor,
    draft_type: AssistantDraft[Any],
    entity: AssistantEntity,
    *,
    channel: str,
) -> HttpResponse:
    """Look at one channel now. Its card, with what was found, or the page that has it."""
    refused = ""
    try:
        examining.check(entity, channel)
    except Problem as problem:
        refused = problem.detail
    if not wants_part(request):
        if refused:
            messages.error(request, refused)
        return HttpResponseRedirect(f"{draft_type.page_url('deployment', entity)}#on-{channel}")
    known = states(entity.connections.filter(channel=channel))
    if not known:
        raise Http404
    context = {
        "actor": actor,
        "draft_type": draft_type,
        "entity": entity,
        "channel": known[0],
        "refused": refused,
        "looked": True,
        **draft_type.page_context(actor, entity),
    }
    return render(request, "assistants/parts/channel.html", context)


def _access(draft_type: AssistantDraft[Any], entity: AssistantEntity) -> dict[str, Any]:
    """How it is reached, as the pages show it."""
    assert entity.live_release is not None
    website = connecting.results(entity).get(Website.name)
    shown = website if website and website.get("embed_code") else None
    document = configuration_of(entity.live_release)
    configuration = draft_type.read(document)
    return {
        "channels": all_states(entity.connections.all()),
        "website": shown and {**shown, "single_tag": examples.single_tag(shown, script.url())},
        "reach": draft_type.reach_context(entity),
        "private": entity.visibility == entity.Visibility.PRIVATE,
        "is_chatted_with": draft_type.is_chatted_with(document),
        "page_calls": examples.page_calls(configuration.variables),
        "curl_chat": examples.curl_chat(settings.PUBLIC_URL, draft_type.url_name, entity),
        "curl_openai": examples.curl_openai(settings.PUBLIC_URL, entity),
    }


def _with_widget(response: HttpResponse, entity: AssistantEntity) -> HttpResponse:
    """The live widget stands on the page, with its picture if it has one."""
    profile = assistant_of(entity).assistant.profile
    return with_pictures(response) if profile.avatar_url else response
