"""A model's completion as the events of an answer. Shared by every kind of assistant."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conversations.turn import Failed, Token, Usage
from inference.client import Delta, ToolCall

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from inference.client import Completion, InferenceError, ModelClient


@dataclass
class Speech:
    """What one completion has said so far, and wants done; complete once ``speak`` has ended."""

    parts: list[str] = field(default_factory=list)
    calls: list[ToolCall] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    model: str = ""

    @property
    def text(self) -> str:
        return "".join(self.parts)


async def speak(model: ModelClient, completion: Completion, speech: Speech) -> AsyncIterator[Token]:
    """Yield the completion's text as it comes and keep it in ``speech``.

    Raises ``InferenceError``; ``speech`` then holds what had been said.
    """
    async for item in model.stream(completion):
        if isinstance(item, Delta):
            speech.parts.append(item.text)
            yield Token(item.text)
        elif isinstance(item, ToolCall):
            speech.calls.append(item)
        else:
            speech.usage = Usage(item.prompt_tokens, item.completion_tokens)
            speech.model = item.model


def failed(error: InferenceError, speech: Speech) -> Failed:
    """The event for a completion that could not be given, or not to its end."""
    return Failed(error.code, str(error), partial=speech.text, retry_after=error.retry_after)
