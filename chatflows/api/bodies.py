"""What clients send to run a draft's flow, or one of its nodes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import Field, ValidationInfo, field_validator

from chatflows.cases.schema import MOST_CASES
from chatflows.nodes.trigger import CHAT
from conversations.bodies import Body, LimitedText, SessionId, Variables

Outputs = dict[str, dict[str, Any]]
# Headers of a call, or parts of its address.
MOST_PAIRS = 100


class WebhookPayload(Body):
    """What a call of the flow's webhook would bring."""

    body: Any = None
    headers: dict[str, str] = Field(default={}, max_length=MOST_PAIRS)
    query: dict[str, str | list[str]] = Field(default={}, max_length=MOST_PAIRS)


class Beginning(Body):
    """What starts a flow: a message in the chat, ``webhook`` with its ``payload``, or
    ``schedule``."""

    trigger: Literal["chat_message", "webhook", "schedule"] = CHAT
    payload: WebhookPayload | None = None
    session_id: SessionId | None = None


class ExecuteBody(Beginning):
    """A message to a flow, or another start of it; ``session_id`` carries a conversation on."""

    input: Annotated[LimitedText, Field(validate_default=True)] = ""
    variables: Variables = {}

    @field_validator("input")
    @classmethod
    def _a_message(cls, text: str, info: ValidationInfo) -> str:
        if info.data.get("trigger") == CHAT and not text.strip():
            raise ValueError(_("Write a message"))
        return text


class RunNodeBody(Body):
    """One node, on what the others are said to have given: ``{"llm1": {"intent": "billing"}}``."""

    input: str = Field(default="", max_length=16_000)
    variables: Variables = {}
    outputs: Outputs = {}


class RunTestsBody(Body):
    """Which test cases are run; all of them where it is not said."""

    ids: tuple[Annotated[str, Field(max_length=64)], ...] | None = Field(
        default=None, min_length=1, max_length=MOST_CASES
    )
