"""The recorded runs of a draft: asked for by the API with a key, by the builder with a session."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from asgiref.sync import sync_to_async
from django.http import HttpResponse, JsonResponse

from chatflows.api.gathering import gathered
from chatflows.drawn import drawing_of
from chatflows.runs import pinning, shown
from chatflows.runs.alone import tried
from chatflows.runs.bodies import PinBody, ReplayBody, TryBody
from chatflows.runs.doing import open_draft, replay, run_of
from chatflows.runs.last import read_by
from common.http import json_body
from common.problems import not_found
from conversations import preview_runs
from conversations.bodies import parsed
from conversations.streaming import sse, wants_stream
from conversations.views.methods import takes
from drafts.access import require
from workspaces.access import Role, admit_again, manager

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from workspaces.access import Actor

    Admit = Callable[[], Actor]
    View = Callable[..., Awaitable[HttpResponseBase]]


class Door(Protocol):
    """Who asks, as an editor; raises ``Problem``. ``workspace`` is the slug in the address."""

    def __call__(self, request: HttpRequest, workspace: str) -> Actor: ...


def by_key(request: HttpRequest, workspace: str) -> Actor:
    del workspace
    actor = manager(request)
    require(actor, Role.EDITOR)
    return actor


def by_session(request: HttpRequest, workspace: str) -> Actor:
    return admit_again(request, workspace, Role.EDITOR)


def through(door: Door, **views: View) -> Callable[..., Any]:
    """The ``views``, by HTTP method, for whoever comes through ``door``."""
    by_method = {name.upper(): view for name, view in views.items()}

    @takes(*by_method)
    async def opened(
        request: HttpRequest, *, workspace: str = "", **kwargs: str
    ) -> HttpResponseBase:
        view = by_method[str(request.method)]
        return await view(request, partial(door, request, workspace), **kwargs)

    return opened


async def runs(request: HttpRequest, admit: Admit, *, draft_id: str) -> HttpResponse:
    """The last runs, the newest first."""

    def found() -> list[dict[str, Any]]:
        door, _assistant = open_draft(admit(), draft_id)
        return [shown.listed(record) for record in preview_runs.kept(door.draft.id)]

    return JsonResponse({"runs": await sync_to_async(found)()})


async def run(request: HttpRequest, admit: Admit, *, draft_id: str, run_id: str) -> HttpResponse:
    """One of them, with all its steps."""

    def found() -> dict[str, Any]:
        door, _assistant = open_draft(admit(), draft_id)
        return shown.whole(run_of(door, run_id))

    return JsonResponse(await sync_to_async(found)())


async def again(
    request: HttpRequest, admit: Admit, *, draft_id: str, run_id: str
) -> HttpResponseBase:
    """Do one of them again from a node on."""
    actor = await sync_to_async(admit)()
    body = parsed(ReplayBody, json_body(request))
    frames = await replay(actor, draft_id, run_id, body.node_id, admit)
    return sse(frames) if wants_stream(request) else JsonResponse(await gathered(frames))


async def pins(request: HttpRequest, admit: Admit, *, draft_id: str) -> HttpResponse:
    """What nodes are pinned to give."""
    found = await sync_to_async(lambda: pinning.pins(admit(), draft_id))()
    return JsonResponse({"pins": found})


async def pin(request: HttpRequest, admit: Admit, *, draft_id: str, node_id: str) -> HttpResponse:
    actor = await sync_to_async(admit)()
    body = parsed(PinBody, json_body(request))
    return JsonResponse(await sync_to_async(pinning.pin)(actor, draft_id, node_id, body))


async def unpin(request: HttpRequest, admit: Admit, *, draft_id: str, node_id: str) -> HttpResponse:
    await sync_to_async(lambda: pinning.unpin(admit(), draft_id, node_id))()
    return HttpResponse(status=204)


async def try_node(
    request: HttpRequest, admit: Admit, *, draft_id: str, node_id: str
) -> HttpResponse:
    """Run one node alone on what is said to be known."""
    actor = await sync_to_async(admit)()
    body = parsed(TryBody, json_body(request))
    return JsonResponse(await tried(actor, draft_id, node_id, body.known))


async def reads(request: HttpRequest, admit: Admit, *, draft_id: str, node_id: str) -> HttpResponse:
    """What the node reads, as the last run had it."""

    def found() -> dict[str, Any]:
        door, _assistant = open_draft(admit(), draft_id)
        drawing = drawing_of(door.draft.data)
        if node_id not in drawing.nodes:
            raise not_found()
        return read_by(drawing, drawing.nodes[node_id], draft_id)

    return JsonResponse({"known": await sync_to_async(found)()})
