"""Starting a draft's flow in the builder as its webhook or its schedule would."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from chatflows import occasions
from chatflows.api.bodies import Beginning
from chatflows.kind import KIND
from common.http import json_body, problems
from conversations import preview
from conversations.bodies import parsed
from conversations.streaming import sse
from drafts.types import draft_types
from workspaces.access import Role, actor_for_stream, admit_again

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


@csrf_exempt  # the door for streams looks at the CSRF header itself
@require_POST
@problems
async def start(request: HttpRequest, *, workspace: str, draft_id: str) -> HttpResponseBase:
    """The run as a stream of events, in the preview's session."""
    actor = await sync_to_async(actor_for_stream)(request, workspace, Role.EDITOR)
    body = parsed(Beginning, json_body(request))
    occasion = await sync_to_async(occasions.tried)(actor, draft_id, body)
    message = occasions.message_of(occasion)
    asked = preview.Asked(message, body.session_id or "", occasion=occasion)
    admit = partial(admit_again, request, workspace, Role.EDITOR)
    frames = await preview.answer_stream(actor, draft_types.get(KIND), draft_id, asked, admit)
    return sse(frames)
