"""What nodes that ask a language model have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar
from uuid import UUID

from pydantic import Field

from chatflows.executor.node import NodeError, OnlyFor, ReachingSettings
from conversations.prompt import fit, opening
from conversations.runtime import MemoryLimits, ModelChoice
from conversations.speaking import Speech, speak
from inference.client import ChatMessage, Completion, InferenceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chatflows.executor.call import Call
    from inference.client import Tool

HISTORY_TOKENS = 4000
# Messages of the conversation that a model sees besides what it is asked.
Memory = Annotated[
    int,
    Field(
        ge=0,
        le=100,
        title="Messages of the conversation",
        description="How many of the newest the model sees, such as 10; 0: none.",
    ),
]

# Who quotes passages has neither.
_OF_MODELS = OnlyFor(("provider", ("", "secret_ai", "openai_compatible", "anthropic", "local")))


class ModelSettings(ReachingSettings):
    """Which model is asked, and how. Without a provider, the server's own."""

    provider: (
        Literal["secret_ai", "openai_compatible", "anthropic", "local", "extractive"] | None
    ) = Field(default=None, title="Provider")
    credential_id: Annotated[UUID | None, _OF_MODELS] = Field(default=None, title="Credential")
    model: Annotated[str, _OF_MODELS] = Field(
        default="",
        max_length=200,
        title="Model",
        description="Empty: the one that the provider uses by itself.",
    )
    temperature: float = Field(default=0.7, ge=0, le=2, title="Temperature")
    max_tokens: int = Field(default=2000, ge=1, le=128_000, title="Longest answer, in tokens")

    @property
    def choice(self) -> ModelChoice:
        credential = str(self.credential_id) if self.credential_id else None
        return ModelChoice(self.provider, self.model, credential)


ModelSettingsT = TypeVar("ModelSettingsT", bound=ModelSettings)


async def asked(
    call: Call[ModelSettingsT],
    messages: Sequence[ChatMessage],
    *,
    heard: Callable[[str], None] | None = None,
    schema: Mapping[str, Any] | None = None,
) -> str:
    """What the model says to ``messages``, as ``answered`` has it."""
    return (await answered(call, messages, heard=heard, schema=schema)).text


async def answered(
    call: Call[ModelSettingsT],
    messages: Sequence[ChatMessage],
    *,
    heard: Callable[[str], None] | None = None,
    schema: Mapping[str, Any] | None = None,
    tools: Sequence[Tool] = (),
    may_call: bool = True,
) -> Speech:
    """What the model says to ``messages``, and which of ``tools`` it calls; ``heard`` is told piece
    by piece. Raises ``NodeError``.

    Its tokens are counted with the call, and the passages that it is shown become citable.
    """
    call.budget.call()
    for message in messages:
        call.passages.read_in(message.content)
    settings, speech = call.settings, Speech()
    call.model = settings.model
    completion = Completion(
        settings.model,
        tuple(messages),
        settings.temperature,
        settings.max_tokens,
        schema,
        tuple(tools),
        may_call,
    )
    try:
        async for token in speak(call.ports.models.of(settings.choice), completion, speech):
            if heard:
                heard(token.text)
    except InferenceError as error:
        raise NodeError(str(error), permanent=error.permanent, code=error.code) from None
    finally:
        call.usage = call.usage + speech.usage
    return speech


def remembered(call: Call[Any], most: int) -> list[ChatMessage]:
    """The last ``most`` messages of the conversation, before the one that is answered; what the
    assistant began it with, as instructions."""
    if not most:
        return []
    history = fit(call.turn.history, MemoryLimits(most, HISTORY_TOKENS))
    begun = opening(call.turn)
    first = [ChatMessage("system", begun)] if begun else []
    return [*first, *(ChatMessage(said.role, said.content) for said in history)]
