"""What a channel's service passes on: checked, kept, and only then acknowledged.

A message is answered after its service was told that it has arrived, by a worker. The service gets
no acknowledgement without a row in the database, so whatever is lost is delivered again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_deploy import channels
from channels_deploy.channel import ChannelError
from channels_deploy.credentials import values_for
from channels_deploy.keeping import keep
from channels_deploy.messenger import Messenger, NotAuthenticError
from channels_deploy.models import Connection, Outbound
from common.plain_text import storable
from common.problems import not_found, unauthenticated, unavailable
from common.waking import call_after_commit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from channels_deploy.messenger import Call, Reading, Report

TASK = "channels_deploy.tasks.answer"
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
    if reading.arrived:
        keep(connection, reading.arrived)
        wake()
    note(connection, reading.reports)
    return reading


def _connected(name: str, entity_id: UUID, path: str) -> tuple[Messenger, Connection]:
    """A connection is served from before its service is told the address until it is switched off:
    services try an address before they take it."""
    channel = channels.find(name)
    rows = Connection.objects.select_related("entity").filter(channel=name, enabled=True)
    found = next(iter(rows.filter(entity=entity_id, entity__deleted_at=None)), None)
    if not isinstance(channel, Messenger) or found is None or (path and path != found.path):
        raise not_found()
    return channel, found


def wake() -> None:
    """Have a worker look for what is to be done in chats, once that is there for it. May be lost:
    the sweep calls again."""
    call_after_commit(TASK)


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
