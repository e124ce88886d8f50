"""Frames on the wire: as server-sent events, or gathered into one JSON answer."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import orjson
from django.http import JsonResponse, StreamingHttpResponse

from common.problems import Problem, answer_failed
from conversations.answering import Frame, public_message

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

logger = logging.getLogger(__name__)

EVENT_STREAM = "text/event-stream"
HEARTBEAT = 15.0
HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}


def wants_stream(request: HttpRequest) -> bool:
    return EVENT_STREAM in request.headers.get("Accept", "")


def sse(frames: AsyncGenerator[Frame]) -> StreamingHttpResponse:
    """The frames as server-sent events. When the client leaves, ``frames`` is closed."""
    return streamed(encoded(frames))


def streamed(chunks: AsyncGenerator[bytes]) -> StreamingHttpResponse:
    """``chunks`` as an event stream that is kept alive while there is nothing to say."""
    content_type = f"{EVENT_STREAM}; charset=utf-8"
    return StreamingHttpResponse(kept_alive(chunks), content_type=content_type, headers=HEADERS)


async def encoded(frames: AsyncGenerator[Frame]) -> AsyncGenerator[bytes]:
    """``frames`` as events; what they raise ends them with one ``error``."""
    try:
        async for frame in frames:
            yield _event(frame)
    except Problem as problem:
        yield _event(Frame("error", {"code": problem.slug, "message": problem.detail}))
    except Exception:  # the answer has begun, so nobody else would tell of it
        logger.exception("a stream broke off")
        yield _event(Frame("error", {"code": "internal", "message": public_message()}))
    finally:
        await frames.aclose()


def _event(frame: Frame) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (frame.event.encode(), orjson.dumps(frame.data))


async def kept_alive(
    chunks: AsyncGenerator[bytes], *, heartbeat: float = HEARTBEAT
) -> AsyncIterator[bytes]:
    """``chunks`` with a comment after every ``heartbeat`` of silence; what comes at once goes out
    at once, and pieces that came together go out together."""
    queue: asyncio.Queue[bytes | None] = asyncio.Queue()
    producer = asyncio.ensure_future(_fill(queue, chunks))
    ended = False
    try:
        while not ended:
            ready = [await _next(queue, heartbeat)]
            while not queue.empty():
                ready.append(queue.get_nowait())
            ended = ready[-1] is None
            if data := b"".join(chunk for chunk in ready if chunk):
                yield data
    finally:
        producer.cancel()
        await asyncio.gather(producer, return_exceptions=True)


async def _fill(queue: asyncio.Queue[bytes | None], chunks: AsyncGenerator[bytes]) -> None:
    try:
        async for chunk in chunks:
            queue.put_nowait(chunk)
    except Exception:  # of streams that are no frames: their shapes have no event for it
        logger.exception("a stream broke off")
    finally:
        await chunks.aclose()
        queue.put_nowait(None)


async def _next(queue: asyncio.Queue[bytes | None], heartbeat: float) -> bytes | None:
    try:
        async with asyncio.timeout(heartbeat):
            return await queue.get()
    except TimeoutError:
        return b":\n\n"


async def whole(frames: AsyncGenerator[Frame]) -> dict[str, Any]:
    """The ``done`` frame's JSON; raises the ``error`` frame as a ``Problem``, and what ``frames``
    raises."""
    last: Frame | None = None
    said: list[str] = []
    async for frame in frames:
        if frame.event == "token":
            said.append(frame.data["text"])
        last = frame
    if last is None or last.event != "done":
        raise problem(last.data if last else {}, "".join(said))
    return last.data


async def answered(request: HttpRequest, frames: AsyncGenerator[Frame]) -> HttpResponseBase:
    """The answer in the form that the client accepts."""
    if wants_stream(request):
        return sse(frames)
    return JsonResponse(await whole(frames))


def problem(error: dict[str, Any], partial: str) -> Problem:
    """The ``error`` frame as a problem, with what had been said."""
    code = error.get("code", "")
    found = answer_failed(code, error.get("message", ""))
    found.extra |= {"code": code} | ({"partial": partial} if partial else {})
    if "retry_after" in error:
        found.headers["Retry-After"] = str(error["retry_after"])
    return found
