"""What was said in a session before: what an assistant remembers, and the turn to answer again.

The same for a conversation's rows and a preview's messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from common.problems import FieldError, invalid
from conversations.turn import Utterance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

USER, ASSISTANT, FAILED = "user", "assistant", "failed"


@dataclass(frozen=True)
class Said:
    """One message, as far as the next answer is concerned. ``at`` is known where people can take
    part in the conversation."""

    id: str
    role: str
    content: str
    status: str = "whole"
    at: datetime | None = None

    @property
    def utterance(self) -> Utterance:
        """As an assistant remembers it: what a person said in its place was said for it."""
        return Utterance("user" if self.role == USER else "assistant", self.content)


@dataclass(frozen=True)
class Handover:
    """When a person had the conversation; ``until`` is None as long as one has."""

    since: datetime
    until: datetime | None = None

    def includes(self, message: Said) -> bool:
        if message.at is None or message.at <= self.since:
            return False
        return self.until is None or message.at <= self.until


@dataclass(frozen=True)
class Past:
    """``said`` is oldest first; ``variables`` what the visitor has told. ``state`` is what the
    assistant kept after the last turn, ``state_before`` what it had kept before.
    ``conversation_id`` names the row that it comes from, if it comes from one; ``handover`` is the
    last one to a person."""

    said: Sequence[Said] = ()
    variables: Mapping[str, Any] = field(default_factory=dict)
    conversation_id: UUID | None = None
    state: Mapping[str, Any] = field(default_factory=dict)
    state_before: Mapping[str, Any] = field(default_factory=dict)
    handover: Handover | None = None

    @property
    def is_with_person(self) -> bool:
        """Whether a person has the conversation now."""
        return self.handover is not None and self.handover.until is None

    @property
    def last_answer(self) -> Said | None:
        """What the assistant said last, if it said anything."""
        return next((each for each in reversed(self.said) if each.role == ASSISTANT), None)

    def with_person(self) -> tuple[Utterance, ...]:
        """What was said while a person had it last."""
        handover = self.handover
        if handover is None:
            return ()
        return tuple(each.utterance for each in self.said if handover.includes(each))

    def remembered(self) -> tuple[Utterance, ...]:
        """Questions and answers by turns, as most models want them: a question that got no answer
        is forgotten, and what somebody said in several messages is one."""
        kept: list[Utterance] = []
        for message in self.said:
            if not message.content or message.status == FAILED:
                _forget_question(kept)
                continue
            said = message.utterance
            if kept and kept[-1].role == said.role:
                said = Utterance(said.role, f"{kept.pop().content}\n\n{said.content}")
            kept.append(said)
        _forget_question(kept)
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
            if self.said[place].role == USER:
                replaces = _last_answer(self.said[place + 1 :])
                before = Past(self.said[:place], self.variables)
                question, history = self.said[place].content, before.remembered()
                # What only a person was asked has not moved the assistant yet.
                state = self.state_before if replaces else self.state
                return Next(question, replaces, history, state)
        fault = FieldError("regenerate", _("Nothing was asked yet."))
        raise invalid(_("There is no message to answer again."), fault)


def _forget_question(kept: list[Utterance]) -> None:
    if kept and kept[-1].role == USER:
        kept.pop()


def _last_answer(said: Iterable[Said]) -> str | None:
    """The id of the assistant's last answer in ``said``, if it gave one."""
    answers = [each.id for each in said if each.role == ASSISTANT]
    return answers[-1] if answers else None


@dataclass(frozen=True)
class Next:
    """A question with what is remembered, and with what the assistant had kept when it was asked;
    ``replaces`` is the id of the answer it had before."""

    question: str
    replaces: str | None
    history: tuple[Utterance, ...]
    state: Mapping[str, Any] = field(default_factory=dict)
