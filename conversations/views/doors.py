"""What pages about conversations open first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from conversations.selection import one_of

if TYPE_CHECKING:
    from uuid import UUID

    from conversations.models import Conversation
    from workspaces.access import Actor


def open_conversation(actor: Actor, conversation_id: UUID) -> Conversation:
    """One of the actor's workspace; raises ``Http404``."""
    found = one_of(actor, conversation_id)
    if found is None:
        raise Http404
    return found
