"""What a channel's service passes on: checked, kept, and only then acknowledged.

A message is answered after its service was told that it has arrived, by a worker. The service gets
no acknowledgement without a row in the database, so whatever is lost is delivered again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from celery import current_app
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_deploy import channels
from channels_deploy.channel import ChannelError
from channels_deploy.credentials import values_for
from channels_deploy.messenger import Messenger, NotAuthenticError
from channels_deploy.models import Chat, Connection, Inbound, Outbound
from common.plain_text import storable
from common.problems import not_found, unauthenticated, unavailable
from common.waking import after_commit
from conversations.bodies import LONGEST_MESSAGE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from channels_deploy.messenger import Arrived, Call, Reading, Report

TASK = "channels_deploy.tasks.talk"
LONGEST_NAME = 120
Status = Outbound.Status
# What ``send`` is told to call a part: its row's key.
_OUR_NAME = re.compile(r"[0-9]{1,18}")
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
    now = timezone.now()
    messages = sorted((_kept(each, now) for each in arrived), key=lambda each: each.at or now)
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
        after_commit(TASK, chat.pk, owner)


def _kept(message: Arrived, now: datetime) -> Arrived:
    """The message as rows can hold it; of one that does not say so, it was written ``now``."""
    return replace(
        message,
        at=min(message.at or now, now),
        id=storable(message.id)[:LONGEST_NAME],
        chat=storable(message.chat)[:LONGEST_NAME],
        text=storable(message.text)[:LONGEST_MESSAGE],
        address=storable(message.address),
        later=storable(message.address if message.later is None else message.later),
        visitor=storable(message.visitor),
    )


def _chats(connection: Connection, messages: Sequence[Arrived]) -> dict[str, Chat]:
    """The chats of the messages by their names, with what answering the newest one takes. One that
    is delivered again, maybe days later, changes nothing."""
    newest = {each.chat: each for each in messages}
    mine = Chat.objects.filter(connection=connection, session_id__in=newest)
    # In one order, so that two calls about the same chats wait for each other.
    known = mine.select_for_update(no_key=True).order_by("session_id")
    heard = dict(known.values_list("session_id", "heard_at"))
    rows = [
        Chat(connection=connection, session_id=name, address=each.later, heard_at=each.at)
        for name, each in sorted(newest.items())
        if each.at and (name not in heard or heard[name] < each.at)
    ]
    Chat.objects.bulk_create(
        rows,
        update_conflicts=True,
        update_fields=["address", "heard_at"],
        unique_fields=["connection", "session_id"],
    )
    return {chat.session_id: chat for chat in mine}


def note(connection: Connection, reports: Sequence[Report]) -> None:
    """Keep what became of parts that were sent, however many reports there are of few kinds."""
    alike: defaultdict[tuple[str, str], list[Report]] = defaultdict(list)
    for report in reports:
        alike[report.status, storable(report.error)[:500]].append(report)
    mine = Outbound.objects.filter(chat__connection=connection)
    for (status, error), told in alike.items():
        ours = [int(each.name) for each in told if _OUR_NAME.fullmatch(each.name)]
        theirs = [storable(each.id) for each in told if not _OUR_NAME.fullmatch(each.name)]
        meant = Q(pk__in=ours) | Q(external_id__in=theirs)
        rows = mine.filter(meant, status__in=_less_sure(status))
        rows.update(status=status, error=error, updated_at=timezone.now())


def _less_sure(status: str) -> tuple[str, ...]:
    return RANKS if status == Status.FAILED else RANKS[: RANKS.index(Status(status))]


def start(chat_id: UUID, workspace_id: UUID) -> None:
    """Hand a chat to a worker. May be lost: the sweep finds the same rows."""
    current_app.send_task(TASK, (str(chat_id), str(workspace_id)), retry=False)
