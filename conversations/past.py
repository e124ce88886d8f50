"""What was said in a session before: what an assistant remembers, and the turn to answer again.

The same for a conversation's rows and a preview's messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast

from django.utils.translation import gettext as _

from common.problems import FieldError, invalid
from conversations.turn import Utterance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

FAILED = "failed"


@dataclass(frozen=True)
class Said:
    """One message, as far as the next answer is concerned."""

    id: str
    role: str
    content: str
    status: str = "whole"


@dataclass(frozen=True)
class Past:
    """``said`` is oldest first; ``variables`` what the visitor has told. ``state`` is what the
    assistant kept after the last turn, ``state_before`` what it had kept before.
    ``conversation_id`` names the row that it comes from, if it comes from one."""

    said: Sequence[Said] = ()
    variables: Mapping[str, Any] = field(default_factory=dict)
    conversation_id: UUID | None = None
    state: Mapping[str, Any] = field(default_factory=dict)
    state_before: Mapping[str, Any] = field(default_factory=dict)

    def remembered(self) -> tuple[Utterance, ...]:
        """Questions and answers by turns, as most models want them: a question that got no answer
        is forgotten."""
        kept: list[Utterance] = []
        for message in self.said:
            if not message.content or message.status == FAILED:
                continue
            if kept and kept[-1].role == message.role:
                kept.pop()
            role = cast("Literal['user', 'assistant']", message.role)
            kept.append(Utterance(role, message.content))
        if kept and kept[-1].role == "user":
            kept.pop()
        return tuple(kept)

    def next(self, message: str, *, regenerate: bool, may_be_empty: bool = False) -> Next:
        """What is to be answered now: ``message``, or the last question once more.

        Raises ``Problem`` 422 when there is neither.
        """
        if regenerate:
            return self._again()
        if message.strip() or may_be_empty:
            return Next(message, None, self.remembered(), self.state)
        fault = FieldError("message", _("Write a message."))
        raise invalid(_("There is nothing to answer."), fault)

    def _again(self) -> Next:
        for place in range(len(self.said) - 1, -1, -1):
            if self.said[place].role == "user":
                after = self.said[place + 1 :]
                replaces = after[-1].id if after else None
                before = Past(self.said[:place], self.variables)
                question, history = self.said[place].content, before.remembered()
                return Next(question, replaces, history, self.state_before)
        fault = FieldError("regenerate", _("Nothing was asked yet."))
        raise invalid(_("There is no message to answer again."), fault)


@dataclass(frozen=True)
class Next:
    """A question with what is remembered, and with what the assistant had kept when it was asked;
    ``replaces`` is the id of the answer it had before."""

    question: str
    replaces: str | None
    history: tuple[Utterance, ...]
    state: Mapping[str, Any] = field(default_factory=dict)
