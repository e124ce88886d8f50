"""From what a configuration asks for to a model that can be spoken to."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from inference.client import InferenceError
from inference.credential_owner import owner_of
from inference.providers import BY_NAME
from inference.providers.extractive import Extractive

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from inference.client import Completion, Item, ModelClient
    from inference.providers.base import Provider

NOTHING: Mapping[str, str] = MappingProxyType({})
# Whose settings on this server decide, when a configuration leaves the choice to it.
IN_ORDER = ("openai_compatible", "secret_ai", "local", "extractive")


class Unusable:
    """A ``ModelClient`` that says what is missing. It fails when it is spoken to, so that a fault
    in the configuration is an answer like every other failure."""

    generates = True

    def __init__(self, error: InferenceError) -> None:
        self.error = error

    async def stream(self, completion: Completion) -> AsyncIterator[Item]:
        raise self.error
        yield  # makes this an asynchronous generator


def model_client(provider: str | None, values: Mapping[str, str] = NOTHING) -> ModelClient:
    """The client for ``provider``, with the ``values`` of a credential if there is one.

    ``provider`` None chooses: the one that the credential belongs to, else the first one that the
    server's settings make ready.
    """
    try:
        return chosen(provider, values).client(values)
    except InferenceError as error:
        return Unusable(error)


def chosen(provider: str | None, values: Mapping[str, str] = NOTHING) -> Provider:
    """Which provider answers; raises ``InferenceError`` for an unknown name."""
    name = provider or (owner_of(values) if values else _configured())
    if name not in BY_NAME:
        raise InferenceError(f"There is no provider {name}.", code="not-configured", permanent=True)
    return BY_NAME[name]


def is_configured() -> bool:
    """Whether the server's settings alone reach a language model."""
    return _configured() != Extractive.name


def server_model() -> str:
    """What the server's settings alone reach: the model's name, else its provider's label; empty
    where no language model is configured."""
    if not is_configured():
        return ""
    provider = BY_NAME[_configured()]
    return provider.default_model() or str(provider.label)


def _configured() -> str:
    return next(name for name in IN_ORDER if BY_NAME[name].ready())
