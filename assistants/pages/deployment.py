"""How a deployed assistant is reached: embed code, channels, API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from assistants.pages import channels, examples, identity
from assistants.pages.doors import live_page
from channels_deploy import script, told
from channels_deploy.channels.website import Website
from common.csp import with_pictures
from conversations.releases import assistant_of
from drafts.builder import shown_once
from drafts.entity_pages.frame import frame_context
from drafts.releases import configuration_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

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
    access = _access(draft_type, entity, only_used=True)
    context = frame_context(actor, entity, "deployment", api_key=api_key, **access)
    return _with_widget(render(request, "assistants/deployed.html", context), entity)


def _access(
    draft_type: AssistantDraft[Any], entity: AssistantEntity, *, only_used: bool = False
) -> dict[str, Any]:
    """How it is reached, as the pages show it."""
    assert entity.live_release is not None
    website = told.results(entity).get(Website.name)
    shown = website if website and website.get("embed_code") else None
    document = configuration_of(entity.live_release)
    configuration = draft_type.read(document)
    return {
        **channels.context_of(entity, only_used=only_used),
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
