"""A model behind a streaming HTTP protocol: what every such protocol has in common."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from contextlib import aclosing
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

import orjson
from django.utils.translation import gettext as _

from common.memory import Memory
from inference import http
from inference.client import Completion, Delta, Finished, InferenceError, ToolCall
from inference.failures import as_inference_errors, refusal, refuse_tools
from inference.openai_wire import chat_models, parse
from inference.retrying import patiently

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    import httpx

    from inference.client import Item
    from inference.endpoint import Endpoint

    Items = AsyncGenerator[Item]

# What a draft holds when nobody chose a model: the server's own choice.
ALIASES = frozenset({"", "secret-ai-v1"})
LIST_KEPT_FOR = 600.0
# A token is seldom longer; what goes beyond was not asked for.
CHARACTERS_PER_TOKEN = 20
_lists: Memory[bytes, tuple[float, tuple[str, ...]]] = Memory(1000)


class HttpModel(ABC):
    """A ``ModelClient`` for one server. ``default_model`` stands in for an alias; without one, the
    first model that the server lists does."""

    generates = True
    path: ClassVar[str]

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        default_model: str = "",
        timeouts: http.Timeouts = http.TIMEOUTS,
        listing: http.Timeouts = http.LISTING,
    ) -> None:
        self.endpoint = endpoint
        self.default_model = default_model
        self.timeouts = timeouts
        self.listing = listing

    @abstractmethod
    def headers(self) -> dict[str, str]: ...

    @abstractmethod
    def body(self, completion: Completion, model: str) -> dict[str, Any]: ...

    @abstractmethod
    def items(self, response: httpx.Response, model: str) -> Items:
        """What the server's 200 says; raises ``InferenceError`` when it ends early."""

    def adapted(
        self,
        sent: dict[str, Any],
        status: int,
        error: bytes,
    ) -> dict[str, Any] | None:
        """Another body to try after a refusal; None gives up."""
        return None

    def stream(self, completion: Completion) -> AsyncIterator[Item]:
        return patiently(lambda: self._once(completion))

    async def models(self) -> tuple[str, ...]:
        """The chat models that the server lists now; raises ``InferenceError``."""
        names = await self._list()
        _lists.keep(self.endpoint.cache_key, (monotonic() + LIST_KEPT_FOR, names))
        return names

    async def _listed(self) -> tuple[str, ...]:
        """What it listed not long ago."""
        kept_until, names = _lists.get(self.endpoint.cache_key) or (0.0, ())
        return names if monotonic() < kept_until else await self.models()

    async def _list(self) -> tuple[str, ...]:
        with as_inference_errors():
            async with asyncio.timeout(self.listing.total):
                response = await self._send("GET", "models", self.listing)
                if response.is_success:
                    return chat_models(parse(await http.read_whole(response)))
                error = await http.read_error(response)
        raise refusal(self.endpoint, response.status_code, response.headers, error)

    async def _model(self, name: str) -> str:
        """The server's name for the model that was asked for."""
        if name not in ALIASES:
            return name
        names = (self.default_model,) if self.default_model else await self._listed()
        if not names:
            raise InferenceError(_("The model's server lists no model."), permanent=True)
        return names[0]

    async def _once(self, completion: Completion) -> Items:
        model = await self._model(completion.model)
        deadline = asyncio.get_running_loop().time() + self.timeouts.total
        room = completion.max_tokens * CHARACTERS_PER_TOKEN
        with as_inference_errors():
            async with asyncio.timeout_at(deadline):
                response = await self._open(self.body(completion, model))
            try:
                said = self.items(response, model)
                async with aclosing(_bounded(said, model, deadline=deadline, room=room)) as items:
                    async for item in items:
                        yield item
            finally:
                await response.aclose()

    async def _open(self, body: dict[str, Any]) -> httpx.Response:
        """The server's 200; what it says it does not take is asked for without."""
        while True:
            response = await self._send("POST", self.path, self.timeouts, body)
            if response.is_success:
                return response
            error = await http.read_error(response)
            changed = self.adapted(body, response.status_code, error)
            if changed is None:
                refuse_tools(self.endpoint, body, error)
                raise refusal(self.endpoint, response.status_code, response.headers, error)
            body = changed

    async def _send(
        self, method: str, path: str, timeouts: http.Timeouts, body: dict[str, Any] | None = None
    ) -> httpx.Response:
        client = await http.client(guarded=self.endpoint.guarded)
        request = client.build_request(
            method,
            self.endpoint.url(path),
            content=None if body is None else orjson.dumps(body),
            headers=self.headers() | ({} if body is None else {"Content-Type": "application/json"}),
            timeout=timeouts.httpx(),
        )
        return await client.send(request, stream=True)


async def _bounded(items: Items, model: str, *, deadline: float, room: int) -> Items:
    """``items``, however else the server behaves: until ``deadline`` by the loop's clock, when it
    raises ``TimeoutError``, and up to ``room`` characters, arguments counted too, when it ends as a
    server does that keeps to ``max_tokens``."""
    async with aclosing(items):
        while True:
            async with asyncio.timeout_at(deadline):
                item = await anext(items, None)
            match item:
                case None:
                    return
                case Delta(text) if len(text) > room:
                    yield Delta(text[:room])
                    yield Finished(model=model)
                    return
                case Delta(text):
                    room -= len(text)
                case ToolCall(written=written) if len(written) > room:
                    yield replace(item, arguments=None, written=written[:room])
                    yield Finished(model=model)
                    return
                case ToolCall(written=written):
                    room -= len(written)
            yield item
