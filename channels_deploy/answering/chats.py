"""Chats that wait for answers: who is at one, what is next in it, what came of it. All of it rows,
so that any worker goes on where another one ended. Synchronous."""

from __future__ import annotations

from collections import deque
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_deploy import channels, incoming
from channels_deploy.messenger import Messenger
from channels_deploy.models import Chat, Connection, Inbound, Outbound
from common import crash
from conversations.models import Message
from conversations.sessions import find

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from channels_deploy.channel import Channel
    from channels_deploy.dialects.part import Part

# How long a worker that says nothing is believed to be at a chat.
LEASE = timedelta(seconds=60)
# How often answering a message is tried, after which, once, it is only said that it failed; and how
# often a part is sent.
MOST_ATTEMPTS, MOST_SENDINGS = 3, 5
# What has waited for longer is neither answered nor sent any more, and what was said is remembered
# for so long: services deliver a message again for up to seven days.
TOO_LATE, KEPT = timedelta(days=1), timedelta(days=8)
# One that is being connected again, with other settings, answers meanwhile.
ANSWERS = (Connection.Status.SUCCESS, Connection.Status.PENDING)
SWEPT = 500
PURGED = 5000
_OPEN = (Inbound.Status.WAITING, Inbound.Status.ANSWERING)
_UNSENT = (Outbound.Status.WAITING, Outbound.Status.SENDING)


# The oldest message of a chat that is open, in one statement; none of a channel that was switched
# off since the chat was claimed.
_NEXT = """
UPDATE channels_deploy_inbound SET status = 'answering', attempts = attempts + 1
WHERE id = (
    SELECT id FROM channels_deploy_inbound
    WHERE chat_id = %s AND status IN ('waiting', 'answering') ORDER BY id LIMIT 1
) AND EXISTS (
    SELECT FROM channels_deploy_connection AS asked
    WHERE asked.id = channels_deploy_inbound.connection_id AND asked.enabled
) RETURNING *
"""


@dataclass
class Lease:
    """A chat that a worker has, with its connection and entity, until ``until``. ``parts`` are to
    be sent, in their order, ``sending`` the one that is being sent. Where its service wants to be
    left alone, the chat ``resumes`` then, whoever has it."""

    chat: Chat
    until: datetime
    parts: deque[Outbound] = field(default_factory=deque)
    sending: Outbound | None = None
    resumes: datetime | None = None

    @property
    def connection(self) -> Connection:
        return self.chat.connection


def claim(chat_id: UUID) -> Lease | None:
    """The chat, where there is something to do that may be done now and nobody else is at it."""
    until = timezone.now() + LEASE
    # The lease is asked for of the row that is written: of two who come at once, the second waits
    # for the first and then looks at it again, which it does not at what a subquery has found.
    free = Chat.objects.filter(_free(), pk=chat_id, pk__in=_waiting())
    if not free.update(lease_until=until):
        return None
    rows = Chat.objects.select_related("connection__entity__live_release")
    chat = rows.filter(pk=chat_id, lease_until=until).first()
    if chat is None:
        return None
    return Lease(chat, until, deque(_unsent(chat)))


def _unsent(chat: Chat) -> Iterator[Outbound]:
    """What is to be sent; what was being sent when whoever sent it died is settled first."""
    channel = channels.find(chat.connection.channel)
    for row in chat.outbound.filter(status__in=_UNSENT).order_by("id"):
        if row.status == Outbound.Status.SENDING and not _may_send_again(channel, row):
            row.status = Outbound.Status.UNKNOWN
            row.error = _("It was being sent when the server stopped: it may have arrived.")
            row.save(update_fields=["status", "error", "updated_at"])
        else:
            yield row


def _may_send_again(channel: Channel | None, row: Outbound) -> bool:
    repeats = isinstance(channel, Messenger) and channel.repeats(row.address, row.number)
    return repeats and row.attempts < MOST_SENDINGS


def renew(lease: Lease) -> bool:
    """Have the chat for longer; False when somebody else has it."""
    until = timezone.now() + LEASE
    mine = Chat.objects.filter(pk=lease.chat.pk, lease_until=lease.until)
    if not mine.update(lease_until=until):
        return False
    lease.until = until
    return True


def release(lease: Lease) -> bool:
    """Let others have the chat; whether there is more to do in it by now."""
    mine = Chat.objects.filter(pk=lease.chat.pk, lease_until=lease.until)
    mine.update(lease_until=lease.resumes)
    return _waiting().filter(pk=lease.chat.pk).exists()


def next_message(lease: Lease) -> Inbound | None:
    """The oldest message that waits for an answer, now being answered. One that is beyond
    ``MOST_ATTEMPTS`` is only to be told that it cannot be."""
    while found := list(Inbound.objects.raw(_NEXT, [lease.chat.pk])):
        (row,) = found
        if row.deadline and row.deadline <= timezone.now():
            fail(row, _("It came too late to be answered."))
        elif row.attempts > MOST_ATTEMPTS + 1:
            fail(row, _("Answering it was interrupted several times."))
        else:
            return row
    return None


def fail(row: Inbound, why: str) -> None:
    Inbound.objects.filter(pk=row.pk).update(status=Inbound.Status.FAILED, error=why[:500])


def answer_of(row: Inbound) -> Message | None:
    """The answer that was given before whoever gave it died, if it was."""
    is_new = row.attempts == 1
    return None if is_new else Message.objects.filter(pk=row.answer_id).first()


