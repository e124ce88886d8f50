"""The sessions of deployed assistants: their names, and what was recorded of one.

Read for every message, so in plain SQL: composing the same few statements anew by the ORM takes
longer than everything else that happens on our side.
"""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

from django.db import connection

from conversations.models import Conversation
from conversations.past import Handover, Past, Said
from drafts.models import Entity

if TYPE_CHECKING:
    from uuid import UUID

_ENTITY = """
SELECT id, workspace_id, kind, name, slug, live_release_id FROM drafts_entity
WHERE id = %s AND workspace_id = %s AND kind = %s
"""
_CONVERSATION = """
SELECT held.id, held.variables, held.state, held.state_before, last.since, last.ended_at
FROM conversations_conversation AS held LEFT JOIN LATERAL (
    SELECT since, ended_at FROM conversations_handoff
    WHERE conversation_id = held.id ORDER BY since DESC LIMIT 1
) AS last ON TRUE
WHERE held.entity_id = %s AND held.channel = %s AND held.session_id = %s
"""
_MESSAGES = """
SELECT id, role, content, status, created_at FROM conversations_message
WHERE conversation_id = %s AND status <> 'replaced' ORDER BY created_at DESC LIMIT %s
"""


def new_session() -> str:
    """A name for a session that nobody can guess."""
    return f"s_{secrets.token_urlsafe(18)}"


def assistant(workspace_id: UUID, entity_id: UUID, kind: str) -> Entity | None:
    """The workspace's entity of that kind, with the columns that talking to it needs."""
    found = _rows(_ENTITY, entity_id, workspace_id, kind)
    names = ("id", "workspace_id", "kind", "name", "slug", "live_release_id")
    return Entity(**dict(zip(names, found[0], strict=True))) if found else None


def past_of(entity: Entity, channel: str, session_id: str, most: int) -> Past:
    """What the session has said so far, the newest ``most`` messages; nothing for a session that
    nobody has begun. The same name with another assistant or channel is another session."""
    found = _rows(_CONVERSATION, entity.pk, channel, session_id) if session_id else []
    if not found:
        return Past()
    conversation_id, variables, state, state_before, since, until = found[0]
    newest = _rows(_MESSAGES, conversation_id, most)
    said = [Said(str(row[0]), *row[1:]) for row in reversed(newest)]
    return Past(
        said,
        json.loads(variables),
        conversation_id,
        json.loads(state),
        json.loads(state_before),
        Handover(since, until) if since else None,
    )


def find(entity: Entity, channel: str, session_id: str) -> Conversation | None:
    """The conversation behind a session."""
    return Conversation.objects.filter(
        entity=entity.pk, channel=channel, session_id=session_id
    ).first()


def _rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
