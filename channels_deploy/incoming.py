"""What a channel's service passes on: checked, kept, and only then acknowledged.

A message is answered after its service was told that it has arrived, by a worker. The service gets
no acknowledgement without a row in the database, so whatever is lost is delivered again.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from celery import current_app
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_deploy import channels
from channels_deploy.channel import ChannelError
from channels_deploy.credentials import values_for
from channels_deploy.messenger import Messenger, NotAuthenticError
from channels_deploy.models import Chat, Connection, Inbound, Outbound
from common.plain_text import storable
from common.problems import not_found, unauthenticated, unavailable
from conversations.bodies import LONGEST_MESSAGE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from channels_deploy.messenger import Arrived, Call, Reading, Report

TASK = "channels_deploy.tasks.talk"
LONGEST_NAME = 120
Status = Outbound.Status
# A report changes only what is less sure; a failure is final.
RANKS = (Status.SENDING, Status.UNKNOWN, Status.SENT, Status.DELIVERED, Status.READ)


def receive(name: str, entity_id: UUID, path: str, call: Call) -> Reading:
    """Keep what a call says; what comes back is for its sender. Raises ``Problem`` 401, 404, or 503
    where it cannot be checked now."""
    channel, connection = _connected(name, entity_id, path)
    try:
        values = values_for(channel, connection) if channel.proves_by_credential else {}
        channel.check(connection, values, call)
    except NotAuthenticError:
        raise unauthenticated(_("This call does not prove who sent it.")) from None
    except ChannelError:
        raise unavailable(_("This channel is not set up completely.")) from None
    reading = channel.read(connection, call)
    keep(connection, reading.arrived)
    note(connection, reading.reports)
    return reading


def _connected(name: str, entity_id: UUID, path: str) -> tuple[Messenger, Connection]:
    """A connection is served from before its service is told the address until it is switched off:
    services try an address before they take it."""
    channel = channels.find(name)
    rows = Connection.objects.select_related("entity").filter(channel=name, enabled=True)
    found = rows.filter(entity=entity_id, entity__deleted_at=None).first()
    if not isinstance(channel, Messenger) or found is None or (path and path != found.path):
        raise not_found()
    return channel, found


@transaction.atomic
def keep(connection: Connection, arrived: Sequence[Arrived]) -> None:
    """Keep messages to be answered, each once, and wake a worker for their chats."""
    messages = [_kept(each) for each in arrived]
    if not messages:
        return
    chats = _chats(connection, messages)
    rows = [
        Inbound(
            chat=chats[each.chat],
            connection=connection,
            external_id=each.id,
            address=each.address,
            text=each.text,
            notice=each.notice,
            greets=each.greets,
            visitor=each.visitor,
            deadline=each.deadline,
        )
        for each in messages
    ]
    Inbound.objects.bulk_create(rows, ignore_conflicts=True)
    assert connection.entity is not None
    owner = connection.entity.workspace_id
    for chat in chats.values():
        transaction.on_commit(partial(start, chat.pk, owner), robust=True)


def _kept(message: Arrived) -> Arrived:
    """The message as rows can hold it."""
    return replace(
        message,
        id=storable(message.id)[:LONGEST_NAME],
        chat=storable(message.chat)[:LONGEST_NAME],
        text=storable(message.text)[:LONGEST_MESSAGE],
        address=storable(message.address),
        visitor=storable(message.visitor),
    )


def _chats(connection: Connection, messages: Sequence[Arrived]) -> dict[str, Chat]:
    """The chats of the messages by their names, with the newest address of each."""
    now, newest = timezone.now(), {each.chat: each for each in messages}
    rows = [
        Chat(connection=connection, session_id=name, address=dict(each.address), heard_at=now)
        for name, each in newest.items()
    ]
    Chat.objects.bulk_create(
        rows,
        update_conflicts=True,
        update_fields=["address", "heard_at"],
        unique_fields=["connection", "session_id"],
    )
    found = Chat.objects.filter(connection=connection, session_id__in=newest)
    return {chat.session_id: chat for chat in found}


def note(connection: Connection, reports: Sequence[Report]) -> None:
    """Keep what became of parts that were sent."""
    for report in reports:
        changes: dict[str, Any] = {"status": report.status, "error": storable(report.error)[:500]}
        rows = Outbound.objects.filter(chat__connection=connection, external_id=report.id)
        rows.filter(status__in=_less_sure(report.status)).update(**changes)


def _less_sure(status: str) -> tuple[str, ...]:
    return RANKS if status == Status.FAILED else RANKS[: RANKS.index(Status(status))]


def start(chat_id: UUID, workspace_id: UUID) -> None:
    """Hand a chat to a worker. May be lost: the sweep finds the same rows."""
    current_app.send_task(TASK, (str(chat_id), str(workspace_id)), retry=False)
