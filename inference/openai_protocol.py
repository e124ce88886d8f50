"""Talks to a server by the OpenAI protocol, the one that most model servers speak."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from common.unpacking import async_pieces
from inference import http
from inference import openai_wire as wire
from inference.client import Completion, Delta, Finished, Item
from inference.failures import broken, failure_in
from inference.http_model import HttpModel
from inference.sse import data_of
from inference.thoughts import ThoughtFilter
from inference.tool_calls import Gathering

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    import httpx


A_MOMENT = 0.05


class OpenAIProtocol(HttpModel):
    path = "chat/completions"

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.endpoint.key}"} if self.endpoint.key else {}

    def body(self, completion: Completion, model: str) -> dict[str, Any]:
        return wire.body(completion, model)

    def adapted(self, sent: dict[str, Any], status: int, error: bytes) -> dict[str, Any] | None:
        return wire.adapted(sent, status, error)

    async def items(self, response: httpx.Response, model: str) -> AsyncGenerator[Item]:
        thoughts, calls = ThoughtFilter(), Gathering()
        counts, finished = (0, 0), False
        async for event in _events(response):
            failure_in(self.endpoint, event)
            text, last = wire.said(event)
            for piece in wire.called(event):
                calls.add(*piece)
            counts, finished = wire.counted(event) or counts, finished or last
            if visible := thoughts.feed(text):
                yield Delta(visible)
        if not finished:
            raise broken()
        if rest := thoughts.rest():
            yield Delta(rest)
        for call in calls.finished():
            yield call
        yield Finished(*counts, model)


async def _events(response: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    """The frames of a stream, or the one answer of a server that does not stream."""
    if "text/event-stream" not in response.headers.get("content-type", ""):
        yield wire.parse(await http.read_whole(response))
        return
    events = data_of(async_pieces(response))
    async for data in events:
        if data == b"[DONE]":
            await _to_the_end(events)
            return
        yield wire.parse(data)


async def _to_the_end(events: AsyncIterator[bytes]) -> None:
    """Read the rest of the body, so that the connection can be used again; it is there at once, or
    not worth waiting for."""
    with suppress(TimeoutError):
        async with asyncio.timeout(A_MOMENT):
            async for _ in events:
                pass
