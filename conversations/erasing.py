"""Takes away for good what a visitor said and left: somebody asks to be forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from common.problems import not_found
from conversations.models import Conversation, Lead
from workspaces import audit

if TYPE_CHECKING:
    from uuid import UUID

    from workspaces.access import Actor


@transaction.atomic
def erase_conversation(actor: Actor, conversation_id: UUID) -> None:
    """Delete the conversation, its messages and its lead; raises ``Problem`` 404.

    The audit log keeps that it was done and with which bot, and nothing that was said.
    """
    own = Conversation.objects.filter(workspace=actor.workspace_id, pk=conversation_id)
    found = own.select_for_update(of=("self",)).select_related("entity").first()
    if found is None:
        raise not_found(_("There is no such conversation."))
    Lead.objects.filter(conversation=found).delete()
    found.delete()
    audit.record(actor, "conversation.deleted", found.entity.name, id=str(conversation_id))


def hold_all(entity_id: UUID) -> None:
    """Lock all conversations with the bot until the end of the transaction, which deletes them: who
    is about to write into one comes before, or finds none."""
    own = Conversation.objects.filter(entity=entity_id).order_by("pk")
    list(own.select_for_update(of=("self",)).values_list("pk", flat=True))


@transaction.atomic
def erase_lead(actor: Actor, lead_id: UUID) -> None:
    """Delete what a visitor filled in; what was said stays. Raises ``Problem`` 404."""
    own = Lead.objects.filter(workspace=actor.workspace_id, pk=lead_id)
    found = own.select_for_update(of=("self",)).select_related("entity").first()
    if found is None:
        raise not_found(_("There is no such lead."))
    found.delete()
    audit.record(actor, "lead.deleted", found.entity.name, id=str(lead_id))
