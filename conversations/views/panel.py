"""The builder's preview panel: the widget's protocol over the session cookie."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from common.http import json_body, problems
from common.problems import not_found
from conversations import preview, preview_store
from conversations.bodies import (
    FeedbackBody,
    InSessionBody,
    LeadBody,
    NewsBody,
    PanelBody,
    SessionBody,
    parsed,
)
from conversations.leads import cleaned
from conversations.looking import looking_on
from conversations.passage_pages import PassagePages
from conversations.sharing import share
from conversations.streaming import sse
from workspaces.access import Role, actor_for_stream, admit_again

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from conversations.preview import Door
    from drafts.types import DraftType

    Kind = DraftType[Any]


def _door(request: HttpRequest, workspace: str, kind: Kind, draft_id: str) -> Door:
    actor = actor_for_stream(request, workspace, Role.EDITOR)
    return preview.open_door(actor, kind, draft_id)


def _pages(request: HttpRequest, workspace: str) -> PassagePages:
    return PassagePages(request.build_absolute_uri("/").rstrip("/"), workspace)


@require_POST
@problems
def session(request: HttpRequest, *, workspace: str, kind: Kind, draft_id: str) -> HttpResponse:
    door = _door(request, workspace, kind, draft_id)
    body = parsed(SessionBody, json_body(request))
    opened = preview.open_preview(door, body.session_id or "", body.variables, body.language)
    pages = _pages(request, workspace)
    return JsonResponse(opened | {"messages": list(map(pages.linked_all, opened["messages"]))})


@csrf_exempt  # the door for streams looks at the CSRF header itself
@require_POST
@problems
async def messages(
    request: HttpRequest, *, workspace: str, kind: Kind, draft_id: str
) -> HttpResponseBase:
    actor = await sync_to_async(actor_for_stream)(request, workspace, Role.EDITOR)
    body = parsed(PanelBody, json_body(request))
    asked = preview.Asked(**body.model_dump(exclude={"invited"}), public=True)
    admit = partial(admit_again, request, workspace, Role.EDITOR)
    frames = await preview.answer_stream(actor, kind, draft_id, asked, admit)
    # Nobody steps into a preview.
    return sse(_pages(request, workspace).told(looking_on(frames, later=0)))


@require_POST
@problems
def news(request: HttpRequest, *, workspace: str, kind: Kind, draft_id: str) -> HttpResponse:
    _door(request, workspace, kind, draft_id)
    parsed(NewsBody, json_body(request))
    return JsonResponse(preview.news())


@require_POST
@problems
def reset(request: HttpRequest, *, workspace: str, kind: Kind, draft_id: str) -> HttpResponse:
    door = _door(request, workspace, kind, draft_id)
    body = parsed(InSessionBody, json_body(request))
    preview_store.reset(door.draft.id, body.session_id)
    return HttpResponse(status=204)


@require_POST
@problems
def feedback(request: HttpRequest, *, workspace: str, kind: Kind, draft_id: str) -> HttpResponse:
    door = _door(request, workspace, kind, draft_id)
    body = parsed(FeedbackBody, json_body(request))
    kept = preview_store.keep_feedback(door.session(body.session_id), body.message_id, body.value)
    if not kept:
        raise not_found()
    return HttpResponse(status=204)


@require_POST
@problems
def leads(request: HttpRequest, *, workspace: str, kind: Kind, draft_id: str) -> HttpResponse:
    """The lead form is checked as it would be live, and what was typed is not kept."""
    door = _door(request, workspace, kind, draft_id)
    body = parsed(LeadBody, json_body(request))
    form = door.assistant.profile.lead
    if form is None:
        raise not_found()
    cleaned(form, body.fields)
    preview_store.keep_lead(door.session(body.session_id), door.expires_at)
    return HttpResponse(status=204)


@require_POST
@problems
def share_link(request: HttpRequest, *, workspace: str, kind: Kind, draft_id: str) -> HttpResponse:
    door = _door(request, workspace, kind, draft_id)
    body = parsed(InSessionBody, json_body(request))
    return JsonResponse(share(door, body.session_id))
