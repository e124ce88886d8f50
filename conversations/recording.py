"""Turns of deployed assistants as rows: one statement after the answer, nothing while it lasts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
from asgiref.sync import sync_to_async
from django.db import IntegrityError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from common.http import refers_to_nothing
from common.problems import not_found

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from conversations.outcome import Outcome

LONGEST_OPENING = 200
LONGEST_ERROR = 500

# Conversation and messages in one round trip: the row of a new session is made by its first turn,
# and two first turns at once meet in one row. Of two answers that would replace the same one, the
# second is replaced itself.
_STATEMENT = """
WITH replaced AS (
    UPDATE conversations_message SET status = 'replaced'
    WHERE id = %(replaces)s AND status <> 'replaced' RETURNING id
), conversation AS (
    INSERT INTO conversations_conversation AS held (
        id, workspace_id, entity_id, channel, session_id, visitor, variables, opening,
        message_count, created_at, last_message_at
    ) VALUES (
        %(id)s, %(workspace)s, %(entity)s, %(channel)s, %(session)s, %(visitor)s::jsonb,
        %(variables)s::jsonb, %(opening)s, %(count)s, %(asked_at)s, %(now)s
    )
    ON CONFLICT (entity_id, channel, session_id) DO UPDATE SET
        visitor = held.visitor || EXCLUDED.visitor,
        variables = held.variables || EXCLUDED.variables,
        opening = CASE held.opening WHEN '' THEN EXCLUDED.opening ELSE held.opening END,
        message_count = held.message_count + EXCLUDED.message_count,
        last_message_at = EXCLUDED.last_message_at
    RETURNING id
)
INSERT INTO conversations_message (
    id, conversation_id, role, content, status, error, citations, sources, release, model,
    prompt_tokens, completion_tokens, latency_ms, created_at
)
SELECT m.id, conversation.id, m.role, m.content,
       CASE WHEN %(replaces)s::uuid IS NULL OR EXISTS (SELECT FROM replaced)
            THEN m.status ELSE 'replaced' END,
       m.error, m.citations, m.sources, m.release, m.model, m.prompt_tokens, m.completion_tokens,
       m.latency_ms, m.created_at
FROM conversation, jsonb_to_recordset(%(messages)s::jsonb) AS m(
    id uuid, role text, content text, status text, error text, citations jsonb, sources jsonb,
    release integer, model text, prompt_tokens integer, completion_tokens integer,
    latency_ms integer, created_at timestamptz
)
"""


@dataclass(frozen=True)
class Recorder:
    """Keeps the turns of one session. ``replaces`` is the answer that a new one takes over from."""

    workspace_id: UUID
    entity_id: UUID
    channel: str
    release: int
    visitor: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)
    replaces: UUID | None = None

    async def keep(self, outcome: Outcome) -> None:
        await sync_to_async(self.record)(outcome)

    def record(self, outcome: Outcome) -> None:
        """Raises ``Problem`` 404 when the assistant was deleted while it answered."""
        messages = self._messages(outcome)
        values = {
            "id": uuid.uuid4(),
            "workspace": self.workspace_id,
            "entity": self.entity_id,
            "channel": self.channel,
            "session": outcome.session_id,
            "visitor": _json(dict(self.visitor)),
            "variables": _json(dict(self.variables)),
            "opening": " ".join(outcome.turn.message.split())[:LONGEST_OPENING],
            "count": len(messages),
            "asked_at": outcome.asked_at,
            "now": messages[-1]["created_at"],
            "messages": _json(messages),
            "replaces": self.replaces,
        }
        try:
            with connection.cursor() as cursor:
                cursor.execute(_STATEMENT, values)
        except IntegrityError as error:
            if not refers_to_nothing(error):
                raise
            raise not_found(_("This chat is not there any more.")) from None

    def _messages(self, outcome: Outcome) -> list[dict[str, Any]]:
        asked = [] if outcome.regenerates else [self._asked(outcome)]
        return [*asked, self._answered(outcome)]

    def _asked(self, outcome: Outcome) -> dict[str, Any]:
        question = {"role": "user", "content": outcome.turn.message}
        return _BLANK | question | {"id": uuid.uuid4(), "created_at": outcome.asked_at}

    def _answered(self, outcome: Outcome) -> dict[str, Any]:
        return (
            _BLANK
            | {
                "id": outcome.id,
                "role": "assistant",
                "content": outcome.text.replace("\0", ""),  # a model may say what jsonb cannot hold
                "status": outcome.status,
                "error": outcome.error[:LONGEST_ERROR],
                "citations": outcome.cited,
                "sources": list(outcome.sources),
                "release": self.release,
                "model": outcome.model[:200],
                "prompt_tokens": outcome.usage.prompt_tokens,
                "completion_tokens": outcome.usage.completion_tokens,
                "latency_ms": outcome.latency_ms,
                "created_at": timezone.now(),
            }
        )


_BLANK: dict[str, Any] = {
    "status": "whole",
    "error": "",
    "citations": [],
    "sources": [],
    "release": None,
    "model": "",
    "prompt_tokens": 0,
    "completion_tokens": 0,
    "latency_ms": 0,
}


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
