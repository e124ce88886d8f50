"""Talking to deployed assistants: sessions found again, turns answered and recorded."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from asgiref.sync import sync_to_async
from django.utils.translation import gettext as _

from common.limits import count
from common.problems import not_found
from conversations import limits, server_model
from conversations.answering import done_frame, frames
from conversations.handoff import Passed, pass_on
from conversations.languages import ENGLISH
from conversations.leads import record_lead
from conversations.models import Message
from conversations.outcome import Outcome, passages
from conversations.ports import ports_for
from conversations.recording import Recorder
from conversations.releases import LiveAssistant, assistant_of
from conversations.replacing import claim, while_claimed
from conversations.sessions import new_session, past_of
from conversations.turn import Done, Turn, Utterance
from conversations.variables import checked
from conversations.visits import open_conversation, record_feedback

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from common.limits import Limit
    from conversations.answering import Frame
    from conversations.past import Next, Past
    from conversations.runtime import Ports
    from conversations.turn import Occasion
    from drafts.models import Entity

__all__ = ["Asked", "answer_stream", "open_conversation", "record_feedback", "record_lead"]


@dataclass(frozen=True)
class Asked:
    """One message to a deployed assistant.

    ``public``: a website's visitor asks, who gets plain words for failures and must have filled in
    what is asked for before the chat. Where a channel's service has it ``passed_on``, there was no
    such form. With an ``occasion`` there may be no message. Whoever asks so is told failures in
    plain words too. ``history`` stands in for what was recorded.
    ``language`` is the one that the visitor wants, ``opening`` what the assistant has said first,
    where it began the conversation itself. ``limits`` are counted beside the assistant's own, which
    is counted for the session or for ``counted_as``. ``answer_id`` is what the answer is to be
    called, ``conversation_id`` the one that the message belongs to, where that is known: if it was
    deleted since, it is not begun anew.
    """

    message: str = ""
    session_id: str = ""
    channel: str = "api"
    variables: Mapping[str, Any] = field(default_factory=dict)
    visitor: Mapping[str, Any] = field(default_factory=dict)
    regenerate: bool = False
    follow_ups: bool = True
    public: bool = False
    passed_on: bool = False
    history: tuple[Utterance, ...] | None = None
    opening: str = ""
    language: str = ""
    counted_as: str = ""
    limits: Sequence[Limit] = ()
    occasion: Occasion | None = None
    answer_id: UUID = field(default_factory=uuid4)
    conversation_id: UUID | None = None

    @property
    def is_of_strangers(self) -> bool:
        """Whether nothing of what is behind a failure may be told."""
        return self.public or self.passed_on or self.occasion is not None


@dataclass(frozen=True)
class Prepared:
    """Everything an answer needs, gathered in one go so that nothing is held while it lasts."""

    live: LiveAssistant
    ports: Ports
    outcome: Outcome
    recorder: Recorder
    candid: bool
    replaces: str | None

    def frames(self) -> AsyncGenerator[Frame]:
        assistant = self.live.assistant
        answer = frames(assistant, self.ports, self.outcome, self.recorder, candid=self.candid)
        return while_claimed(answer, self.replaces)


NOTHING = Done("", handoff="")


@dataclass
class PassedOn:
    """A message in a conversation that a person has: it is kept for them, and nothing answers.

    Where another ``answer`` is wanted instead, the last one stands as it is. ``outcome`` is the
    bot's, where it answers after all.
    """

    entity: Entity
    asked: Asked
    conversation_id: UUID
    outcome: Outcome
    answer: Done = NOTHING

    async def frames(self) -> AsyncGenerator[Frame]:
        """One ``done`` that says who has the conversation; the bot's answer, where it was given
        back to it meanwhile."""
        if self.asked.regenerate or await sync_to_async(self._keep)():
            yield done_frame(self.outcome, self.answer)
            return
        uncounted = replace(self.asked, limits=())
        prepared = await sync_to_async(prepare)(self.entity, uncounted)
        self.outcome = prepared.outcome
        async with aclosing(prepared.frames()) as answer:
            async for frame in answer:
                yield frame

    def _keep(self) -> bool:
        turn = self.outcome.turn
        passed = Passed(self.outcome.id, turn.message, turn.variables, self.asked.visitor)
        return pass_on(self.conversation_id, passed)


async def answer_stream(entity: Entity, asked: Asked) -> AsyncGenerator[Frame]:
    """The frames of the answer; raises ``Problem`` before the first one (409, 422, 429, 503)."""
    return (await sync_to_async(prepare)(entity, asked)).frames()


def prepare(entity: Entity, asked: Asked) -> Prepared | PassedOn:
    """Check, count and look up everything for one turn. Synchronous. Raises ``Problem`` 404 when
    what the message belongs to was deleted."""
    live = assistant_of(entity)
    session_id = asked.session_id or new_session()
    of_answers = [each for each in asked.limits if isinstance(each, limits.AnswerLimit)]
    count(each for each in asked.limits if each not in of_answers)
    most = live.assistant.memory.max_messages + 2  # the last turn may have to be answered again
    past = past_of(entity, asked.channel, asked.session_id, most)
    if asked.conversation_id and past.conversation_id is None:
        raise not_found(_("This chat is not there any more."))
    variables = checked(live.assistant, asked.variables, past.variables, public=asked.public)
    if past.is_with_person:
        return _passed_on(entity, asked, past, variables)
    whose = asked.session_id or asked.counted_as or session_id
    count([*of_answers, *limits.of_conversation(live.assistant, entity.pk, whose)])
    following = past.next(
        asked.message, regenerate=asked.regenerate, may_be_empty=asked.occasion is not None
    )
    opening = "" if past.said else asked.opening
    if opening:
        following = replace(following, history=(Utterance("assistant", opening),))
    turn = _turn(asked, past, following, variables)
    turn = replace(turn, language=live.assistant.language_for(asked.language) or ENGLISH)
    public = asked.is_of_strangers
    ports = ports_for(entity.workspace_id, live.assistant, entity.pk, public=public)
    claim(following.replaces)
    server_model.begin(ports, public=public)
    return Prepared(
        live=live,
        ports=ports,
        outcome=Outcome(turn, session_id, regenerates=asked.regenerate, id=asked.answer_id),
        recorder=Recorder(
            workspace_id=entity.workspace_id,
            entity_id=entity.pk,
            channel=asked.channel,
            release=live.release,
            conversation_id=past.conversation_id,
            visitor=asked.visitor,
            variables=variables,
            opening=opening,
            replaces=UUID(following.replaces) if following.replaces else None,
        ),
        candid=not public,
        replaces=following.replaces,
    )


def _turn(asked: Asked, past: Past, following: Next, variables: Mapping[str, Any]) -> Turn:
    """What the assistant is to answer."""
    return Turn(
        following.question,
        following.history if asked.history is None else asked.history,
        variables,
        asked.channel,
        follow_ups=asked.follow_ups,
        state=following.state,
        occasion=asked.occasion,
        with_person=past.with_person(),
    )


def _passed_on(entity: Entity, asked: Asked, past: Past, variables: Mapping[str, Any]) -> PassedOn:
    """Raises ``Problem`` 422 when there is neither a message nor an answer that stands."""
    assert past.conversation_id is not None
    question = past.next(asked.message, regenerate=asked.regenerate).question
    turn = Turn(question, variables=variables, channel=asked.channel)
    outcome = Outcome(turn, asked.session_id, id=asked.answer_id)
    last = past.last_answer if asked.regenerate else None
    if last is None:
        return PassedOn(entity, asked, past.conversation_id, outcome)
    outcome.id = UUID(last.id)
    return PassedOn(entity, asked, past.conversation_id, outcome, _as_it_stands(outcome.id))


def _as_it_stands(message_id: UUID) -> Done:
    row = Message.objects.filter(pk=message_id).first()
    if row is None:
        return NOTHING
    return Done(
        row.content,
        passages(row.citations),
        sources=tuple(row.sources),
        cards=tuple(row.extras.get("cards", ())),
        links=tuple(row.extras.get("links", ())),
        handoff="",
    )
