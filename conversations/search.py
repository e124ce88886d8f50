"""Which conversations and leads hold some words: said in a message, or known of the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conversations.models import Conversation, Lead, Message
from conversations.words import LEAD, PERSON, SAID, query_of, words_in

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet


def holding(found: QuerySet[Conversation], workspace_id: UUID, text: str) -> QuerySet[Conversation]:
    """Those of ``found`` in which one message holds all words of ``text``, or what is known of the
    person does; none for a text without words.

    One set of ids, whatever they come from: the database may look the words up, where few hold
    them, or go through the newest conversations, where many do. Messages are those of the workspace
    before they are put together: what others say often is none of its affair, and may be a lot.
    """
    words = words_in(text)
    if not words:
        return found.none()
    query = query_of(words)
    people = Conversation.objects.filter(workspace=workspace_id).alias(words=PERSON)
    leads = leads_holding(Lead.objects.filter(workspace=workspace_id), text)
    own = said(words).filter(conversation__workspace=workspace_id)
    ids = own.values("conversation_id").order_by()
    return found.filter(
        pk__in=ids.union(
            people.filter(words=query).values("pk").order_by(),
            leads.exclude(conversation=None).values("conversation_id").order_by(),
            all=True,
        )
    )


def leads_holding(found: QuerySet[Lead], text: str) -> QuerySet[Lead]:
    """Those of ``found`` whose person told all words of ``text``."""
    words = words_in(text)
    return found.alias(words=LEAD).filter(words=query_of(words)) if words else found.none()


def said(words: list[str]) -> QuerySet[Message]:
    """The messages that hold all of ``words``."""
    return Message.objects.alias(words=SAID).filter(words=query_of(words))
