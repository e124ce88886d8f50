"""People whose first message waits for its answer, as ``conversations`` asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_deploy.models import Chat, Inbound
from common.problems import conflict
from conversations.arrivals import Arrival
from conversations.identifiers import is_value_in, values_in
from conversations.models import Conversation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID


class Arrivals:
    """Chats that have no conversation."""

    def find(
        self, workspace_id: UUID, identifier: str, conversations: Sequence[Conversation], most: int
    ) -> list[Arrival]:
        known = Inbound.objects.alias(**values_in("visitor")).filter(
            is_value_in("visitor", identifier), chat=OuterRef("pk")
        )
        # An answer that was given is there before its chat knows of the conversation.
        begun = Conversation.objects.filter(
            pk__in=[row.pk for row in conversations],
            entity=OuterRef("connection__entity"),
            channel=OuterRef("connection__channel"),
            session_id=OuterRef("session_id"),
        )
        own = Chat.objects.filter(conversation=None, connection__entity__workspace=workspace_id)
        theirs = own.filter(Q(session_id__iexact=identifier) | Exists(known) | Exists(begun))
        rows = theirs.select_related("connection__entity").prefetch_related(
            Prefetch("inbound", Inbound.objects.order_by("id"))
        )
        return [_arrival(chat) for chat in rows.order_by("-heard_at", "-pk")[:most]]

    def erase(self, ids: Iterable[UUID]) -> None:
        held = list(Chat.objects.filter(pk__in=list(ids)).order_by("pk").select_for_update())
        now = timezone.now()
        if any(chat.lease_until and chat.lease_until > now for chat in held):
            words = _("A message of theirs is being answered just now. Try again in a moment.")
            raise conflict(words)
        Chat.objects.filter(pk__in=[chat.pk for chat in held]).delete()


def _arrival(chat: Chat) -> Arrival:
    entity = chat.connection.entity
    assert entity is not None
    visitor: dict[str, Any] = {}
    for row in chat.inbound.all():
        visitor |= row.visitor
    said = [(row.received_at, row.text) for row in chat.inbound.all()]
    return Arrival(chat.pk, entity, chat.connection.channel, chat.session_id, visitor, said)
