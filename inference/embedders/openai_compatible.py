"""Any server with the OpenAI protocol's ``/embeddings``: OpenAI, vLLM, Ollama and the like."""

from __future__ import annotations

import atexit
from functools import cache
from http import HTTPStatus
from time import monotonic
from typing import TYPE_CHECKING, Any

import httpx
import numpy as np
import orjson

from common import outbound
from common.memory import Memory, opaque_key
from common.unpacking import ACCEPTED, pieces
from inference.client import InferenceError
from inference.embedders.word_pieces import word_pieces
from inference.embedding import EmbeddingError, normalised
from inference.failures import as_inference_errors, garbage, late, refusal
from inference.http import LONGEST_ERROR, Timeouts
from inference.openai_wire import parse
from inference.retrying import persistently

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from inference.embedders.word_pieces import WordPieces
    from inference.embedding import Vectors
    from inference.endpoint import Endpoint

PATH = "embeddings"
TIMEOUTS = Timeouts(between=60, total=120)
TEXTS_PER_REQUEST = 32
CHARACTERS_PER_REQUEST = 100_000
# 32 vectors of 4,096 numbers are 3 MB of JSON.
LONGEST_ANSWER = 16_000_000
# pgvector's own limit for a column.
MOST_DIMENSIONS = 16_000
_dimensions: Memory[bytes, int] = Memory(1000)


class OpenAICompatibleEmbedder:
    """One model of one server.

    Its tokenizer is not known, so texts are measured in word pieces, which other tokenizers do not
    differ from by much in English; ``max_tokens`` is what nearly every embedding model reads. The
    ``id`` holds the model's name and not the address: a server may move without new vectors.
    """

    max_tokens = 512

    def __init__(self, endpoint: Endpoint, model: str, *, timeouts: Timeouts = TIMEOUTS) -> None:
        self.endpoint = endpoint
        self.model = model
        self.timeouts = timeouts

    @property
    def id(self) -> str:
        return f"openai_compatible:{self.model}"

    @property
    def tokenizer(self) -> WordPieces:
        return word_pieces()

    @property
    def dimensions(self) -> int:
        """How long its vectors are; the first time it is asked for one."""
        return _dimensions.get(self._key) or self._embed(["dimensions"]).shape[1]

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        found = [self._embed(batch) for batch in _batches(texts)]
        if len({vectors.shape[1] for vectors in found}) > 1:
            raise EmbeddingError("The model's vectors are not all of one length.")
        return np.concatenate(found)

    @property
    def _key(self) -> bytes:
        return opaque_key(self.endpoint.base_url, self.model)

    def _embed(self, texts: Sequence[str]) -> Vectors:
        try:
            vectors = _vectors(persistently(lambda: self._ask(texts)), len(texts))
        except InferenceError as error:
            raise EmbeddingError(
                str(error), permanent=error.permanent, retry_after=error.retry_after
            ) from None
        _dimensions.keep(self._key, vectors.shape[1])
        return vectors

    def _ask(self, texts: Sequence[str]) -> dict[str, Any]:
        """The server's answer; raises ``InferenceError``."""
        deadline = monotonic() + self.timeouts.total
        body = {"model": self.model, "input": list(texts), "encoding_format": "float"}
        headers = {"Content-Type": "application/json"}
        if self.endpoint.key:
            headers["Authorization"] = f"Bearer {self.endpoint.key}"
        with (
            as_inference_errors(),
            _client(guarded=self.endpoint.guarded).stream(
                "POST",
                self.endpoint.url(PATH),
                content=orjson.dumps(body),
                headers=headers,
                timeout=self.timeouts.httpx(),
            ) as response,
        ):
            if response.status_code == HTTPStatus.OK:
                return parse(_read(response, LONGEST_ANSWER, deadline))
            said = _read(response, LONGEST_ERROR, deadline)
        raise refusal(self.endpoint, response.status_code, response.headers, said)


@cache
def _client(*, guarded: bool) -> httpx.Client:
    """This process's client; the guarded one refuses to enter our own network."""
    plain = {"User-Agent": outbound.USER_AGENT, **ACCEPTED}
    made = (
        outbound.client()
        if guarded
        else httpx.Client(headers=plain, trust_env=False, cookies=outbound.no_cookies())
    )
    atexit.register(made.close)
    return made


def _read(response: httpx.Response, most: int, deadline: float) -> bytes:
    """The body, or its beginning; raises ``InferenceError`` at the deadline."""
    body = bytearray()
    for piece in pieces(response):
        body += piece
        if len(body) >= most:
            break
        if monotonic() > deadline:
            raise late()
    return bytes(body[:most])


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    start, characters = 0, 0
    for at, text in enumerate(texts):
        characters += len(text)
        full = at - start >= TEXTS_PER_REQUEST or characters > CHARACTERS_PER_REQUEST
        if full and at > start:
            yield texts[start:at]
            start, characters = at, len(text)
    yield texts[start:]


def _vectors(answer: dict[str, Any], expected: int) -> Vectors:
    """One vector for each text, in the order that was asked; raises ``InferenceError``."""
    items = answer.get("data")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise garbage()
    by_index = {item.get("index"): item.get("embedding") for item in items if _has_index(item)}
    if len(items) != expected or set(by_index) != set(range(expected)):
        raise garbage()
    vectors = normalised(_matrix([by_index[at] for at in range(expected)]))
    if not np.isfinite(vectors).all():
        raise garbage()
    return vectors


def _matrix(rows: list[Any]) -> Vectors:
    try:
        with np.errstate(over="ignore"):
            matrix = np.array(rows, dtype=np.float32)
        _texts, dimensions = matrix.shape
    except (ValueError, TypeError, OverflowError):
        raise garbage() from None
    if not 0 < dimensions <= MOST_DIMENSIONS:
        raise garbage()
    return matrix


def _has_index(item: dict[str, Any]) -> bool:
    return type(item.get("index")) is int
