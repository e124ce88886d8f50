"""Every kind of embedding model, and how a configuration's choice becomes one."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from inference.client import InferenceError
from inference.embedders.local import LOCAL, MODEL
from inference.embedders.openai_compatible import OpenAICompatibleEmbedder
from inference.embedding import EmbeddingError
from inference.providers.openai_compatible import OpenAICompatible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from inference.embedding import Embedder

NOTHING: Mapping[str, str] = MappingProxyType({})


def embedder(provider: str, values: Mapping[str, str] = NOTHING, model: str = "") -> Embedder:
    """The embedder that ``provider`` names, with the ``values`` of a credential if there is one;
    raises ``EmbeddingError`` saying what is missing."""
    if provider not in EMBEDDERS:
        raise EmbeddingError(f"There is no embedding provider {provider}.", permanent=True)
    return EMBEDDERS[provider](values, model)


def _local(_values: Mapping[str, str], model: str) -> Embedder:
    if model not in ("", MODEL):
        raise EmbeddingError(f"There is no local embedding model {model}.", permanent=True)
    return LOCAL


def _openai_compatible(values: Mapping[str, str], model: str) -> Embedder:
    if not model:
        raise EmbeddingError("No embedding model is chosen.", permanent=True)
    try:
        return OpenAICompatibleEmbedder(OpenAICompatible().endpoint(values), model)
    except InferenceError as error:
        raise EmbeddingError(str(error), permanent=True) from None


EMBEDDERS: Mapping[str, Callable[[Mapping[str, str], str], Embedder]] = {
    "local": _local,
    "openai_compatible": _openai_compatible,
}
