"""Turns of deployed assistants as rows: one statement after the answer, nothing while it lasts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
from asgiref.sync import sync_to_async
from django.db import IntegrityError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from common.http import refers_to_nothing
from common.plain_text import storable
from common.problems import not_found
from conversations import happenings
from conversations.introducing import LEAD, lead_values
from conversations.vouching import TOGETHER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from conversations.outcome import Outcome

LONGEST_OPENING = 200
LONGEST_ERROR = 500

# Where another turn handed over to people meanwhile, the flow goes on from there. A member who
# stepped in meanwhile left the flow where it was.
_HANDED = """EXISTS (
    SELECT FROM conversations_handoff
    WHERE conversation_id = held.id AND ended_at IS NULL AND by_flow
)"""
# The row of a new session is made by its first turn, and two first turns at once meet in one row.
_BEGUN = """
    INSERT INTO conversations_conversation AS held (
        id, workspace_id, entity_id, channel, session_id, visitor, variables, state, state_before,
        opening, message_count, created_at, last_message_at
    ) VALUES (
        %(id)s, %(workspace)s, %(entity)s, %(channel)s, %(session)s, %(visitor)s::jsonb,
        %(variables)s::jsonb, coalesce(%(state)s::jsonb, '{{}}'), '{{}}', %(opening)s, %(count)s,
        %(asked_at)s, %(now)s
    )
    ON CONFLICT (entity_id, channel, session_id) DO UPDATE SET
        visitor = {visitor},
        variables = held.variables || EXCLUDED.variables,
        state = CASE WHEN {handed} THEN held.state ELSE EXCLUDED.state END,
        state_before = CASE WHEN {handed} THEN held.state_before ELSE held.state END,
        opening = CASE held.opening WHEN '' THEN EXCLUDED.opening ELSE held.opening END,
        message_count = held.message_count + EXCLUDED.message_count,
        last_message_at = greatest(held.last_message_at, EXCLUDED.last_message_at)
    RETURNING id
"""
# Later turns belong to that row: when it was deleted while they were answered, they go with it.
_CONTINUED = """
    UPDATE conversations_conversation AS held SET
        visitor = {visitor},
        variables = variables || %(variables)s::jsonb,
        state = CASE WHEN {handed} THEN state ELSE coalesce(%(state)s::jsonb, state) END,
        state_before = CASE WHEN %(state)s::jsonb IS NULL OR %(again)s OR {handed}
            THEN state_before ELSE state END,
        opening = CASE opening WHEN '' THEN %(opening)s ELSE opening END,
        message_count = message_count + %(count)s,
        last_message_at = greatest(last_message_at, %(now)s)
    WHERE id = %(id)s
    RETURNING id
