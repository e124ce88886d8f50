"""Messages that wait for answers: which is next, and what came of it. Rows, so that any worker goes
on where another one ended. Synchronous."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import orjson
from django.db import connection as database
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_deploy.models import Inbound, Outbound
from conversations.models import Message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from channels_deploy.answering.leases import Lease
    from channels_deploy.dialects.part import Part

# How often answering a message is tried, after which, once, it is only said that it failed.
MOST_ATTEMPTS = 3
# What comes as text from a statement of our own.
JSON = ("address", "visitor")

# Of each chat the oldest message that is open; none of a channel that was switched off since the
# chat was claimed.
NEXT = """
UPDATE channels_deploy_inbound AS mine SET status = 'answering', attempts = attempts + 1
WHERE id IN (
    SELECT DISTINCT ON (chat_id) id FROM channels_deploy_inbound
    WHERE chat_id = ANY(%(chats)s) AND status IN ('waiting', 'answering') ORDER BY chat_id, id
) AND EXISTS (
    SELECT FROM channels_deploy_connection AS asked
    WHERE asked.id = mine.connection_id AND asked.enabled
) RETURNING *
"""
# The first part is being sent from the moment when all of them are kept. A message that is not
# there any more, since somebody was erased, has no answer.
_ANSWERED = """
WITH answered AS (
    UPDATE channels_deploy_inbound SET status = 'answered', error = %(error)s
    WHERE id = %(message)s RETURNING chat_id, address, answer_id
)
INSERT INTO channels_deploy_outbound (
    chat_id, message_id, number, part, address, status, external_id, attempts, error, created_at,
    updated_at
)
SELECT chat_id, answer_id, place - 1, part, address,
       CASE place WHEN 1 THEN 'sending' ELSE 'waiting' END, '',
       CASE place WHEN 1 THEN 1 ELSE 0 END, '', %(now)s, %(now)s
FROM answered, jsonb_array_elements(%(parts)s::jsonb) WITH ORDINALITY AS each(part, place)
ORDER BY place
RETURNING id
"""
# Known only once something was recorded.
_BELONGS = """
UPDATE channels_deploy_chat AS chat SET conversation_id = held.id
FROM conversations_conversation AS held
WHERE chat.id = %s AND held.entity_id = %s AND held.channel = %s AND held.session_id = %s
RETURNING held.id
"""


def next_messages(chat_ids: Sequence[UUID]) -> dict[UUID, Inbound]:
    """By chat the oldest message that waits for an answer, now being answered. One that is beyond
    ``MOST_ATTEMPTS`` is only to be told that it cannot be."""
    found: dict[UUID, Inbound] = {}
    left = list(chat_ids)
    while left:
        rows = read(NEXT, {"chats": left})
        found |= {row.chat_id: row for row in rows if may_be_answered(row)}
        left = [row.chat_id for row in rows if row.chat_id not in found]
    return found


def read(statement: str, values: dict[str, Any]) -> list[Inbound]:
    """The messages that the statement gives. Not through ``raw``, which takes longer than it."""
    with database.cursor() as cursor:
        cursor.execute(statement, values)
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [Inbound(**row | {name: orjson.loads(row[name]) for name in JSON}) for row in rows]


def may_be_answered(row: Inbound) -> bool:
    """False where it is given up instead."""
    if row.deadline and row.deadline <= timezone.now():
        _give_up(row, _("It came too late to be answered."))
        return False
    if row.attempts > MOST_ATTEMPTS + 1:
        _give_up(row, _("Answering it was interrupted several times."))
        return False
    return True


def _give_up(row: Inbound, why: str) -> None:
    Inbound.objects.filter(pk=row.pk).update(status=Inbound.Status.FAILED, error=why[:500])


def answer_of(row: Inbound) -> Message | None:
    """The answer that was given before whoever gave it died, if it was."""
    is_new = row.attempts == 1
    return None if is_new else Message.objects.filter(pk=row.answer_id).first()


def answered(lease: Lease, row: Inbound, parts: Sequence[Part], error: str = "") -> None:
    """Keep what is to be sent; the message is answered with that, and the first of the parts is
    being sent from now on."""
    assert not lease.parts
    _belong_to_conversation(lease)
    kept = [_row_of(row, number, part) for number, part in enumerate(parts)]
    values: dict[str, Any] = {
        "message": row.pk,
        "error": error[:500],
        "parts": orjson.dumps([each.part for each in kept]).decode(),
        "now": timezone.now(),
    }
    with database.cursor() as cursor:
        cursor.execute(_ANSWERED, values)
        ids = [part_id for (part_id,) in cursor.fetchall()]
    for each, part_id in zip(kept, ids, strict=False):
        each.pk = part_id
        lease.parts.append(each)
    lease.sending = lease.parts[0] if lease.parts else None
    lease.message = None


def _row_of(row: Inbound, number: int, part: Part) -> Outbound:
    """A part as ``_ANSWERED`` keeps it."""
    return Outbound(
        chat_id=row.chat_id,
        message_id=row.answer_id,
        number=number,
        part=asdict(part),
        address=row.address,
        status=Outbound.Status.WAITING if number else Outbound.Status.SENDING,
        attempts=0 if number else 1,
    )


def _belong_to_conversation(lease: Lease) -> None:
    chat = lease.chat
    if chat.conversation_id is not None:
        return
    known = (chat.pk, lease.connection.entity_id, lease.connection.channel, chat.session_id)
    with database.cursor() as cursor:
        cursor.execute(_BELONGS, known)
        found = cursor.fetchone()
    chat.conversation_id = found[0] if found else None
