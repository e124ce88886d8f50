"""Tells open builders that a draft was changed elsewhere: a stream of events, no values in it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET
from redis.asyncio import Redis
from redis.exceptions import RedisError

from common.http import problems
from common.problems import not_found
from drafts.access import open_draft
from drafts.address import channel_of
from drafts.types import by_url_name
from workspaces.access import Role, actor_for_stream, may_still_listen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from django.http import HttpRequest
    from redis.asyncio.client import PubSub

    from workspaces.access import Actor

# How often a silent stream says that it is there, and asks whether it still may be.
HEARTBEAT = 5.0
# The page now fetches what changed before; the answer's head may have come earlier than that.
LISTENING = b"retry: 2000\nevent: listening\ndata: {}\n\n"


@require_GET
@problems
async def events(
    request: HttpRequest, workspace: str, kind: str, draft_id: str
) -> StreamingHttpResponse | HttpResponse:
    """``change`` events with the JSON that the store publishes."""
    actor = await sync_to_async(_admit)(request, workspace, kind, draft_id)
    return StreamingHttpResponse(
        _stream(request, actor, draft_id),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-store", "Content-Encoding": "identity"},
    )


def _admit(request: HttpRequest, workspace: str, kind: str, draft_id: str) -> Actor:
    actor = actor_for_stream(request, workspace, Role.VIEWER)
    try:
        draft_type = by_url_name(kind)
    except LookupError:
        raise not_found() from None
    open_draft(actor, draft_type, draft_id, at_least=Role.VIEWER)
    return actor


async def _stream(request: HttpRequest, actor: Actor, draft_id: str) -> AsyncIterator[bytes]:
    """Ends when the reader may not read any more, or when the store is away: readers come back."""
    redis = Redis.from_url(settings.DRAFTS_REDIS_URL)
    try:
        async with redis.pubsub(ignore_subscribe_messages=True) as channel:
            await channel.subscribe(channel_of(draft_id))
            # Redis has confirmed it: from here on no change is missed.
            await channel.get_message(timeout=HEARTBEAT)
            yield LISTENING
            while True:
                message = await _next(channel)
                if not await sync_to_async(may_still_listen)(request, actor):
                    return
                yield b": still here\n\n" if message is None else _change(message)
    except RedisError:
        return
    finally:
        await redis.aclose()


def _change(message: bytes) -> bytes:
    return b"event: change\ndata: " + message + b"\n\n"


async def _next(channel: PubSub) -> bytes | None:
    """The next message, or None after the time of a heartbeat."""
    try:
        async with asyncio.timeout(HEARTBEAT):
            while True:
                message = await channel.get_message(timeout=HEARTBEAT)
                if message is not None:
                    return bytes(message["data"])
    except TimeoutError:
        return None
