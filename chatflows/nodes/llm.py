"""Asks a language model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from chatflows.executor.node import (
    NOTHING,
    Adds,
    Node,
    NodeError,
    OnlyFor,
    Result,
    Source,
    TemplateText,
)
from chatflows.nodes.json_schema import UnfitSchemaError, schema_in
from chatflows.nodes.messages import (
    SYSTEM,
    USER,
    WrittenMessage,
    fault_of,
    with_history,
    worked_out,
)
from chatflows.nodes.model import Memory, ModelSettings, asked, remembered
from chatflows.nodes.shape import Shape
from chatflows.nodes.structured import ShapeError, instruction, object_in, shaped
from common.names import WHOLE_NAME
from common.schema import Schema, once_each
from inference.client import ChatMessage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatflows.executor.call import Call

MESSAGES, SCHEMA = "messages", "schema"
_OF_PROMPT = OnlyFor(("prompt_type", ("prompt",)))
_OF_MESSAGES = OnlyFor(("prompt_type", (MESSAGES,)))
_OF_PARTS = OnlyFor(("output_type", ("parts",)))
_OF_SCHEMA = OnlyFor(("output_type", (SCHEMA,)))


class OutputField(Schema):
    """A part of the answer, read elsewhere as ``{{node.name}}``. ``options`` is all that a text may
    say."""

    name: str = Field(pattern=WHOLE_NAME, title="Name")
    type: Literal["text", "number", "integer", "boolean", "list"] = Field(
        default="text", title="Kind"
    )
    description: str = Field(default="", max_length=500, title="What it is")
    options: tuple[Annotated[str, StringConstraints(min_length=1, max_length=100)], ...] = Field(
        default=(), max_length=50, title="Allowed texts, a line each"
    )

    def as_schema(self) -> dict[str, Any]:
        shape: dict[str, Any] = dict(_SHAPES[self.type])
        if self.options and self.type == "text":
            shape["enum"] = list(self.options)
        return shape | ({"description": self.description} if self.description else {})


_SHAPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "list": {"type": "array", "items": {"type": "string"}},
}


class LlmSettings(ModelSettings):
    """What the model is sent: a ``prompt``, and as ``system_prompt`` who it is, or a list of
    ``messages``; all of them are templates. ``memory`` is how many messages of the conversation it
    sees besides. With ``output`` the answer is an object of these fields, or by ``output_schema``
    one of a JSON schema of one's own. ``streams``: it is said to whoever chats, as it comes."""

    prompt_type: Literal["prompt", "messages"] = Field(
        default="prompt", title="What the model is sent"
    )
    system_prompt: Annotated[TemplateText, _OF_PROMPT] = Field(
        default="", max_length=50_000, title="Instructions"
    )
    prompt: Annotated[TemplateText, _OF_PROMPT] = Field(
        default="", max_length=50_000, validate_default=True, title="Prompt"
    )
    messages: Annotated[tuple[WrittenMessage, ...], _OF_MESSAGES, Adds("Add a message")] = Field(
        default=(), max_length=30, validate_default=True, title="Messages"
    )
    memory: Memory = 0
    output_type: Literal["parts", "schema"] = Field(default="parts", title="Shape of the answer")
    output: Annotated[
        tuple[OutputField, ...],
        once_each("name", "Two parts of the answer are called {}"),
        _OF_PARTS,
        Adds("Add a part"),
    ] = Field(
        default=(),
        max_length=30,
        title="Parts of the answer",
        description="The answer becomes values that others read, such as {{llm1.intent}}.",
    )
    output_schema: Annotated[str, Source(), _OF_SCHEMA] = Field(
        default="",
        max_length=20_000,
        validate_default=True,
        title="JSON schema",
        description="Of an object. What it names others read, such as {{llm1.items[0].name}}.",
    )
    streams: Annotated[bool, OnlyFor(("output_type", ("parts",)), ("output", NOTHING))] = Field(
        default=False, title="Say the answer as it comes"
    )

    @field_validator("prompt")
    @classmethod
    def _asks_something(cls, prompt: str, info: ValidationInfo) -> str:
        is_prompt = info.data.get("prompt_type") != MESSAGES
        if is_prompt and not prompt.strip() and not info.data.get("system_prompt", "").strip():
            raise ValueError("Write a prompt")
        return prompt

    @field_validator("messages")
    @classmethod
    def _can_be_sent(
        cls, messages: tuple[WrittenMessage, ...], info: ValidationInfo
    ) -> tuple[WrittenMessage, ...]:
        if info.data.get("prompt_type") == MESSAGES and (fault := fault_of(messages)):
            raise ValueError(fault)
        return messages

    @field_validator("output_schema")
    @classmethod
    def _can_be_used(cls, schema: str, info: ValidationInfo) -> str:
        if info.data.get("output_type") == SCHEMA:
            try:
                schema_in(schema)
            except UnfitSchemaError as error:
                raise ValueError(str(error)) from None
        return schema

    def schema_of_output(self) -> Mapping[str, Any] | None:
        """That of the answer, where it is an object; raises ``UnfitSchemaError`` of settings that
        are not complete."""
        if self.output_type == SCHEMA:
            return schema_in(self.output_schema)
        if not self.output:
            return None
        return {
            "type": "object",
            "properties": {each.name: each.as_schema() for each in self.output},
            "required": [each.name for each in self.output],
            "additionalProperties": False,
        }

    @property
    def known_schema(self) -> Mapping[str, Any] | None:
        """The same, as far as it is known."""
        try:
            return self.schema_of_output()
        except UnfitSchemaError:
            return None


