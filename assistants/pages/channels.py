"""The channels of a deployed assistant as they are now, and what people do with one of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assistants.pages.doors import live_page
from channels_deploy import examining
from channels_deploy.channels import described
from channels_deploy.channels.website import Website
from channels_deploy.states import all_states, states
from common.htmx import toast, wants_part
from common.problems import Problem
from drafts.deploying import channels
from workspaces.access import Role
from workspaces.views.answers import confirm

if TYPE_CHECKING:
    from django.http import HttpRequest

    from assistants.draft_type import AssistantDraft
    from assistants.models import AssistantEntity
    from workspaces.access import Actor


@never_cache
@require_GET
@live_page()
def shown(
    request: HttpRequest, actor: Actor, draft_type: AssistantDraft[Any], entity: AssistantEntity
) -> HttpResponse:
    """How far each channel is, for a page that waits for it."""
    return _part(request, actor, draft_type, entity)


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
    act = partial(channels.retry, actor, entity, channel)
    return _done(request, actor, draft_type, entity, act)


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
    """Look at one channel now, and show what was found on its card."""
    refused = ""
    try:
        examining.check(entity, channel)
    except Problem as problem:
        refused = problem.detail
    if wants_part(request):
        answer = _part(request, actor, draft_type, entity, looked=channel)
        return toast(answer, refused, "red") if refused else answer
    if refused:
        messages.error(request, refused)
    url = draft_type.page_url("deployment", entity)
    return HttpResponseRedirect(f"{url}#channel-{described(channel).name}")


@require_POST
@live_page(Role.EDITOR)
def disable(
    request: HttpRequest,
    actor: Actor,
    draft_type: AssistantDraft[Any],
    entity: AssistantEntity,
    *,
    channel: str,
) -> HttpResponse:
    """Withdraw one channel until it is switched on again."""
    act = partial(channels.switch, actor, entity, channel, on=False)
    return _done(request, actor, draft_type, entity, act)


@require_POST
@live_page(Role.EDITOR)
def enable(
    request: HttpRequest,
    actor: Actor,
    draft_type: AssistantDraft[Any],
    entity: AssistantEntity,
    *,
    channel: str,
) -> HttpResponse:
    """Connect one channel again that was switched off by hand."""
    act = partial(channels.switch, actor, entity, channel, on=True)
    return _done(request, actor, draft_type, entity, act)


@require_http_methods(["GET", "HEAD", "POST"])
@live_page(Role.EDITOR)
def remove(
    request: HttpRequest,
    actor: Actor,
    draft_type: AssistantDraft[Any],
    entity: AssistantEntity,
    *,
    channel: str,
) -> HttpResponse:
    """Remove one channel, once that was confirmed."""
    back = draft_type.page_url("deployment", entity)
    label = described(channel).short
    if request.method != "POST":
        text = _(
            "It stops answering there at once. Its settings and its address are forgotten, and a "
            "version without it goes live. Conversations are kept."
        )
        asked = {"actor": actor, "text": text, "back": back, "button": _("Remove channel")}
        return confirm(request, {**asked, "title": _("Remove %s?") % label})
    try:
        channels.remove(actor, entity, channel)
    except Problem as problem:
        messages.error(request, problem.detail)
    else:
        messages.success(request, _("%s is removed.") % label)
    return HttpResponseRedirect(back)


def _done(
    request: HttpRequest,
    actor: Actor,
    draft_type: AssistantDraft[Any],
    entity: AssistantEntity,
    act: partial[None],
) -> HttpResponse:
    """Do it, and show the channels as they are then. Of the website more stands on the page."""
    try:
        act()
    except Problem as problem:
        if wants_part(request):
            return toast(_part(request, actor, draft_type, entity), problem.detail, "red")
        messages.error(request, problem.detail)
    url = draft_type.page_url("deployment", entity)
    if not wants_part(request):
        return HttpResponseRedirect(url)
    if Website.name in act.args:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return _part(request, actor, draft_type, entity)


def context_of(entity: AssistantEntity, *, only_used: bool) -> dict[str, Any]:
    """The channels for ``parts/channels.html``: those in use, or every one there is."""
    found = (states if only_used else all_states)(entity.connections.select_related("entity"))
    is_waiting = any(each.is_pending for each in found)
    return {"channels": found, "only_used": only_used, "is_waiting": is_waiting}


def _part(
    request: HttpRequest,
    actor: Actor,
    draft_type: AssistantDraft[Any],
    entity: AssistantEntity,
    *,
    looked: str = "",
) -> HttpResponse:
    """``looked`` is the channel of which somebody wants to see what was found."""
    context = {
        "looked": looked,
        "actor": actor,
        "draft_type": draft_type,
        "entity": entity,
        "reach": draft_type.reach_context(entity),
        **context_of(entity, only_used="used" in request.GET),
        **draft_type.page_context(actor, entity),
    }
    return render(request, "assistants/parts/channels.html", context)
