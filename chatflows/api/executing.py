"""Runs of a draft's flow over the API: the whole of it, or one node, as JSON or as a stream."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.http import JsonResponse

from chatflows import occasions
from chatflows.api.bodies import ExecuteBody, RunNodeBody
from chatflows.api.gathering import gathered
from chatflows.kind import KIND
from chatflows.runs.alone import run_alone
from chatflows.runs.shown import step_told
from common.http import json_body
from conversations import preview
from conversations.bodies import parsed
from conversations.streaming import sse, wants_stream
from conversations.turn import Turn
from conversations.views.methods import takes
from drafts.access import require
from drafts.types import draft_types
from workspaces.access import Role, manager

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from workspaces.access import Actor


@takes("POST")
async def execute(request: HttpRequest, *, draft_id: str) -> HttpResponseBase:
    """Run the flow on a message."""
    admit = partial(_editor, request)
    actor = await sync_to_async(admit)()
    body = parsed(ExecuteBody, json_body(request))
    beginning = partial(occasions.tried, actor, draft_id, body)
    occasion = await sync_to_async(beginning)()
    message = body.input or occasions.message_of(occasion)
    asked = preview.Asked(message, body.session_id or "", body.variables, occasion=occasion)
    frames = await preview.answer_stream(actor, draft_types.get(KIND), draft_id, asked, admit)
    return sse(frames) if wants_stream(request) else JsonResponse(await gathered(frames))


@takes("POST")
async def run_node(request: HttpRequest, *, draft_id: str, node_id: str) -> HttpResponseBase:
    """Run one node alone: nothing is kept of it."""
    actor = await sync_to_async(_editor)(request)
    body = parsed(RunNodeBody, json_body(request))
    turn = Turn(body.input, variables=body.variables)
    _door, step = await run_alone(actor, draft_id, node_id, turn, body.outputs)
    return JsonResponse(step_told(step))


def _editor(request: HttpRequest) -> Actor:
    actor = manager(request)
    require(actor, Role.EDITOR)
    return actor
