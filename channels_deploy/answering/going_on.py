"""From one message of a chat to the next one, or away from it. Synchronous."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection as database
from django.utils import timezone

from channels_deploy.answering.inbound import NEXT, may_be_answered, next_messages, read
from channels_deploy.answering.leases import release
from channels_deploy.answering.outbound import LONGEST_ID

if TYPE_CHECKING:
    from channels_deploy.answering.leases import Lease
    from channels_deploy.models import Outbound

# The service may have said more of the part meanwhile. All in one statement, since it is the end of
# almost every answer.
_SENT = f"""
WITH sent AS (
    UPDATE channels_deploy_outbound SET
        external_id = %(external_id)s, updated_at = %(now)s,
        status = CASE WHEN status IN ('sending', 'unknown') THEN 'sent' ELSE status END
    WHERE id = %(part)s
), next AS ({NEXT}), released AS (
    UPDATE channels_deploy_chat SET lease_until = NULL
    WHERE id = %(chat)s AND lease_until = %(until)s AND NOT EXISTS (SELECT FROM next)
)
SELECT * FROM next
"""  # noqa: S608 (nothing but what stands above)
# Whoever was told of what was kept while the chat was being let go of, has left it alone.
_WAITS = """
SELECT EXISTS (
    SELECT FROM channels_deploy_inbound
    WHERE chat_id = %(chat)s AND status IN ('waiting', 'answering')
) OR EXISTS (
    SELECT FROM channels_deploy_outbound
    WHERE chat_id = %(chat)s AND status IN ('waiting', 'sending')
)
"""


def sent(lease: Lease, row: Outbound, external_id: str) -> None:
    """The service has taken the last part of an answer. The next message is being answered then;
    where there is none, the lease is over."""
    lease.parts.remove(row)
    lease.sending = None
    values = {
        "part": row.pk,
        "external_id": external_id[:LONGEST_ID],
        "now": timezone.now(),
        "chats": [lease.chat.pk],
        "chat": lease.chat.pk,
        "until": lease.until,
    }
    with lease.guard:
        found = read(_SENT, values)
        lease.over = not found
    if not found:
        lease.more = _waits(lease)
    elif may_be_answered(found[0]):
        lease.message = found[0]
    else:
        go_on(lease)


def go_on(lease: Lease) -> None:
    """The next message is being answered; where there is none, the lease is over."""
    chat_id = lease.chat.pk
    lease.message = next_messages([chat_id]).get(chat_id)
    if lease.message is None:
        release(lease)
        lease.more = _waits(lease)


def _waits(lease: Lease) -> bool:
    with database.cursor() as cursor:
        cursor.execute(_WAITS, {"chat": lease.chat.pk})
        found: bool = cursor.fetchone()[0]
        return found
