"""Runs of a draft's flow over the API: the whole of it, or one node, as JSON or as a stream."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.http import JsonResponse

from chatflows import occasions
from chatflows.api.bodies import ExecuteBody, RunNodeBody
from chatflows.api.gathering import gathered
from chatflows.assistant import ChatflowAssistant
from chatflows.runs.shown import step_told
from common.http import json_body
from common.limits import count
from common.problems import not_found
from conversations import limits, preview, server_model
from conversations.bodies import parsed
from conversations.ports import ports_for
from conversations.streaming import sse, wants_stream
from conversations.turn import Turn
from conversations.views.methods import takes
from drafts.access import require
from drafts.types import draft_types
from workspaces.access import Role, manager

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from conversations.runtime import Ports
    from workspaces.access import Actor

KIND = "chatflow"


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
    body = parsed(RunNodeBody, json_body(request))
    assistant, ports = await sync_to_async(_prepared)(request, draft_id)
    if node_id not in assistant.flow.nodes:
        raise not_found("There is no such node in this draft.")
    turn = Turn(body.input, variables=body.variables)
    return JsonResponse(step_told(await assistant.run_one(node_id, turn, ports, body.outputs)))


def _prepared(request: HttpRequest, draft_id: str) -> tuple[ChatflowAssistant, Ports]:
    actor = _editor(request)
    door = preview.open_door(actor, draft_types.get(KIND), draft_id)
    assert isinstance(door.assistant, ChatflowAssistant)
    count(limits.of_preview(actor, draft_id))
    ports = ports_for(actor.workspace_id, door.assistant, door.draft.entity_id)
    server_model.begin(ports)
    return door.assistant, ports


def _editor(request: HttpRequest) -> Actor:
    actor = manager(request)
    require(actor, Role.EDITOR)
    return actor
