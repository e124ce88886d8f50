"""The events that can be subscribed to: what each is called, holds, and is made from.

An event's id is made from what it tells of. So it is the same for whoever is sent it, whenever it
is built, and whether it is sent or asked for.
"""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from common.timestamps import rfc3339
from conversations.happenings import Happening
from conversations.models import Conversation, Handoff, Lead, Message
from webhooks import payloads

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

Kind = Happening.Kind
RowT = TypeVar("RowT", bound=Model)
# Of a conversation: what may be large and is told to nobody.
_UNTOLD = ("state", "state_before")
_NAMESPACE = UUID("6f0d5a5e-55b1-4f0c-9c3e-8f6f2f6b9a10")


@dataclass(frozen=True)
class Event:
    """One event. ``conversation_id`` and ``lead_id`` are what it goes with when that is deleted."""

    workspace_id: UUID
    entity_id: UUID
    body: dict[str, Any]
    conversation_id: UUID | None = None
    lead_id: UUID | None = None

    @property
    def id(self) -> str:
        return str(self.body["id"])

    @property
    def type(self) -> str:
        return str(self.body["type"])


class EventType(ABC, Generic[RowT]):
    """One kind of event. ``rows`` come with everything that ``event`` reads."""

    name: str
    label: str | _StrPromise
    help: str | _StrPromise

    @abstractmethod
    def rows(self) -> QuerySet[RowT]:
        """All that there are, of bots that were not deleted."""

    @abstractmethod
    def event(self, row: RowT) -> Event:
        """What is told of ``row``."""

    @abstractmethod
    def newest(self, workspace_id: UUID, entity_id: UUID | None, most: int) -> QuerySet[RowT]:
        """The last that happened in the workspace, or with the one bot, the newest first."""

    def among(self, ids: Iterable[UUID]) -> dict[UUID, Event]:
        """By the id of what they tell of; without what is not there any more."""
        return {row.pk: self.event(row) for row in self.rows().filter(pk__in=list(ids))}

    def body(self, row: Model, at: datetime, **data: Any) -> dict[str, Any]:
        return envelope(event_id(self.name, row.pk), self.name, at, data)


def event_id(name: str, subject_id: UUID) -> str:
    return f"evt_{uuid.uuid5(_NAMESPACE, f'{name}:{subject_id}').hex}"