"""
# Conversation, lead, messages and what is told of them in one round trip. The conversation's row is
# locked first, as by all who change something below it. Of two answers that would replace the same
# one, the second is replaced itself.
_STATEMENT = """
WITH conversation AS ({conversation}), replaced AS (
    UPDATE conversations_message AS last SET status = 'replaced' FROM conversation
    WHERE last.id = %(replaces)s AND last.status <> 'replaced'
        AND last.conversation_id = conversation.id
    RETURNING last.id
), handed AS (
    INSERT INTO conversations_handoff (id, conversation_id, note, since)
    SELECT %(handoff)s, conversation.id, %(note)s, %(now)s FROM conversation
    WHERE %(note)s::text IS NOT NULL
    ON CONFLICT DO NOTHING
    RETURNING id
), known AS ({lead}
), said AS (
    INSERT INTO conversations_message (
        id, conversation_id, role, content, status, error, citations, sources, release, model,
        prompt_tokens, completion_tokens, latency_ms, trace, extras, unanswered, created_at
    )
    SELECT m.id, conversation.id, m.role, m.content,
           CASE WHEN %(replaces)s::uuid IS NULL OR EXISTS (SELECT FROM replaced)
                THEN m.status ELSE 'replaced' END,
           m.error, m.citations, m.sources, m.release, m.model, m.prompt_tokens,
           m.completion_tokens, m.latency_ms, m.trace, m.extras, m.unanswered, m.created_at
    FROM conversation, jsonb_to_recordset(%(messages)s::jsonb) AS m(
        id uuid, role text, content text, status text, error text, citations jsonb, sources jsonb,
        release integer, model text, prompt_tokens integer, completion_tokens integer,
        latency_ms integer, trace jsonb, extras jsonb, unanswered text, created_at timestamptz
    )
    RETURNING id, status, created_at
), happened AS (
    INSERT INTO conversations_happening ({columns})
    SELECT %(workspace)s, %(entity)s, kind, subject_id, at FROM (
        SELECT 1 AS place, 'conversation.created' AS kind, id AS subject_id, %(asked_at)s AS at
        FROM conversation WHERE {is_new}
        UNION ALL
        SELECT 2, 'message.created', id, created_at FROM said WHERE status <> 'replaced'
        UNION ALL
        SELECT 3, 'lead.created', id, %(now)s FROM known WHERE id = %(lead_id)s
        UNION ALL
        SELECT 4, 'handoff.requested', id, %(now)s FROM handed
    ) AS each WHERE {followed} ORDER BY place, at
    RETURNING id
)
SELECT EXISTS (SELECT FROM said), EXISTS (SELECT FROM happened)
"""
_PARTS = {"lead": LEAD, "columns": happenings.COLUMNS, "followed": happenings.FOLLOWED}
# A session that was there already keeps the id that it had, and so does a lead.
_FIRST = _STATEMENT.format(
    conversation=_BEGUN.format(
        handed=_HANDED, visitor=TOGETHER.format(before="held.visitor", now="EXCLUDED.visitor")
    ),
    is_new="id = %(id)s",
    **_PARTS,
)
_LATER = _STATEMENT.format(
    conversation=_CONTINUED.format(
        handed=_HANDED, visitor=TOGETHER.format(before="held.visitor", now="%(visitor)s::jsonb")
    ),
    is_new="false",
    **_PARTS,
)


@dataclass(frozen=True)
class Recorder:
    """Keeps the turns of one session. ``conversation_id`` is None as long as nothing was said in
    it; ``replaces`` is the answer that a new one takes over from; ``opening`` what the assistant
    had said before the first question."""

    workspace_id: UUID
    entity_id: UUID
    channel: str
    release: int
    conversation_id: UUID | None = None
    visitor: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)
    opening: str = ""
    replaces: UUID | None = None

    async def keep(self, outcome: Outcome) -> None:
        await sync_to_async(self.record)(outcome)

    def record(self, outcome: Outcome) -> None:
        """Raises ``Problem`` 404 when the assistant or the conversation was deleted meanwhile."""
        messages = self._messages(outcome)
        values = {
            "id": self.conversation_id or uuid.uuid4(),
            "workspace": self.workspace_id,
            "entity": self.entity_id,
            "channel": self.channel,
            "session": outcome.session_id,
            "visitor": _json(dict(self.visitor)),
            "variables": _json(dict(self.variables)),
            "state": None if outcome.state is None else _json(storable(outcome.state)),
            "again": self.replaces is not None,
            "opening": " ".join(outcome.turn.told.split())[:LONGEST_OPENING],
            "count": len(messages),
            "asked_at": outcome.asked_at,
            "now": messages[-1]["created_at"],
            "messages": _json(messages),
            "replaces": self.replaces,
            "handoff": uuid.uuid4(),
            "note": storable(outcome.handoff),
            **lead_values(outcome.introduced),
        }
        if not self._written(values):
            raise not_found(_("This chat is not there any more."))

    def _written(self, values: Mapping[str, Any]) -> bool:
        """Whether there was still a conversation to write to."""
        try:
            with connection.cursor() as cursor:
                cursor.execute(_LATER if self.conversation_id else _FIRST, values)
                is_kept, is_followed = cursor.fetchone()
        except IntegrityError as error:
            if refers_to_nothing(error):
                return False
            raise
        if is_followed:
            happenings.announce()
        return bool(is_kept)

    def _messages(self, outcome: Outcome) -> list[dict[str, Any]]:
        asked = [] if outcome.regenerates else [self._asked(outcome)]
        return [*self._opened(outcome), *asked, self._answered(outcome)]

    def _opened(self, outcome: Outcome) -> list[dict[str, Any]]:
        if not self.opening:
            return []
        said = {"role": "assistant", "content": storable(self.opening), "release": self.release}
        before = outcome.asked_at - timedelta(milliseconds=1)
        return [_BLANK | said | {"id": uuid.uuid4(), "created_at": before}]

    def _asked(self, outcome: Outcome) -> dict[str, Any]:
        question = {"role": "user", "content": storable(outcome.turn.told)}
        return _BLANK | question | {"id": uuid.uuid4(), "created_at": outcome.asked_at}

    def _answered(self, outcome: Outcome) -> dict[str, Any]:
        return _BLANK | {
            "id": outcome.id,
            "role": "assistant",
            "content": storable(outcome.text),
            "status": outcome.status,
            "error": outcome.error[:LONGEST_ERROR],
            "citations": outcome.cited,
            "sources": list(outcome.sources),
            "release": self.release,
            "model": outcome.model[:200],
            "prompt_tokens": outcome.usage.prompt_tokens,
            "completion_tokens": outcome.usage.completion_tokens,
            "latency_ms": outcome.latency_ms,
            "trace": storable(outcome.trace),
            "extras": storable(outcome.extras),
            "unanswered": outcome.unanswered,
            "created_at": timezone.now(),
        }


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
    "trace": [],
    "extras": {},
    "unanswered": "",
}


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
