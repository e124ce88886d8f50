"""Ways to speak to a model in a test."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from inference import catalogue
from inference.client import ChatMessage, Completion, Delta, Finished
from inference.endpoint import Endpoint
from inference.http import Timeouts
from inference.openai_protocol import OpenAIProtocol

if TYPE_CHECKING:
    from inference.client import ModelClient
    from tests.servers.model import ModelServer

KEY = "sk-canary-0123456789"


def asking(text: str = "Hi", *, model: str = "", system: str = "") -> Completion:
    """A prompt with one question."""
    messages = (ChatMessage("system", system),) if system else ()
    return Completion(model, (*messages, ChatMessage("user", text)))


async def said(model: ModelClient, completion: Completion | None = None) -> tuple[str, Finished]:
    """The whole text and how it ended."""
    parts: list[str] = []
    end = Finished()
    async for item in model.stream(completion or asking()):
        if isinstance(item, Delta):
            parts.append(item.text)
        elif isinstance(item, Finished):
            end = item
    return "".join(parts), end


def soon(provider: str, workspace: Any = None) -> tuple[str, ...]:
    """The provider's models, as a page has them after one or two reloads."""
    for _ in range(100):
        models = {name: models for name, _, models in catalogue.available(workspace)}[provider]
        if models:
            return models
        time.sleep(0.1)
    return ()


@pytest.fixture
def openai(model_server: ModelServer) -> OpenAIProtocol:
    """A client for the model server."""
    return OpenAIProtocol(Endpoint(model_server.url, KEY), timeouts=Timeouts(between=20))


@pytest.fixture
def impatient(model_server: ModelServer) -> OpenAIProtocol:
    """A client that does not wait long."""
    timeouts = Timeouts(connect=5, between=0.5, total=1)
    return OpenAIProtocol(Endpoint(model_server.url, KEY), timeouts=timeouts, listing=timeouts)
