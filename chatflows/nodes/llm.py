"""Asks a language model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from chatflows.executor.node import NOTHING, Node, NodeError, OnlyFor, Result, TemplateText
from chatflows.nodes.model import ModelSettings, asked, remembered
from chatflows.nodes.structured import ShapeError, instruction, object_in, shaped
from common.schema import Schema, once_each
from inference.client import ChatMessage

if TYPE_CHECKING:
    from chatflows.executor.call import Call


class OutputField(Schema):
    """A part of the answer, read elsewhere as ``{{node.name}}``. ``options`` is all that a text may
    say."""

    name: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$", title="Name")
    type: Literal["text", "number", "integer", "boolean", "list"] = Field(
        default="text", title="Kind"
    )
    description: str = Field(default="", max_length=500, title="What it is")
    options: tuple[Annotated[str, StringConstraints(min_length=1, max_length=100)], ...] = Field(
        default=(), max_length=50, title="One of, a line each: billing"
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
    """``prompt`` is what the model is asked, ``system_prompt`` who it is; both are templates.
    ``memory`` is how many messages of the conversation it sees. With ``output`` the answer is an
    object of these fields. ``streams``: it is said to whoever chats, as it comes."""

    system_prompt: TemplateText = Field(default="", max_length=50_000, title="Instructions")
    prompt: TemplateText = Field(
        default="", max_length=50_000, validate_default=True, title="Prompt"
    )
    memory: int = Field(
        default=0,
        ge=0,
        le=100,
        title="Messages of the conversation",
        description="How many of the newest the model sees, such as 10; 0: none.",
    )
    output: Annotated[
        tuple[OutputField, ...], once_each("name", "Two parts of the answer are called {}")
    ] = Field(
        default=(),
        max_length=30,
        title="Parts of the answer",
        description="The answer becomes values that others read, such as {{llm1.intent}}.",
    )
    streams: Annotated[bool, OnlyFor(("output", NOTHING))] = Field(
        default=False, title="Say the answer as it comes"
    )

    @field_validator("prompt")
    @classmethod
    def _asks_something(cls, prompt: str, info: ValidationInfo) -> str:
        if not prompt.strip() and not info.data.get("system_prompt", "").strip():
            raise ValueError("Write a prompt")
        return prompt

    def schema_of_output(self) -> dict[str, Any] | None:
        if not self.output:
            return None
        return {
            "type": "object",
            "properties": {each.name: each.as_schema() for each in self.output},
            "required": [each.name for each in self.output],
            "additionalProperties": False,
        }


class Llm(Node[LlmSettings]):
    """Gives the answer as ``text``, and its parts where it is an object."""

    kind = "llm"
    settings = LlmSettings
    outputs = ("text",)

    def gives(self, settings: LlmSettings) -> tuple[str, ...] | None:
        if not settings.output:
            return None  # an answer that is an object is taken apart, whatever is in it
        return (*self.outputs, *(each.name for each in settings.output))

    def speaks(self, settings: LlmSettings) -> bool:
        return settings.streams and not settings.output

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
        system = "\n\n".join(filter(None, (call.text("system_prompt"), besides)))
        prompt = call.text("prompt") or call.turn.message
        return [
            *([ChatMessage("system", system)] if system else ()),
            *remembered(call, call.settings.memory),
            ChatMessage("user", prompt),
        ]

    async def _shaped(
        self, call: Call[LlmSettings], messages: list[ChatMessage], schema: dict[str, Any]
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
            raise NodeError(str(fault), field="output", permanent=False) from None


def _spoken(answer: str) -> Result:
    """An answer of any shape; one that is an object is taken apart, though nobody asked for it."""
    return Result({**(object_in(answer) or {}), "text": answer})
