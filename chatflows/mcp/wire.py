"""The shapes of the Model Context Protocol: messages of JSON-RPC, alone or as events. Pure.

What servers send is read here, and bounded: names, descriptions and results are a stranger's words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import orjson
from pydantic import BaseModel, BeforeValidator, Field, ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# The newest first, which is asked for; a server may choose an older one.
VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
# Characters of a description, of a result, and of what an error says; bytes of a schema.
LONGEST_DESCRIPTION, LONGEST_RESULT, LONGEST_ERROR, LARGEST_SCHEMA = 1000, 200_000, 300, 16 * 1024
# Tools of a page, and parts of a result, that are looked at: in a megabyte there may be very many
# that say nothing.
MOST_READ = 1000
# How an event ends, with line ends of either kind.
ENDS = (b"\n\n", b"\n\r\n")
ANY_OBJECT: Mapping[str, Any] = {"type": "object"}


Each = TypeVar("Each")


def _first(given: object) -> object:
    return given[:MOST_READ] if isinstance(given, list) else given


Some = Annotated[list[Each], BeforeValidator(_first)]


class McpError(Exception):
    """A server cannot be used as asked. The message holds no secret."""

    def __init__(self, message: str, *, permanent: bool = True) -> None:
        super().__init__(message)
        self.permanent = permanent


class McpTool(BaseModel):
    name: str = Field(min_length=1, max_length=256)
    description: str = ""
    parameters: dict[str, Any] = Field(default_factory=dict, alias="inputSchema")

    @property
    def told(self) -> str:
        """Its description, as long as a model has to read it."""
        return self.description[:LONGEST_DESCRIPTION]

    @property
    def schema_of_arguments(self) -> Mapping[str, Any]:
        is_usable = self.parameters.get("type") == "object"
        is_small = 0 < len(_written(self.parameters)) <= LARGEST_SCHEMA
        return self.parameters if is_usable and is_small else ANY_OBJECT


class Initialized(BaseModel):
    version: str = Field(alias="protocolVersion")


class Page(BaseModel):
    tools: Some[dict[str, Any]] = []
    cursor: str | None = Field(default=None, alias="nextCursor")

    def readable(self) -> Iterator[McpTool]:
        for each in self.tools:
            try:
                yield McpTool.model_validate(each)
            except ValidationError:
                continue  # one that nobody could call by its name


class Content(BaseModel):
    type: str = ""
    text: str | None = None
    uri: str | None = None
    resource: dict[str, Any] = {}

    def as_text(self) -> str:
        told = self.text or self.uri or self.resource.get("text") or self.resource.get("uri")
        return str(told or f"[{self.type or 'something'}]")


class Called(BaseModel):
    content: Some[Content] = []
    structured: dict[str, Any] | None = Field(default=None, alias="structuredContent")
    is_error: bool = Field(default=False, alias="isError")

    def as_text(self) -> str:
        text = "\n".join(each.as_text() for each in self.content)
        if not text and self.structured is not None:
            text = _written(self.structured)
        return text[:LONGEST_RESULT]


def message(method: str, params: Mapping[str, Any], number: int | None = None) -> bytes:
    """A request, or without a number a notification."""
    sent: dict[str, Any] = {"jsonrpc": "2.0", "method": method}
    if params:
        sent["params"] = params
    return orjson.dumps(sent if number is None else sent | {"id": number})


def answer_in(body: bytes, number: int) -> dict[str, Any] | None:
    """The answer to the request ``number`` in a body, or in what has come of it."""
    for text in (body, *_events(body)):
        try:
            found = orjson.loads(text)
        except orjson.JSONDecodeError:
            continue
        for each in found if isinstance(found, list) else [found]:
            if isinstance(each, dict) and each.get("id") == number and _is_answer(each):
                return each
    return None


class Awaited:
    """Tells whether the answer to the request ``number`` is among the events that have come of a
    body, which is given anew with each piece. Every byte is looked at once: in how many pieces a
    body comes is a stranger's choice."""

    def __init__(self, number: int) -> None:
        self._number, self._seen, self._read = number, 0, 0

    def __call__(self, body: bytearray) -> bool:
        since = max(self._read, self._seen - 2)  # an end may come in two pieces
        self._seen = len(body)
        ends = (body.rfind(end, since) + len(end) for end in ENDS if body.find(end, since) >= 0)
        if not (end := max(ends, default=0)):
            return False
        events, self._read = bytes(body[self._read : end]), end
        return answer_in(events, self._number) is not None


def _is_answer(found: Mapping[str, Any]) -> bool:
    """Servers may ask something themselves meanwhile, by numbers of their own."""
    return "result" in found or "error" in found


def _events(body: bytes) -> Iterator[bytes]:
    """The data of each event that has come to its end."""
    *whole, _rest = body.replace(b"\r\n", b"\n").split(b"\n\n")
    for event in whole:
        lines = [line[5:].strip() for line in event.split(b"\n") if line.startswith(b"data:")]
        if lines:
            yield b"\n".join(lines)


def _written(value: object) -> str:
    """A value as JSON; nothing where it is nested too deeply for that."""
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        return ""


def words_of(error: object) -> str:
    """What an error of JSON-RPC says."""
    said = error.get("message") if isinstance(error, dict) else error
    return str(said or "")[:LONGEST_ERROR]
