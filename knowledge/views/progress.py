"""How far a base is indexed, as server-sent events, for programs and for as long as it takes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import orjson
from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse

from common.problems import Problem
from conversations.views.methods import takes
from knowledge.indexing.progress import INDEXING, QUEUED, progress_of
from knowledge.live.bases import open_base
from workspaces.access import manager

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    from django.http import HttpRequest

EVERY = 1.0


@takes("GET")
async def events(request: HttpRequest, *, entity_id: UUID) -> StreamingHttpResponse:
    """``progress`` events with the answer of ``GET …/progress``, until the run has ended."""
    first = await sync_to_async(_look)(request, entity_id)
    return StreamingHttpResponse(
        _stream(request, entity_id, first),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-store", "Content-Encoding": "identity"},
    )


def _look(request: HttpRequest, entity_id: UUID) -> dict[str, Any]:
    """Who asks is looked up each time: a key that was revoked hears no more."""
    return progress_of(open_base(manager(request), entity_id))


async def _stream(
    request: HttpRequest, entity_id: UUID, found: dict[str, Any]
) -> AsyncIterator[bytes]:
    while True:
        yield b"event: progress\ndata: " + orjson.dumps(found) + b"\n\n"
        if found["status"] not in (QUEUED, INDEXING):
            return
        await asyncio.sleep(EVERY)
        try:
            found = await sync_to_async(_look)(request, entity_id)
        except Problem:
            return
