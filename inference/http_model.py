"""A model behind a streaming HTTP protocol: what every such protocol has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

import orjson
from django.utils.translation import gettext as _

from common.memory import Memory
from inference import http
from inference.client import Completion, Delta, Finished, InferenceError
from inference.failures import late, refusal, told
from inference.openai_wire import chat_models, parse
from inference.retrying import patiently

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    import httpx

    from inference.endpoint import Endpoint

# What a draft holds when nobody chose a model: the server's own choice.
ALIASES = frozenset({"", "secret-ai-v1"})
LIST_KEPT_FOR = 600.0
_lists: Memory[Endpoint, tuple[float, tuple[str, ...]]] = Memory(1000)


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
    ) -> None:
        self.endpoint = endpoint
        self.default_model = default_model
        self.timeouts = timeouts

    @abstractmethod
    def headers(self) -> dict[str, str]: ...

    @abstractmethod
    def body(self, completion: Completion, model: str) -> dict[str, Any]: ...

    @abstractmethod
    def items(self, response: httpx.Response, model: str) -> AsyncIterator[Delta | Finished]:
        """What the server's 200 says; raises ``InferenceError`` when it breaks off."""

    def adapted(
        self,
        sent: dict[str, Any],
        status: int,
        error: bytes,
    ) -> dict[str, Any] | None:
        """Another body to try after a refusal; None gives up."""
        return None

    def stream(self, completion: Completion) -> AsyncIterator[Delta | Finished]:
        return patiently(lambda: self._once(completion))

    async def models(self) -> tuple[str, ...]:
        """The chat models that the server lists now; raises ``InferenceError``."""
        names = await self._list()
        _lists.keep(self.endpoint, (monotonic() + LIST_KEPT_FOR, names))
        return names

    async def _listed(self) -> tuple[str, ...]:
        """What it listed not long ago."""
        kept_until, names = _lists.get(self.endpoint) or (0.0, ())
        return names if monotonic() < kept_until else await self.models()

    async def _list(self) -> tuple[str, ...]:
        client = await http.client(guarded=self.endpoint.guarded)
        timeout = http.LISTING.httpx()
        with told():
            response = await client.get(
                self.endpoint.url("models"), headers=self.headers(), timeout=timeout
            )
        if not response.is_success:
            raise refusal(self.endpoint, response.status_code, response.headers, response.content)
        return chat_models(parse(response.content))

    async def _model(self, name: str) -> str:
        """The server's name for the model that was asked for."""
        if name not in ALIASES:
            return name
        names = (self.default_model,) if self.default_model else await self._listed()
        if not names:
            raise InferenceError(_("The model's server lists no model."), permanent=True)
        return names[0]

    async def _once(self, completion: Completion) -> AsyncGenerator[Delta | Finished]:
        model = await self._model(completion.model)
        client = await http.client(guarded=self.endpoint.guarded)
        deadline = monotonic() + self.timeouts.total
        with told():
            response = await self._open(client, self.body(completion, model))
            try:
                async for item in self.items(response, model):
                    yield item
                    if monotonic() > deadline:
                        raise late()
            finally:
                await response.aclose()

    async def _open(self, client: httpx.AsyncClient, body: dict[str, Any]) -> httpx.Response:
        """The server's 200; what it says it does not take is asked for without."""
        while True:
            response = await self._post(client, body)
            if response.is_success:
                return response
            error = await http.read_error(response)
            changed = self.adapted(body, response.status_code, error)
            if changed is None:
                raise refusal(self.endpoint, response.status_code, response.headers, error)
            body = changed

    async def _post(self, client: httpx.AsyncClient, body: dict[str, Any]) -> httpx.Response:
        request = client.build_request(
            "POST",
            self.endpoint.url(self.path),
            content=orjson.dumps(body),
            headers=self.headers() | {"Content-Type": "application/json"},
            timeout=self.timeouts.httpx(),
        )
        return await client.send(request, stream=True)
