"""People who were shown that an answer follows are told where none does: their channel has stopped
since, or it is too late. Synchronous."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_deploy import channels
from channels_deploy.answering.claiming import ANSWERS
from channels_deploy.channel import ChannelError
from channels_deploy.messenger import Messenger, UnclearError
from channels_deploy.models import Inbound
from conversations.turn import Done

if TYPE_CHECKING:
    from django.db.models import QuerySet

# In one sweep, which waits for the service each time.
MOST = 50
Status = Inbound.Status
_OPEN = (Status.WAITING, Status.ANSWERING)
_RUNS = Q(connection__enabled=True, connection__status__in=ANSWERS)


def tell() -> None:
    """Tell those who wait in vain, once each. Where the service cannot be reached now, the next
    sweep goes on."""
    for channel in channels.CHANNELS:
        if isinstance(channel, Messenger) and channel.promises:
            for row in _in_vain(channel)[:MOST]:
                if not _told(channel, row):
                    break


def _in_vain(channel: Messenger) -> QuerySet[Inbound]:
    """Messages that nobody is at, and nobody will answer."""
    now = timezone.now()
    free = Q(chat__lease_until=None) | Q(chat__lease_until__lte=now)
    rows = Inbound.objects.filter(free, connection__channel=channel.name, status__in=_OPEN)
    return rows.filter(~_RUNS | Q(deadline__lte=now)).order_by("id")


def _told(channel: Messenger, row: Inbound) -> bool:
    """Whether the service has an answer to that, even if it takes none any more."""
    why, words = _reasons(row)
    mine = Inbound.objects.filter(pk=row.pk, status__in=_OPEN)
    if not mine.update(status=Status.FAILED, error=why):
        return True
    (part,) = channel.parts(Done(words))
    try:
        channel.send({}, row.address, part, 0, "")
    except UnclearError:
        is_settled = False
    except ChannelError as error:
        is_settled = error.permanent
    else:
        is_settled = True
    if not is_settled:
        Inbound.objects.filter(pk=row.pk, status=Status.FAILED).update(status=row.status)
    return is_settled


def _reasons(row: Inbound) -> tuple[str, str]:
    """Why it is not answered, for the workspace and for whoever asked."""
    if row.deadline and row.deadline <= timezone.now():
        words = _("Your message could not be answered. Please send it again.")
        return _("It came too late to be answered."), words
    words = _("This bot cannot answer now. Try again later.")
    return _("The channel stopped before it was answered."), words
