"""Gives a worker chats in which something waits, as many as it has places for: all that it takes to
go on in them, in a few statements however many they are."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection as database
from django.utils import timezone

from channels_deploy import channels
from channels_deploy.answering.inbound import next_messages
from channels_deploy.answering.leases import LEASE, Lease, put_off, refused
from channels_deploy.answering.outbound import unsent
from channels_deploy.channel import ChannelError
from channels_deploy.credentials import values_for
from channels_deploy.messenger import Messenger
from channels_deploy.models import Chat, Connection

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    Access = tuple[Messenger, Mapping[str, str]]

# One that is being connected again, with other settings, answers meanwhile.
ANSWERS = (Connection.Status.SUCCESS, Connection.Status.PENDING)

# The chats of all workspaces take turns: the first of each comes before the second of any, and what
# a workspace has under way is counted before. Of two workers that come at once, the second leaves
# alone what the first is about to take, and looks again at what it has taken.
_CLAIM = """
WITH waiting AS (
    SELECT chat_id, min(since) AS since FROM (
        SELECT chat_id, received_at AS since FROM channels_deploy_inbound
        WHERE status IN ('waiting', 'answering')
        UNION ALL
        SELECT chat_id, created_at FROM channels_deploy_outbound
        WHERE status IN ('waiting', 'sending')
    ) AS each GROUP BY chat_id
), line AS (
    SELECT chat.id, waiting.since, coalesce(busy.chats, 0) + row_number() OVER (
        PARTITION BY entity.workspace_id ORDER BY waiting.since
    ) AS turn
    FROM waiting
    JOIN channels_deploy_chat AS chat ON chat.id = waiting.chat_id
    JOIN channels_deploy_connection AS asked ON asked.id = chat.connection_id
    JOIN drafts_entity AS entity ON entity.id = asked.entity_id
    LEFT JOIN unnest(%(owners)s::uuid[], %(busy)s::int[]) AS busy(owner, chats)
        ON busy.owner = entity.workspace_id
    WHERE (chat.lease_until IS NULL OR chat.lease_until <= %(now)s)
        AND asked.enabled AND asked.status = ANY(%(answers)s)
        AND entity.deleted_at IS NULL AND entity.live_release_id IS NOT NULL
), free AS (
    SELECT id FROM channels_deploy_chat
    WHERE id IN (SELECT id FROM line WHERE turn <= %(each)s ORDER BY turn, since LIMIT %(places)s)
        AND (lease_until IS NULL OR lease_until <= %(now)s)
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE channels_deploy_chat SET lease_until = %(until)s WHERE id IN (SELECT id FROM free)
RETURNING id
"""


class Claimed(NamedTuple):
    """``all_taken``: there were chats for all places, and there may be more."""

    leases: Sequence[Lease]
    all_taken: bool


def claim(places: int, each: int, busy: Mapping[UUID, int]) -> Claimed:
    """At most ``places`` chats in which something may be done now, so many that no workspace has
    more than ``each`` with those that it is ``busy`` with. Synchronous."""
    now = timezone.now()
    until = now + LEASE
    values: dict[str, Any] = {
        "owners": list(busy),
        "busy": list(busy.values()),
        "each": each,
        "places": places,
        "answers": list(map(str, ANSWERS)),
        "now": now,
        "until": until,
    }
    with database.cursor() as cursor:
        cursor.execute(_CLAIM, values)
        ids = [chat_id for (chat_id,) in cursor.fetchall()]
    return Claimed(_leases(ids, until) if ids else [], len(ids) == places)


def _leases(ids: Sequence[UUID], until: datetime) -> list[Lease]:
    """The chats with what is to be done in them. Only now, when nobody else is at them, is that
    what it will be."""
    rows = Chat.objects.select_related("connection__entity").filter(pk__in=ids, lease_until=until)
    mine = list(_usable(list(rows), until))
    parts = unsent([lease.chat for lease in mine])
    messages = next_messages([lease.chat.pk for lease in mine if lease.chat.pk not in parts])
    for lease in mine:
        lease.parts = deque(parts.get(lease.chat.pk, ()))
        lease.message = messages.get(lease.chat.pk)
    return mine


def _usable(chats: Sequence[Chat], until: datetime) -> Iterator[Lease]:
    """Those whose service can be spoken to."""
    of_connections: defaultdict[UUID, list[Chat]] = defaultdict(list)
    for chat in chats:
        of_connections[chat.connection_id].append(chat)
    for group in of_connections.values():
        access = _access(group[0].connection)
        for chat in group:
            if access is None:
                put_off(chat, until)
            else:
                yield Lease(chat, until, *access)


def _access(connection: Connection) -> Access | None:
    """The channel with the secrets of the connection. Without them nothing is done, and the
    channel says why."""
    channel = channels.find(connection.channel)
    if not isinstance(channel, Messenger):
        return None
    try:
        return channel, values_for(channel, connection)
    except ChannelError as error:
        refused(connection, str(error))
        return None
