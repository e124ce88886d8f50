"""Messages as rows: each once, in the order in which they were written, below the chat that they
belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import orjson
from django.db import connection as database
from django.utils import timezone

from common.plain_text import storable
from conversations.bodies import LONGEST_MESSAGE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from channels_deploy.messenger import Arrived
    from channels_deploy.models import Connection

LONGEST_NAME = 120

# One statement, so that what is acknowledged is there with its chat, or neither. The chats come in
# one order, so that two calls about the same ones wait for each other, and each knows what
# answering its newest message takes; one that is delivered again, maybe days later, changes
# nothing.
_KEEP = """
WITH arrived AS (
    SELECT * FROM jsonb_to_recordset(%(messages)s::jsonb) AS m(
        place integer, id text, chat text, text text, notice text, greets boolean, address jsonb,
        later jsonb, visitor jsonb, at timestamptz, deadline timestamptz, answer_id uuid
    )
), heard AS (
    INSERT INTO channels_deploy_chat AS known (id, connection_id, session_id, address, heard_at)
    SELECT DISTINCT ON (chat) gen_random_uuid(), %(connection)s, chat, later, at
    FROM arrived ORDER BY chat, at DESC, place DESC
    ON CONFLICT (connection_id, session_id) DO UPDATE SET
        address = CASE WHEN known.heard_at < EXCLUDED.heard_at
            THEN EXCLUDED.address ELSE known.address END,
        heard_at = greatest(known.heard_at, EXCLUDED.heard_at)
    RETURNING id, session_id
)
INSERT INTO channels_deploy_inbound (
    chat_id, connection_id, external_id, address, text, notice, greets, visitor, status, attempts,
    answer_id, error, deadline, received_at
)
SELECT heard.id, %(connection)s, arrived.id, address, text, notice, greets, visitor, 'waiting', 0,
       answer_id, '', deadline, %(now)s
FROM arrived JOIN heard ON heard.session_id = arrived.chat
ORDER BY at, place
ON CONFLICT (connection_id, external_id) DO NOTHING
"""


def keep(connection: Connection, arrived: Sequence[Arrived]) -> None:
    """Keep messages to be answered, each once."""
    now = timezone.now()
    messages = [_row(place, each, now) for place, each in enumerate(arrived)]
    values: dict[str, Any] = {
        "messages": orjson.dumps(messages).decode(),
        "connection": connection.pk,
        "now": now,
    }
    with database.cursor() as cursor:
        cursor.execute(_KEEP, values)


def _row(place: int, message: Arrived, now: datetime) -> dict[str, Any]:
    """The message as rows can hold it; of one that does not say so, it was written ``now``."""
    return {
        "place": place,
        "id": storable(message.id)[:LONGEST_NAME],
        "chat": storable(message.chat)[:LONGEST_NAME],
        "text": storable(message.text)[:LONGEST_MESSAGE],
        "notice": message.notice,
        "greets": message.greets,
        "address": storable(message.address),
        "later": storable(message.address if message.later is None else message.later),
        "visitor": storable(message.visitor),
        "at": min(message.at or now, now),
        "deadline": message.deadline,
        "answer_id": uuid4(),
    }