class Llm(Node[LlmSettings]):
    """Gives the answer as ``text``, and its parts where it is an object."""

    kind = "llm"
    settings = LlmSettings
    outputs = ("text",)

    def gives(self, settings: LlmSettings) -> tuple[str, ...] | None:
        schema = settings.known_schema
        shape = Shape(schema, schema) if schema else None
        if shape is None or not shape.is_closed:
            return None  # an answer that is an object is taken apart, whatever is in it
        return tuple(dict.fromkeys((*self.outputs, *shape.parts)))

    def schema_of(self, settings: LlmSettings) -> Mapping[str, Any] | None:
        return settings.known_schema

    def speaks(self, settings: LlmSettings) -> bool:
        return settings.streams and settings.output_type != SCHEMA and not settings.output

    async def run(self, call: Call[LlmSettings]) -> Result:
        schema = call.settings.schema_of_output()
        messages = self._messages(call, instruction(schema) if schema else "")
        if schema:
            return await self._shaped(call, messages, schema)
        if not call.settings.streams:
            return _spoken(await asked(call, messages))
        async with call.voice.speaking() as say:
            return _spoken(await asked(call, messages, heard=say))

    def _messages(self, call: Call[LlmSettings], besides: str) -> list[ChatMessage]:
        settings = call.settings
        written = (
            worked_out(call, settings.messages)
            if settings.prompt_type == MESSAGES
            else self._prompted(call)
        )
        return with_history(written, remembered(call, settings.memory), besides)

    def _prompted(self, call: Call[LlmSettings]) -> list[ChatMessage]:
        system = call.text("system_prompt")
        prompt = call.text("prompt") or call.turn.message
        return [*([ChatMessage(SYSTEM, system)] if system else ()), ChatMessage(USER, prompt)]

    async def _shaped(
        self, call: Call[LlmSettings], messages: list[ChatMessage], schema: Mapping[str, Any]
    ) -> Result:
        """The answer as an object. A model that misses the shape is told how, once."""
        answer = await asked(call, messages, schema=schema)
        try:
            return Result({"text": answer, **shaped(answer, schema)})
        except ShapeError as fault:
            correction = ChatMessage("user", f"{fault} {instruction(schema)}")
            again = [*messages, ChatMessage("assistant", answer or "{}"), correction]
        answer = await asked(call, again, schema=schema)
        try:
            return Result({"text": answer, **shaped(answer, schema)})
        except ShapeError as fault:
            field = "output_schema" if call.settings.output_type == SCHEMA else "output"
            raise NodeError(str(fault), field=field, permanent=False) from None


def _spoken(answer: str) -> Result:
    """An answer of any shape; one that is an object is taken apart, though nobody asked for it."""
    return Result({**(object_in(answer) or {}), "text": answer})
