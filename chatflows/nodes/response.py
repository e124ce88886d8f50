"""Says something to whoever chats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StringConstraints

from chatflows.executor.node import Node, Result, Settings, TemplateText

if TYPE_CHECKING:
    from chatflows.executor.call import Call

Choice = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class ResponseSettings(Settings):
    """``message`` is a template in Markdown; ``choices`` are answers to pick instead of typing."""

    message: TemplateText = Field(min_length=1, max_length=20_000, title="Message")
    choices: tuple[Choice, ...] = Field(default=(), max_length=10, title="Suggested replies")


class Response(Node[ResponseSettings]):
    kind = "response"
    settings = ResponseSettings
    main = "message"
    outputs = ("message",)

    def speaks(self, settings: ResponseSettings) -> bool:
        return True

    async def run(self, call: Call[ResponseSettings]) -> Result:
        message = call.text("message")
        await call.voice.say(message)
        if call.settings.choices:
            call.voice.offer(call.settings.choices)
        return Result({"message": message})
