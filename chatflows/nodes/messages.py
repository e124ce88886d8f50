"""The messages that a model is sent, where people write them one by one."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import Field

from chatflows.executor.node import TemplateText
from common.schema import Schema
from inference.client import ChatMessage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chatflows.executor.call import Call

SYSTEM: Final = "system"
USER: Final = "user"
ASSISTANT: Final = "assistant"


class WrittenMessage(Schema):
    """``text`` is a template."""

    role: Literal["user", "assistant", "system"] = Field(default=USER, title="From")
    text: TemplateText = Field(default="", max_length=50_000, title="Text")


def fault_of(messages: Sequence[WrittenMessage]) -> str:
    """Why a model cannot be sent them; empty where it can."""
    if not any(each.role == USER and each.text.strip() for each in messages):
        return "Write at least one message of the user"
    if messages[-1].role == ASSISTANT:
        return "The last message is the model's own. End with one of the user"
    return ""


def worked_out(call: Call[Any], messages: Iterable[WrittenMessage]) -> list[ChatMessage]:
    """What they come to. Those that come to nothing are left out; where none of the user's is left,
    the message that is answered is asked."""
    texts = (
        (each.role, call.text_of(each.text, f"messages.{number}.text"))
        for number, each in enumerate(messages)
    )
    found = [ChatMessage(role, text) for role, text in texts if text.strip()]
    if not any(each.role == USER for each in found):
        found.append(ChatMessage(USER, call.turn.message))
    call.input["messages"] = [{"role": each.role, "text": each.content} for each in found]
    return found


def with_history(
    messages: Sequence[ChatMessage], history: Iterable[ChatMessage], besides: str
) -> list[ChatMessage]:
    """``messages`` with what was said before between the instructions that they begin with and the
    rest. ``besides`` is added to those instructions."""
    leading = [each.content for each in takewhile(lambda each: each.role == SYSTEM, messages)]
    rest = messages[len(leading) :]
    if besides:
        leading[-1:] = ["\n\n".join([*leading[-1:], besides])]
    return [*(ChatMessage(SYSTEM, text) for text in leading), *history, *rest]
