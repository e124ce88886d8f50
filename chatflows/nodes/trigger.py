"""Where a flow begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from chatflows.executor.node import Node, Result, Settings

if TYPE_CHECKING:
    from chatflows.executor.call import Call


class TriggerSettings(Settings):
    """What starts the flow."""

    trigger_type: Literal["chat_message"] = Field(default="chat_message", title="Starts with")


class Trigger(Node[TriggerSettings]):
    """Gives the message that the flow was started with."""

    kind = "trigger"
    settings = TriggerSettings
    main = "message"
    has_input = False
    outputs = ("message",)

    async def run(self, call: Call[TriggerSettings]) -> Result:
        return Result({"message": call.known.get("input", "")})
