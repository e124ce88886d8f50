"""Chats that a worker has: nobody else is at them, until it lets go or is not heard of any more."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING

from django.utils import timezone

from channels_deploy.models import Chat, Connection

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from channels_deploy.messenger import Messenger
    from channels_deploy.models import Inbound, Outbound

# How long a worker that says nothing is believed to be at a chat, and for how long one is left
# alone in which nothing can be done now.
LEASE, PAUSE = timedelta(seconds=60), timedelta(seconds=15)


@dataclass
class Lease:
    """A chat that a worker has, with its connection and entity, until ``until``.

    ``channel`` and ``values``, the secrets of the connection, are what it takes to say something
    there. ``message`` is the one that is being answered. ``parts`` are to be sent, in their order,
    ``sending`` the one that is being sent. It is ``over`` once others may have the chat; whether
    there is ``more`` for them to do is known then.
    """

    chat: Chat
    until: datetime
    channel: Messenger
    values: Mapping[str, str]
    message: Inbound | None = None
    parts: deque[Outbound] = field(default_factory=deque)
    sending: Outbound | None = None
    over: bool = False
    more: bool = False
    # Whoever renews the lease does not do so while it is given back.
    guard: Lock = field(default_factory=Lock)

    @property
    def connection(self) -> Connection:
        return self.chat.connection

    @property
    def owner(self) -> UUID:
        """The workspace."""
        assert self.connection.entity is not None
        return self.connection.entity.workspace_id


def renew(lease: Lease) -> bool:
    """Have the chat for longer; False when somebody else has it."""
    with lease.guard:
        until = timezone.now() + LEASE
        mine = Chat.objects.filter(pk=lease.chat.pk, lease_until=lease.until)
        if not lease.over and not mine.update(lease_until=until):
            return False
        lease.until = until
        return True


def release(lease: Lease, at: datetime | None = None) -> None:
    """Let others have the chat; only ``at`` a time where its service wants to be left alone."""
    with lease.guard:
        mine = Chat.objects.filter(pk=lease.chat.pk, lease_until=lease.until)
        mine.update(lease_until=at)
        lease.over = True


def put_off(chat: Chat, until: datetime) -> None:
    """Have nobody try again at once what could not be done: the sweep comes by."""
    mine = Chat.objects.filter(pk=chat.pk, lease_until=until)
    mine.update(lease_until=timezone.now() + PAUSE)


def refused(connection: Connection, error: str) -> bool:
    """The service does not know us any more: nothing is sent until the channel is connected again,
    and the channel says why. False where it is being connected just now."""
    live = Connection.objects.filter(pk=connection.pk, status=Connection.Status.SUCCESS)
    return bool(live.update(status=Connection.Status.ERROR, error=error, updated_at=timezone.now()))
