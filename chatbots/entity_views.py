"""The pages of one deployed chatbot: how it does, its channels, its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from assistants import bases, overview
from channels_deploy import connecting, script
from channels_deploy.channels.website import Website
from channels_deploy.states import all_states, states
from chatbots import examples, identity_views
from chatbots.facts import facts_of
from chatbots.kind import registered
from chatbots.reading import read
from common.csp import with_pictures
from common.htmx import wants_part
from common.problems import Problem
from conversations.releases import assistant_of
from drafts import entities
from drafts.builder import shown_once
from drafts.entity_pages.frame import frame_context
from drafts.releases import configuration_of
from workspaces.access import Role, member

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from assistants.models import AssistantEntity
    from workspaces.access import Actor

INVALID = 422


def _open(actor: Actor, entity_id: UUID) -> AssistantEntity:
    """The live chatbot; a foreign one does not exist."""
    return get_object_or_404(overview.live(actor, registered()), pk=entity_id)


@require_GET
@member()
def detail(request: HttpRequest, actor: Actor, *, entity_id: UUID) -> HttpResponse:
    """How it is doing and what it is set to."""
    return _detail(request, actor, _open(actor, entity_id))


def _detail(
    request: HttpRequest, actor: Actor, chatbot: AssistantEntity, *, delete_error: str = ""
) -> HttpResponse:
    assert chatbot.live_release is not None
    live = configuration_of(chatbot.live_release)
    configuration = read(live)
    context = frame_context(
        actor,
        chatbot,
        "overview",
        delete_url=reverse("chatbots:delete", args=(actor.workspace.slug, chatbot.pk)),
        numbers=overview.numbers_of(chatbot),
        channels=states(chatbot.connections.all()),
        facts=facts_of(configuration, actor),
        prompt=configuration.system_prompt,
        lost_bases=bases.lost(actor, list(registered().bases(live))),
        delete_error=delete_error,
    )
    return render(
        request, "chatbots/overview.html", context, status=INVALID if delete_error else 200
    )


@never_cache
@require_GET
@member()
def deployment(request: HttpRequest, actor: Actor, *, entity_id: UUID) -> HttpResponse:
    """Embed code, channels, API. A fresh identity secret is shown this once."""
    chatbot = _open(actor, entity_id)
    identity = identity_views.shown(actor, chatbot)
    context = frame_context(actor, chatbot, "deployment", identity=identity, **_access(chatbot))
    return _with_widget(render(request, "chatbots/deployment.html", context), chatbot)


def _access(chatbot: AssistantEntity) -> dict[str, Any]:
    """How the chatbot is reached, as the deployment pages show it."""
    assert chatbot.live_release is not None
    results = connecting.results(chatbot)
    website = results.get(Website.name)
    shown = website if website and website.get("embed_code") else None
    return {
        "channels": all_states(chatbot.connections.all()),
        "website": shown and {**shown, "single_tag": examples.single_tag(shown, script.url())},
        "private": chatbot.visibility == chatbot.Visibility.PRIVATE,
        "page_calls": examples.page_calls(read(configuration_of(chatbot.live_release)).variables),
        "curl_chat": examples.curl_chat(settings.PUBLIC_URL, chatbot),
        "curl_openai": examples.curl_openai(settings.PUBLIC_URL, chatbot),
    }


def _with_widget(response: HttpResponse, chatbot: AssistantEntity) -> HttpResponse:
    """The live widget stands on the page, with its picture if it has one."""
    profile = assistant_of(chatbot).assistant.profile
    return with_pictures(response) if profile.avatar_url else response


@never_cache
@require_GET
@member()
def deployed(request: HttpRequest, actor: Actor, *, entity_id: UUID) -> HttpResponse:
    """Right after a deploy. The API key of a first deploy is shown this once."""
    chatbot = _open(actor, entity_id)
    api_key = shown_once.take(actor, chatbot.pk) or ""
    access = _access(chatbot)
    access["channels"] = states(chatbot.connections.all())
    context = frame_context(actor, chatbot, "deployment", api_key=api_key, **access)
    return _with_widget(render(request, "chatbots/deployed.html", context), chatbot)


@require_POST
@member(Role.EDITOR)
def retry(request: HttpRequest, actor: Actor, *, entity_id: UUID, channel: str) -> HttpResponse:
    """Connect one channel again."""
    chatbot = _open(actor, entity_id)
    try:
        connecting.retry(chatbot, channel)
    except Problem as problem:
        messages.error(request, problem.detail)
    else:
        messages.success(request, _("Connecting again. The result appears here."))
    return _to(request, actor, chatbot, "deployment")


@require_POST
@member(Role.EDITOR)
def delete(request: HttpRequest, actor: Actor, *, entity_id: UUID) -> HttpResponse:
    """Remove the chatbot and all that belongs to it, once its name was typed. Blanks do not count:
    a page does not show them as they are."""
    chatbot = _open(actor, entity_id)
    if request.POST.get("name", "").split() != chatbot.name.split():
        words = _("This is not the name. Nothing was deleted.")
        return _detail(request, actor, chatbot, delete_error=words)
    name = chatbot.name
    entities.remove(actor, chatbot)
    messages.success(request, _("%(name)s was deleted.") % {"name": name})
    return HttpResponseRedirect(reverse("chatbots:list", args=(actor.workspace.slug,)))


def _to(request: HttpRequest, actor: Actor, chatbot: AssistantEntity, page: str) -> HttpResponse:
    url = reverse(f"chatbots:{page}", args=(actor.workspace.slug, chatbot.pk))
    if wants_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
