"""Deletes a deployed chatbot with everything that hangs on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from drafts.types import draft_types
from workspaces import audit

if TYPE_CHECKING:
    from chatbots.models import Chatbot
    from workspaces.access import Actor


@transaction.atomic
def remove(actor: Actor, chatbot: Chatbot) -> None:
    """Withdraw it from its channels, then delete it. Conversations and leads go with it."""
    draft_types.get(chatbot.kind).entity_removed(chatbot.pk)
    audit.record(actor, "chatbot.deleted", chatbot.name)
    chatbot.delete()
