"""The API's ways to talk: to a draft and to a deployed assistant, as JSON or as a stream."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.http import JsonResponse

from common.http import json_body
from common.limits import count
from common.problems import forbidden, not_found
from conversations import api_answers, limits, live, preview, sessions
from conversations.bodies import ChatBody, PreviewBody, SaidQuery, parsed
from conversations.news import news_of
from conversations.streaming import answered, wants_stream
from conversations.views.methods import takes
from drafts.access import require
from workspaces.access import Role, holder, manager, may_chat_with

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from conversations.live import PassedOn, Prepared
    from drafts.models import Entity
    from drafts.types import DraftType
    from workspaces.access import Actor

    Kind = DraftType[Any]


@takes("POST")
async def preview_draft(request: HttpRequest, *, kind: Kind, draft_id: str) -> HttpResponseBase:
    admit = partial(_editor, request)
    actor = await sync_to_async(admit)()
    body = parsed(PreviewBody, json_body(request))
    asked = preview.Asked(body.message, body.session_id or "", body.variables)
    frames = await preview.answer_stream(actor, kind, draft_id, asked, admit)
    return await answered(request, frames)


def _editor(request: HttpRequest) -> Actor:
    actor = manager(request)
    require(actor, Role.EDITOR)
    return actor


@takes("POST")
async def chat(request: HttpRequest, *, kind: Kind, entity_id: UUID) -> HttpResponseBase:
    prepared = await sync_to_async(_prepare)(request, kind, entity_id)
    return await answered(request, prepared.frames())


def _prepare(request: HttpRequest, kind: Kind, entity_id: UUID) -> Prepared | PassedOn:
    """Who asks, whom, what: all that the database is needed for before the answer."""
    actor = holder(request)
    body = parsed(ChatBody, json_body(request))
    entity = chattable(actor, entity_id, kind.kind)
    asked = live.Asked(
        message=body.message,
        session_id=body.session_id or "",
        variables=body.variables,
        visitor={"user": body.user} if body.user else {},
        # Suggestions are for somebody who watches the answer appear.
        follow_ups=wants_stream(request),
        counted_as=body.user or "",
        limits=limits.of_key(entity.pk),
    )
    return live.prepare(entity, asked)


@takes("GET")
async def said(request: HttpRequest, *, kind: Kind, entity_id: UUID) -> HttpResponseBase:
    """What people said in a session of the API's, for clients to show."""
    return JsonResponse(await sync_to_async(_said)(request, kind, entity_id))


def _said(request: HttpRequest, kind: Kind, entity_id: UUID) -> dict[str, Any]:
    actor = holder(request)
    query = parsed(SaidQuery, request.GET.dict())
    entity = chattable(actor, entity_id, kind.kind)
    count(limits.of_reader(entity.pk, query.session_id))
    found = news_of(entity, query.session_id, live.Asked.channel, query.after)
    if found is None:
        raise not_found("There is no such conversation.")
    return api_answers.said(query.session_id, found)


def chattable(actor: Actor, entity_id: UUID, kind: str) -> Entity:
    """The assistant of the actor's workspace; raises ``Problem`` 404, or 403 for another one than
    the key was made for."""
    entity = sessions.assistant(actor.workspace_id, entity_id, kind)
    if entity is None:
        raise not_found("There is no such assistant.")
    if not may_chat_with(actor, entity.pk):
        raise forbidden("This key may only chat with the assistant it was made for.")
    return entity
