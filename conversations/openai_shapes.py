"""The OpenAI protocol from the other side: what clients may send, and what they get. Pure."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import ConfigDict, Field

from common.problems import FieldError, invalid, too_large
from conversations.bodies import LONGEST_MESSAGE, Body, SessionId
from conversations.json_schema import Described
from conversations.turn import Utterance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from common.problems import Problem

MOST_MESSAGES = 500
# An answer that comes back as history may be longer than a question.
LONGEST_HISTORY = 200_000


class TextPart(Described):
    """A part of a message. Pictures and sounds are not understood."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    type: str = Field(pattern="^text$")
    text: str = Field(max_length=LONGEST_HISTORY)


class PromptMessage(Described):
    """One message of the conversation. What else clients put into it is not read."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    role: Literal["system", "developer", "user", "assistant"]
    content: Annotated[str, Field(max_length=LONGEST_HISTORY)] | tuple[TextPart, ...]

    @property
    def text(self) -> str:
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content)


class StreamOptions(Described):
    model_config = ConfigDict(extra="ignore", frozen=True)
    include_usage: bool = False


class ResponseFormat(Described):
    model_config = ConfigDict(extra="forbid", frozen=True)
    type: str = Field(default="text", pattern="^text$")


class Metadata(Described):
    """``session_id`` gathers requests into one conversation of the inbox."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    session_id: SessionId | None = None


class CompletionBody(Body):
    """A chat completion. ``model`` is the assistant's address (slug) or id.

    The assistant answers as it was deployed: its own instructions, model and settings stand, so
    system messages and the sampling parameters that clients send by habit change nothing. The
    conversation is the one in ``messages``; nothing else is remembered.
    """

    model: str = Field(min_length=1, max_length=100)
    messages: tuple[PromptMessage, ...] = Field(min_length=1, max_length=MOST_MESSAGES)
    stream: bool = False
    stream_options: StreamOptions | None = None
    user: str | None = Field(default=None, max_length=200)
    metadata: Metadata | None = None
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, ge=0, le=1)
    max_tokens: int | None = Field(default=None, ge=1)
    max_completion_tokens: int | None = Field(default=None, ge=1)
    n: int | None = Field(default=None, ge=1, le=1)
    stop: str | tuple[str, ...] | None = None
    presence_penalty: float | None = Field(default=None, ge=-2, le=2)
    frequency_penalty: float | None = Field(default=None, ge=-2, le=2)
    seed: int | None = None
    response_format: ResponseFormat | None = None
    store: bool | None = None

    def question(self) -> str:
        """The last message; raises ``Problem`` 422 when it is not the user's."""
        last = self.messages[-1]
        if last.role != "user" or not last.text.strip():
            fault = FieldError("messages", _("The last message must be the user's."))
            raise invalid(_("There is nothing to answer."), fault)
        if len(last.text) > LONGEST_MESSAGE:
            raise too_large(_("The message is too long."))
        return last.text

    def history(self) -> tuple[Utterance, ...]:
        return tuple(
            Utterance(message.role, message.text)
            for message in self.messages[:-1]
            if message.role in ("user", "assistant") and message.text
        )

    @property
    def session_id(self) -> str:
        return (self.metadata and self.metadata.session_id) or ""


def completion(model: str, done: dict[str, Any]) -> dict[str, Any]:
    """A whole answer, from the ``done`` frame's data."""
    content = done["message"] or passed_on(done)
    message = {"role": "assistant", "content": content, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return _common(done["message_id"], model, "chat.completion") | {
        "choices": [choice],
        "usage": done["usage"],
        "citations": done["citations"],
        "metadata": {"session_id": done["session_id"], "handoff": done["handoff"]},
    }


def passed_on(done: dict[str, Any]) -> str:
    """What a client is told where a person has the conversation and nothing was said; nothing
    otherwise."""
    if not done["handoff"] or done["message"]:
        return ""
    return _("A person has this conversation now. Your message was passed on to them.")


def chunk(
    id_: str, model: str, delta: dict[str, str], finish_reason: str | None = None
) -> dict[str, Any]:
    """A piece of a streamed answer."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    return _common(id_, model, "chat.completion.chunk") | {"choices": [choice]}


def usage_chunk(id_: str, model: str, usage: dict[str, int]) -> dict[str, Any]:
    return _common(id_, model, "chat.completion.chunk") | {"choices": [], "usage": usage}


def models(listed: Sequence[tuple[str, float, str]]) -> dict[str, Any]:
    """A list of models: address, moment of creation and owner of each assistant."""
    return {"object": "list", "data": [model(*each) for each in listed]}


def model(slug: str, created: float, owner: str) -> dict[str, Any]:
    return {"id": slug, "object": "model", "created": int(created), "owned_by": owner}


def error(problem: Problem) -> tuple[int, dict[str, Any]]:
    """A problem as OpenAI's clients expect to be told one: status and body."""
    status = 400 if problem.status == 422 else problem.status  # noqa: PLR2004
    kind, code = _KINDS.get(status, ("invalid_request_error", None))
    if status >= 500:  # noqa: PLR2004
        kind, code = "server_error", problem.extra.get("code")
    words = " ".join(filter(None, [problem.detail, *(e.message for e in problem.errors)]))
    told = {
        "message": words or problem.title,
        "type": kind,
        "param": problem.errors[0].path if problem.errors else None,
        "code": code,
    }
    return status, {"error": told}


_KINDS: dict[int, tuple[str, str | None]] = {
    401: ("authentication_error", "invalid_api_key"),
    403: ("permission_error", None),
    404: ("invalid_request_error", "model_not_found"),
    429: ("rate_limit_error", "rate_limit_exceeded"),
}


def _common(id_: str, model: str, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{id_.replace('-', '')}",
        "object": kind,
        "created": int(time.time()),
        "model": model,
    }
