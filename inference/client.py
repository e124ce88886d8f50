"""A model as a function of messages. Knows no bot, no draft and no conversation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping


@dataclass(frozen=True)
class Tool:
    """What a model may have done. ``name`` has letters, digits, ``_`` and ``-``, at most 64;
    ``parameters`` is the JSON schema of an object."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class ToolCall:
    """What a model wants done. ``arguments`` is None where what it wrote is no JSON object;
    ``written`` is that text. ``id`` tells its result from those of other calls."""

    id: str
    name: str
    arguments: Mapping[str, Any] | None
    written: str = ""


@dataclass(frozen=True)
class ChatMessage:
    """One message of a prompt. ``calls`` are those of an assistant's message; one of a ``tool``
    is the result of the call ``call_id``."""

    role: Literal["system", "user", "assistant", "tool"]
    content: str
    calls: tuple[ToolCall, ...] = ()
    call_id: str = ""


@dataclass(frozen=True)
class Completion:
    """What to ask of which model. ``temperature`` 0 to 2, ``max_tokens`` of the answer; ``schema``
    is the JSON schema of an answer that is to be JSON, which not all servers keep to. ``tools`` are
    those that the model knows; without ``may_call`` it has to answer without them."""

    model: str
    messages: tuple[ChatMessage, ...]
    temperature: float = 0.7
    max_tokens: int = 1000
    schema: Mapping[str, Any] | None = None
    tools: tuple[Tool, ...] = ()
    may_call: bool = True


@dataclass(frozen=True)
class Delta:
    """The next piece of text."""

    text: str


@dataclass(frozen=True)
class Finished:
    """The end of a completion with the tokens the provider counted."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    model: str = ""


Item = Delta | ToolCall | Finished


class InferenceError(Exception):
    """A provider refused, failed or timed out. The message holds the provider's words, never a key.

    ``code`` is ``upstream-failed``, ``upstream-timeout``, ``rate-limit`` or ``not-configured``;
    ``permanent`` means that trying again will not help.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "upstream-failed",
        permanent: bool = False,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.permanent = permanent
        self.retry_after = retry_after


class ModelClient(Protocol):
    """Streams completions. ``generates`` is False for the extractive stand-in, which writes nothing
    itself: it quotes passages, and without any only says that it cannot answer."""

    generates: bool

    def stream(self, completion: Completion) -> AsyncIterator[Item]:
        """Yields ``Delta``s, then the ``ToolCall``s, and ends with one ``Finished``; raises
        ``InferenceError``, as for tools that the model or its server does not know."""
        ...
