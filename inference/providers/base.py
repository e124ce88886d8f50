"""What a provider of models is: one class in one file, listed in ``inference.providers``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from inference.client import InferenceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from inference.client import ModelClient


class Provider(ABC):
    """``values`` are those of a workspace's ``llm`` credential; empty, the server's settings count.

    ``ready`` tells whether the server's settings alone are enough.
    """

    name: str
    label: str | _StrPromise

    @abstractmethod
    def ready(self) -> bool: ...

    def default_model(self) -> str:
        """The model of the server's settings; empty when they leave it to the model's server."""
        return ""

    @abstractmethod
    def client(self, values: Mapping[str, str]) -> ModelClient:
        """A client; raises ``InferenceError`` (``not-configured``) saying what is missing."""

    @abstractmethod
    async def models(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """The models to choose from; raises ``InferenceError``."""


def not_configured(message: str) -> InferenceError:
    return InferenceError(message, code="not-configured", permanent=True)


def web_address(text: str) -> str:
    """``text`` with a scheme, as people leave it out."""
    return text if "://" in text else f"https://{text}"