def envelope(identity: str, name: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    """An event as it is sent."""
    return {
        "id": identity,
        "type": name,
        "version": payloads.VERSION,
        "timestamp": rfc3339(at),
        "data": data,
    }


class ConversationCreated(EventType[Conversation]):
    name = Kind.CONVERSATION.value
    label = _("New conversation")
    help = _("A visitor writes for the first time, or leaves their details.")

    def rows(self) -> QuerySet[Conversation]:
        found = Conversation.objects.select_related("entity", "workspace").defer(*_UNTOLD)
        return found.filter(entity__deleted_at=None)

    def event(self, row: Conversation) -> Event:
        data = {
            "assistant": payloads.assistant(row.entity),
            "conversation": payloads.conversation(row),
        }
        body = self.body(row, row.created_at, **data)
        return Event(row.workspace_id, row.entity_id, body, conversation_id=row.pk)

    def newest(
        self, workspace_id: UUID, entity_id: UUID | None, most: int
    ) -> QuerySet[Conversation]:
        found = _of(self.rows().filter(workspace=workspace_id), "entity", entity_id)
        return found.order_by("-created_at", "-id")[:most]


class MessageCreated(EventType[Message]):
    name = Kind.MESSAGE.value
    label = _("New message")
    help = _("A visitor, the bot or a person of your team says something.")

    def rows(self) -> QuerySet[Message]:
        found = Message.objects.select_related("conversation__entity", "conversation__workspace")
        light = found.defer("trace", "sources", "extras", *_untold_of("conversation"))
        return light.filter(conversation__entity__deleted_at=None)

    def event(self, row: Message) -> Event:
        where = row.conversation
        data = {
            "assistant": payloads.assistant(where.entity),
            "conversation": payloads.conversation(where),
            "message": payloads.message(row),
        }
        body = self.body(row, row.created_at, **data)
        return Event(where.workspace_id, where.entity_id, body, conversation_id=where.pk)

    def newest(self, workspace_id: UUID, entity_id: UUID | None, most: int) -> QuerySet[Message]:
        """Of the conversations that were the last active, there is none that could be left out:
        each of as many others has a newer message."""
        active = _of(Conversation.objects.filter(workspace=workspace_id), "entity", entity_id)
        active = active.filter(entity__deleted_at=None).order_by("-last_message_at", "-id")
        last = list(active.values_list("pk", flat=True)[:most])
        said = self.rows().filter(conversation__in=last).exclude(status=Message.Status.REPLACED)
        return said.order_by("-created_at", "-id")[:most]


class LeadCreated(EventType[Lead]):
    name = Kind.LEAD.value
    label = _("New lead")
    help = _("A visitor says who they are.")

    def rows(self) -> QuerySet[Lead]:
        found = Lead.objects.select_related("entity", "conversation__workspace")
        return found.defer(*_untold_of("conversation")).filter(entity__deleted_at=None)

    def event(self, row: Lead) -> Event:
        where = row.conversation
        data = {
            "assistant": payloads.assistant(row.entity),
            "conversation": payloads.conversation(where) if where else None,
            "lead": payloads.lead(row),
        }
        body = self.body(row, row.created_at, **data)
        return Event(row.workspace_id, row.entity_id, body, row.conversation_id, row.pk)

    def newest(self, workspace_id: UUID, entity_id: UUID | None, most: int) -> QuerySet[Lead]:
        found = _of(self.rows().filter(workspace=workspace_id), "entity", entity_id)
        return found.order_by("-created_at", "-id")[:most]


class HandoffRequested(EventType[Handoff]):
    name = Kind.HANDOFF.value
    label = _("Handoff")
    help = _("A chatflow hands a conversation to your team.")

    def rows(self) -> QuerySet[Handoff]:
        # A member who stepped in was not asked to.
        asked_for = Handoff.objects.filter(by_flow=True, conversation__entity__deleted_at=None)
        found = asked_for.select_related("conversation__entity", "conversation__workspace")
        return found.defer(*_untold_of("conversation"))

    def event(self, row: Handoff) -> Event:
        where = row.conversation
        data = {
            "assistant": payloads.assistant(where.entity),
            "conversation": payloads.conversation(where),
            "handoff": payloads.handoff(row),
        }
        body = self.body(row, row.since, **data)
        return Event(where.workspace_id, where.entity_id, body, conversation_id=where.pk)

    def newest(self, workspace_id: UUID, entity_id: UUID | None, most: int) -> QuerySet[Handoff]:
        own = self.rows().filter(conversation__workspace=workspace_id)
        found = _of(own, "conversation__entity", entity_id)
        return found.order_by("-since", "-id")[:most]


def _untold_of(path: str) -> Iterable[str]:
    return (f"{path}__{name}" for name in _UNTOLD)


def _of(rows: QuerySet[RowT], to_entity: str, entity_id: UUID | None) -> QuerySet[RowT]:
    return rows.filter(**{to_entity: entity_id}) if entity_id else rows


EVENTS: tuple[EventType[Any], ...] = (
    ConversationCreated(),
    MessageCreated(),
    LeadCreated(),
    HandoffRequested(),
)
BY_NAME: dict[str, EventType[Any]] = {each.name: each for each in EVENTS}
NAMES = list(BY_NAME)


def labels_of(names: Iterable[str]) -> list[str]:
    """What events are called, in the order in which they are offered."""
    wanted = set(names)
    return [str(each.label) for each in EVENTS if each.name in wanted]
