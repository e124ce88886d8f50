"""The preview's conversation as another channel would show it: a part of the panel, or a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.htmx import wants_part
from common.problems import Problem
from conversations import preview, preview_store
from conversations.bodies import SESSION
from conversations.elsewhere import elsewhere, talk
from conversations.wording import channel_label
from workspaces.access import Role, member

if TYPE_CHECKING:
    from django.http import HttpRequest

    from conversations.preview import Door
    from conversations.preview_store import Session
    from drafts.types import DraftType
    from workspaces.access import Actor

_SESSION = re.compile(SESSION)


@require_safe
@never_cache
@member(Role.EDITOR)
def shown(
    request: HttpRequest, actor: Actor, *, kind: DraftType[Any], draft_id: str
) -> HttpResponse:
    """``channel`` shows ``session``, or the conversation in which somebody spoke last. The website
    shows it itself, so the part is empty."""
    try:
        door = preview.open_door(actor, kind, draft_id)
    except Problem as problem:
        raise Http404(problem.detail) from problem
    channel = request.GET.get("channel", "")
    is_part = wants_part(request)
    if is_part and not channel:
        return HttpResponse()
    if channel not in elsewhere:
        raise Http404("No such channel.")
    context = {
        "actor": actor,
        "draft": door.draft,
        "channel": channel,
        "label": channel_label(channel),
        "talk": talk(door, _session(door, request.GET.get("session", "")), channel),
    }
    template = "conversations/elsewhere.html"
    return render(request, f"{template}#talk" if is_part else template, context)


def _session(door: Door, name: str) -> Session:
    workspace_id, draft_id = door.draft.workspace_id, door.draft.id
    if _SESSION.match(name):
        return door.session(name)
    newest = preview_store.newest(workspace_id, draft_id)
    return newest or preview_store.load(workspace_id, draft_id, "")
