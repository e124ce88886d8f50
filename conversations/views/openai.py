"""The endpoint for OpenAI's clients: every assistant of the key's workspace is a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from asgiref.sync import sync_to_async
from django.db.models import Q
from django.http import JsonResponse

from common.http import json_body
from common.problems import Problem, not_found
from conversations import limits, live, streaming
from conversations import openai_shapes as shapes
from conversations.bodies import parsed
from conversations.openai_shapes import CompletionBody
from conversations.runtime import assistants
from conversations.views.methods import takes
from drafts.models import Entity
from workspaces.access import holder

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from conversations.live import PassedOn, Prepared
    from workspaces.access import Actor

CHANNEL = "openai"


def _told(problem: Problem) -> JsonResponse:
    status, body = shapes.error(problem)
    return JsonResponse(body, status=status, headers=problem.headers)


@takes("POST", tell=_told)
async def completions(request: HttpRequest) -> HttpResponseBase:
    body, prepared = await sync_to_async(_prepare)(request)
    if body.stream:
        return streaming.streamed(_chunks(prepared, body))
    done = await streaming.whole(prepared.frames())
    return JsonResponse(shapes.completion(body.model, done))


def _prepare(request: HttpRequest) -> tuple[CompletionBody, Prepared | PassedOn]:
    actor = holder(request)
    body = parsed(CompletionBody, json_body(request))
    entity = _assistant(actor, body.model)
    asked = live.Asked(
        message=body.question(),
        session_id=body.session_id,
        channel=CHANNEL,
        visitor={"user": body.user} if body.user else {},
        history=body.history(),
        follow_ups=False,
        counted_as=body.user or "",
        limits=limits.of_key(entity.pk),
    )
    return body, live.prepare(entity, asked)


async def _chunks(prepared: Prepared | PassedOn, body: CompletionBody) -> AsyncGenerator[bytes]:
    """The answer as OpenAI's chunks, under the id that it is recorded by."""
    frames, id_, model = prepared.frames(), str(prepared.outcome.id), body.model
    try:
        yield _data(shapes.chunk(id_, model, {"role": "assistant", "content": ""}))
        async for frame in frames:
            match frame.event:
                case "token":
                    yield _data(shapes.chunk(id_, model, {"content": frame.data["text"]}))
                case "error":
                    problem = streaming.problem(frame.data, "")
                    yield _data(shapes.error(problem)[1])
                case "done":
                    if words := shapes.passed_on(frame.data):
                        yield _data(shapes.chunk(id_, model, {"content": words}))
                    yield _data(shapes.chunk(id_, model, {}, "stop"))
                    if body.stream_options and body.stream_options.include_usage:
                        yield _data(shapes.usage_chunk(id_, model, frame.data["usage"]))
    except Problem as problem:
        yield _data(shapes.error(problem)[1])
    finally:
        await frames.aclose()
    yield b"data: [DONE]\n\n"


def _data(value: dict[str, Any]) -> bytes:
    return b"data: %b\n\n" % orjson.dumps(value)


@takes("GET", tell=_told)
async def models(request: HttpRequest) -> JsonResponse:
    return JsonResponse(await sync_to_async(_models)(request))


def _models(request: HttpRequest) -> dict[str, Any]:
    actor = holder(request)
    owner = actor.workspace.slug
    return shapes.models([(e.slug, e.created_at.timestamp(), owner) for e in _open_to(actor)])


@takes("GET", tell=_told)
async def model(request: HttpRequest, *, name: str) -> JsonResponse:
    return JsonResponse(await sync_to_async(_model)(request, name))


def _model(request: HttpRequest, name: str) -> dict[str, Any]:
    actor = holder(request)
    entity = _assistant(actor, name)
    return shapes.model(entity.slug, entity.created_at.timestamp(), actor.workspace.slug)


def _assistant(actor: Actor, name: str) -> Entity:
    """The assistant that a model's name stands for; raises ``Problem`` 404."""
    entity = _open_to(actor).filter(Q(slug=name) | Q(pk=_uuid(name))).first()
    if entity is None:
        raise not_found(f"The model {name[:100]} does not exist.")
    return entity


def _uuid(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None


def _open_to(actor: Actor) -> QuerySet[Entity]:
    """The assistants that the actor's key opens."""
    own = Entity.objects.filter(
        workspace=actor.workspace_id, kind__in=assistants.names(), live_release__isnull=False
    )
    key = actor.api_key
    if key is not None and key.subject_id is not None:
        return own.filter(pk=key.subject_id)
    return own
