"""The sessions of deployed assistants: their names, and the conversation behind one."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from conversations.models import Conversation

if TYPE_CHECKING:
    from drafts.models import Entity


def new_session() -> str:
    """A name for a session that nobody can guess."""
    return f"s_{secrets.token_urlsafe(18)}"


def find(entity: Entity, channel: str, session_id: str) -> Conversation | None:
    """What was recorded of a session; the same name elsewhere is another session."""
    return Conversation.objects.filter(
        entity=entity.pk, channel=channel, session_id=session_id
    ).first()
