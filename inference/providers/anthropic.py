"""Anthropic's models, by its own messages protocol. The key is a workspace's credential."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from common.unpacking import async_pieces
from inference import anthropic_wire as wire
from inference.client import Completion, Delta, Finished, Item
from inference.endpoint import Endpoint
from inference.failures import broken, failure_in
from inference.http_model import HttpModel
from inference.openai_wire import parse
from inference.providers.base import Provider, not_configured, web_address
from inference.sse import data_of
from inference.tool_calls import Gathering

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    import httpx

ADDRESS = "https://api.anthropic.com/v1"
PROTOCOL = "2023-06-01"


class Anthropic(Provider):
    name = "anthropic"
    label = "Anthropic"

    def ready(self) -> bool:
        return False

    def client(self, values: Mapping[str, str]) -> Messages:
        if not values.get("api_key"):
            raise not_configured(
                _("Anthropic needs a key. Add one under Settings > Credentials and choose it here.")
            )
        given = values.get("base_url", "")
        address = web_address(given) if given else ADDRESS
        return Messages(Endpoint(address, values["api_key"], guarded=bool(given)))

    async def models(self, values: Mapping[str, str]) -> tuple[str, ...]:
        return await self.client(values).models()


class Messages(HttpModel):
    path = "messages"

    def headers(self) -> dict[str, str]:
        return {"x-api-key": self.endpoint.key, "anthropic-version": PROTOCOL}

    def body(self, completion: Completion, model: str) -> dict[str, Any]:
        return wire.body(completion, model)

    async def items(self, response: httpx.Response, model: str) -> AsyncGenerator[Item]:
        prompt_tokens, answer_tokens, finished = 0, 0, False
        calls = Gathering()
        async for data in data_of(async_pieces(response)):
            event = parse(data)
            failure_in(self.endpoint, event)
            if text := wire.said(event):
                yield Delta(text)
            if piece := wire.called(event):
                calls.add(*piece)
            prompt, answer = wire.counted(event)
            prompt_tokens, answer_tokens = prompt or prompt_tokens, answer or answer_tokens
            finished = finished or event.get("type") == "message_stop"
        if not finished:
            raise broken()
        for call in calls.finished():
            yield call
        yield Finished(prompt_tokens, answer_tokens, model)
