"""What clients send to run a draft's flow, or one of its nodes."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from chatflows.cases.schema import MOST_CASES
from conversations.bodies import Body, MessageText, SessionId, Variables

Outputs = dict[str, dict[str, Any]]


class ExecuteBody(Body):
    """A message to a flow; ``session_id`` carries a conversation on."""

    input: MessageText
    session_id: SessionId | None = None
    variables: Variables = {}


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
