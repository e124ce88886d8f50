"""Conversations that a person has: what the visitor says is passed on to people and answered by
them, until they give the conversation back to its bot.

Whoever changes something locks the conversation's row first, and each message comes after the last
one that was said: who reads on from a message misses none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from common.problems import conflict, forbidden, not_found
from conversations import happenings
from conversations.delivery import carry, is_read
from conversations.happenings import Happening
from conversations.models import Conversation, Handoff, Message
from conversations.vouching import together
from drafts.access import require
from workspaces import audit
from workspaces.access import Role

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.db.models import QuerySet

    from workspaces.access import Actor

MOMENT = timedelta(microseconds=1)
MOST_ENDS = 100
# The line that says that the bot has the conversation again is named by the message before it.
GIVEN_BACK = "~"


@dataclass(frozen=True)
class Passed:
    """What a visitor says to a person. ``id`` is the message's."""

    id: UUID
    content: str
    variables: Mapping[str, Any]
    visitor: Mapping[str, Any]


@transaction.atomic
def pass_on(conversation_id: UUID, passed: Passed) -> bool:
    """Keep what a visitor said for the person who has the conversation; False when none has it any
    more. Raises ``Problem`` 404 when it was deleted meanwhile."""
    found = _locked(Conversation.objects.filter(pk=conversation_id))
    if found is None:
        raise not_found(_("This chat is not there any more."))
    if not open_handoffs(found).exists():
        return False
    found.variables = {**found.variables, **passed.variables}
    found.visitor = together(found.visitor, passed.visitor)
    _say(found, Message.Role.USER, passed.content, id=passed.id)
    return True


@transaction.atomic
def take_over(actor: Actor, conversation_id: UUID) -> None:
    """Have the conversation from now on, whether or not its flow asked for a person; the bot falls
    silent, and what its flow waits for stays. An answer that is on its way is still given.

    Raises ``Problem`` 403, also for a key that stands for no person, 404, or 409 when somebody else
    has it, or nobody reads on its channel.
    """
    conversation = _own(actor, conversation_id)
    person = actor.person
    if person is None:
        raise forbidden(_("A key that no member made cannot have a conversation."))
    if not is_read(conversation):
        raise conflict(_("Nobody reads this conversation, so nobody can be answered in it."))
    handoff = open_handoffs(conversation).first()
    if handoff is None:
        since = _next_moment(conversation)
        handoff = Handoff(conversation=conversation, since=since, by_flow=False)
    elif handoff.holder not in {None, person}:
        raise conflict(_("%(name)s has this conversation.") % {"name": handoff.holder})
    handoff.taken_by = person
    handoff.save()
    audit.record(
        actor, "conversation.taken_over", conversation.entity.name, id=str(conversation.pk)
    )


@transaction.atomic
def answer_as_person(actor: Actor, conversation_id: UUID, content: str) -> Message:
    """Say something to the visitor in the bot's place; raises ``Problem`` 403, 404, or 409 when the
    bot has the conversation (again)."""
    conversation, handoff = _held(actor, conversation_id)
    if handoff.holder is None:
        handoff.taken_by = actor.person
        handoff.save(update_fields=["taken_by"])
    said = _say(conversation, Message.Role.PERSON, content, author=actor.person)
    carry(conversation, said)
    return said


@transaction.atomic
def give_back(actor: Actor, conversation_id: UUID) -> None:
    """Let the bot go on with the visitor's next message; raises as ``answer_as_person``."""
    conversation, handoff = _held(actor, conversation_id)
    handoff.ended_at = _next_moment(conversation)
    handoff.save(update_fields=["ended_at"])
    audit.record(
        actor, "conversation.given_back", conversation.entity.name, id=str(conversation.pk)
    )


def open_handoffs(conversation: Conversation) -> QuerySet[Handoff]:
    """The one that has not ended, if there is one."""
    return Handoff.objects.open().filter(conversation=conversation)


def ends_of(conversation: Conversation) -> dict[UUID, datetime]:
    """When people gave the conversation back, the newest times: by the last message before."""
    before = Message.objects.filter(
        conversation=OuterRef("conversation"), created_at__lt=OuterRef("ended_at")
    )
    last = before.order_by("-created_at").values("pk")[:1]
    ended = Handoff.objects.filter(conversation=conversation, ended_at__isnull=False)
    newest = ended.annotate(last=Subquery(last)).order_by("-ended_at")
    return {last: at for last, at in newest.values_list("last", "ended_at")[:MOST_ENDS] if at}


def said_after(conversation: Conversation, message_id: str) -> QuerySet[Message]:
    """What was said after a message; all of it where the id is none of the conversation's."""
    said = Message.objects.filter(conversation=conversation)
    try:
        last = said.filter(pk=UUID(message_id.removesuffix(GIVEN_BACK))).first()
    except ValueError:
        return said
    return said.filter(created_at__gt=last.created_at) if last else said


def _own(actor: Actor, conversation_id: UUID) -> Conversation:
    """Locked."""
    require(actor, Role.EDITOR)
    own = Conversation.objects.filter(workspace=actor.workspace_id, pk=conversation_id)
    conversation = _locked(own.select_related("entity"))
    if conversation is None:
        raise not_found(_("There is no such conversation."))
    return conversation


def _held(actor: Actor, conversation_id: UUID) -> tuple[Conversation, Handoff]:
    conversation = _own(actor, conversation_id)
    handoff = open_handoffs(conversation).first()
    if handoff is None:
        raise conflict(_("The bot has this conversation again."))
    return conversation, handoff


def _locked(rows: QuerySet[Conversation]) -> Conversation | None:
    return rows.select_for_update(of=("self",), no_key=True).first()


def _next_moment(conversation: Conversation) -> datetime:
    return max(timezone.now(), conversation.last_message_at + MOMENT)


def _say(conversation: Conversation, role: str, content: str, **more: Any) -> Message:
    at = _next_moment(conversation)
    said = Message.objects.create(
        conversation=conversation, role=role, content=content, created_at=at, **more
    )
    conversation.message_count += 1
    conversation.last_message_at = at
    conversation.save(update_fields=["variables", "visitor", "message_count", "last_message_at"])
    happenings.note(
        Happening.Kind.MESSAGE,
        said.pk,
        workspace_id=conversation.workspace_id,
        entity_id=conversation.entity_id,
        at=at,
    )
    return said
