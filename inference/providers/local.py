"""A GGUF file on this machine, run by the optional package ``xllamacpp``."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy

from inference import gguf
from inference.endpoint import Endpoint
from inference.http import Timeouts
from inference.openai_protocol import OpenAIProtocol
from inference.providers.base import Provider, not_configured

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from inference.client import Completion, Item

# Reading a long prompt takes a small machine its time.
TIMEOUTS = Timeouts(between=180, total=600)


class Local(Provider):
    name = "local"
    label = gettext_lazy("Local model")

    def ready(self) -> bool:
        return bool(settings.LLM_GGUF)

    def default_model(self) -> str:
        return Path(settings.LLM_GGUF).stem

    def client(self, values: Mapping[str, str]) -> LocalModel:
        wrong = gguf.problem(settings.LLM_GGUF)
        if wrong:
            raise not_configured(wrong)
        return LocalModel(settings.LLM_GGUF)

    async def models(self, values: Mapping[str, str]) -> tuple[str, ...]:
        return (self.client(values).name,)


class LocalModel:
    """A ``ModelClient`` for one file; the first question starts its server."""

    generates = True

    def __init__(self, path: str) -> None:
        self.path = path

    @property
    def name(self) -> str:
        return Path(self.path).stem

    async def stream(self, completion: Completion) -> AsyncIterator[Item]:
        address = await asyncio.to_thread(gguf.address, self.path)
        model = OpenAIProtocol(Endpoint(address), default_model=self.name, timeouts=TIMEOUTS)
        async for item in model.stream(completion):
            yield item