def answered(lease: Lease, row: Inbound, parts: Sequence[Part], error: str = "") -> None:
    """Keep what is to be sent; the message is answered with that."""
    chat = lease.chat
    with transaction.atomic():
        _belong_to_conversation(chat)
        lease.parts += say(chat, parts, row.address, message_id=row.answer_id)
        changes = {"status": Inbound.Status.ANSWERED, "error": error[:500]}
        Inbound.objects.filter(pk=row.pk).update(**changes)
    crash.point("answering.kept")
    begin(lease)


def say(
    chat: Chat, parts: Sequence[Part], address: Mapping[str, Any], *, message_id: UUID | None
) -> list[Outbound]:
    """Keep parts to be sent."""
    rows = [
        Outbound(
            chat=chat,
            message_id=message_id,
            number=number,
            part=asdict(part),
            address=address,
        )
        for number, part in enumerate(parts)
    ]
    return Outbound.objects.bulk_create(rows)


def _belong_to_conversation(chat: Chat) -> None:
    entity = chat.connection.entity
    if chat.conversation_id is None and entity is not None:
        chat.conversation = find(entity, chat.connection.channel, chat.session_id)
        chat.save(update_fields=["conversation"])


def begin(lease: Lease) -> None:
    """The first of the parts is being sent from now on."""
    row = lease.sending = lease.parts[0] if lease.parts else None
    if row is not None:
        row.status, row.attempts = Outbound.Status.SENDING, row.attempts + 1
        row.save(update_fields=["status", "attempts", "updated_at"])


def put_back(lease: Lease, row: Outbound) -> None:
    """The part was not taken, and is sent again, by another worker if this one dies meanwhile."""
    lease.sending = None
    mine = Outbound.objects.filter(pk=row.pk, status=Outbound.Status.SENDING)
    mine.update(status=Outbound.Status.WAITING, updated_at=timezone.now())


def ended(
    lease: Lease,
    row: Outbound,
    status: str,
    *,
    external_id: str = "",
    error: str = "",
    goes_on: bool = True,
) -> None:
    """Keep what became of the part, of which the service may have said more meanwhile; the next one
    is being sent then, if it ``goes_on``. What the service refused, it is not sent the rest of."""
    undecided = Q(status__in=(Outbound.Status.SENDING, Outbound.Status.UNKNOWN))
    Outbound.objects.filter(pk=row.pk).update(
        external_id=external_id[:200],
        status=Case(When(undecided, then=Value(status)), default=F("status")),
        error=Case(When(undecided, then=Value(error[:500])), default=F("error")),
        updated_at=timezone.now(),
    )
    lease.parts.remove(row)
    if status == Outbound.Status.FAILED:
        rest = [each for each in lease.parts if each.message_id == row.message_id]
        failed = Outbound.objects.filter(pk__in=[each.pk for each in rest])
        failed.update(status=Outbound.Status.FAILED, error=error[:500])
        for each in rest:
            lease.parts.remove(each)
    lease.sending = None
    if goes_on:
        begin(lease)


def refused(lease: Lease, error: str) -> None:
    """The service does not know us any more: nothing is sent until the channel is connected again,
    and the channel says why."""
    live = Connection.objects.filter(pk=lease.connection.pk, status=Connection.Status.SUCCESS)
    live.update(status=Connection.Status.ERROR, error=error, updated_at=timezone.now())


def _free() -> Q:
    """Of chats: nobody is at it."""
    return Q(lease_until=None) | Q(lease_until__lte=timezone.now())


def _waiting() -> QuerySet[Chat]:
    """The chats in which something may be done by somebody."""
    inbound = Inbound.objects.filter(chat=OuterRef("pk"), status__in=_OPEN)
    outbound = Outbound.objects.filter(chat=OuterRef("pk"), status__in=_UNSENT)
    return Chat.objects.filter(
        Exists(inbound) | Exists(outbound),
        _free(),
        connection__enabled=True,
        connection__status__in=ANSWERS,
        connection__entity__deleted_at=None,
        connection__entity__live_release__isnull=False,
    )


def sweep() -> None:
    """Hand what waits to workers, and forget what is old."""
    now = timezone.now()
    late = Inbound.objects.filter(status__in=_OPEN, received_at__lt=now - TOO_LATE)
    late.update(status=Inbound.Status.FAILED, error=_("It came too late to be answered."))
    unsent = Outbound.objects.filter(status=Outbound.Status.WAITING, created_at__lt=now - TOO_LATE)
    unsent.update(status=Outbound.Status.FAILED, error=_("It came too late to be sent."))
    owners = _waiting().annotate(owner=F("connection__entity__workspace"))
    for chat_id, owner in owners.values_list("pk", "owner")[:SWEPT]:
        incoming.start(chat_id, owner)
    Inbound.objects.filter(
        pk__in=Inbound.objects.filter(received_at__lt=now - KEPT).values("pk")[:PURGED]
    ).delete()
    Outbound.objects.filter(
        pk__in=Outbound.objects.filter(created_at__lt=now - KEPT).values("pk")[:PURGED]
    ).delete()
    # Whoever was never answered has no conversation, with which all of it would go.
    kept = Inbound.objects.filter(chat=OuterRef("pk"))
    nobody = Chat.objects.filter(~Exists(kept), conversation=None, heard_at__lt=now - KEPT)
    Chat.objects.filter(pk__in=nobody.values("pk")[:PURGED]).delete()
