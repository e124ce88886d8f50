"""Parts of answers that are to be sent, and what became of each. Rows, so that any worker goes on
where another one ended. Synchronous."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_deploy import channels
from channels_deploy.messenger import Messenger
from channels_deploy.models import Outbound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from channels_deploy.answering.leases import Lease
    from channels_deploy.channel import Channel
    from channels_deploy.dialects.part import Part
    from channels_deploy.models import Chat

# How often a part is sent.
MOST_SENDINGS = 5
LONGEST_ID = 200
_UNSENT = (Outbound.Status.WAITING, Outbound.Status.SENDING)


def unsent(chats: Sequence[Chat]) -> dict[UUID, list[Outbound]]:
    """By chat what is to be sent, in its order; what was being sent when whoever sent it died is
    settled first."""
    of_channel = {chat.pk: channels.find(chat.connection.channel) for chat in chats}
    found: defaultdict[UUID, list[Outbound]] = defaultdict(list)
    for row in Outbound.objects.filter(chat__in=of_channel, status__in=_UNSENT).order_by("id"):
        channel = of_channel[row.chat_id]
        if row.status == Outbound.Status.SENDING and not _may_send_again(channel, row):
            row.status = Outbound.Status.UNKNOWN
            row.error = _("It was being sent when the server stopped: it may have arrived.")
            row.save(update_fields=["status", "error", "updated_at"])
        else:
            found[row.chat_id].append(row)
    return found


def _may_send_again(channel: Channel | None, row: Outbound) -> bool:
    repeats = isinstance(channel, Messenger) and channel.repeats(row.address, row.number)
    return repeats and row.attempts < MOST_SENDINGS


def say(
    chat: Chat, parts: Sequence[Part], address: Mapping[str, Any], *, message_id: UUID | None
) -> None:
    """Keep parts to be sent."""
    Outbound.objects.bulk_create(
        Outbound(
            chat=chat,
            message_id=message_id,
            number=number,
            part=asdict(part),
            address=address,
        )
        for number, part in enumerate(parts)
    )


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
        external_id=external_id[:LONGEST_ID],
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
