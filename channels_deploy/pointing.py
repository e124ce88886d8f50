"""Points a channel's service at us, or away from us: what one attempt to connect does there.

The row is written between two calls, so that whoever comes after a crash knows how far it came.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from channels_deploy.channel import ChannelError
from channels_deploy.credentials import NoCredentialError, kept, note_refusal, values_for
from channels_deploy.models import Connection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from channels_deploy.channel import Channel


class OutdatedError(Exception):
    """Something else is asked for meanwhile, or the lease has run out: whoever goes on connects
    what nobody takes back."""


def carry_out(channel: Channel, row: Connection) -> dict[str, Any]:
    """Do at the service what ``row`` asks for; gives the facts to keep. Raises ``ChannelError``, or
    ``OutdatedError``."""
    if row.parting:
        _take_leave(channel, row)
    if row.enabled and row.entity_id is not None:
        return _connect(channel, row)
    # Without values there is nothing left that it could be taken back with.
    with suppress(NoCredentialError):
        _withdraw(channel, row, values_for(channel, row))
    return {}


def _take_leave(channel: Channel, row: Connection) -> None:
    """Withdraw with the credentials that it was connected with before, once. What the service
    refuses for good is left: it does not keep the new one from being connected."""
    for values in kept(row):
        try:
            _withdraw(channel, row, values)
        except ChannelError as error:
            if not error.permanent:
                raise
    _keep(row, parting="")


def _withdraw(channel: Channel, row: Connection, values: Mapping[str, str]) -> None:
    try:
        channel.withdraw(row, values)
    except ChannelError as error:
        if not error.unauthorized:
            raise


def _connect(channel: Channel, row: Connection) -> dict[str, Any]:
    values = values_for(channel, row)
    try:
        if facts := channel.look_up(row, values):
            row.facts = dict(facts)
            _keep(row, facts=row.facts)
        found = dict(channel.connect(row, values))
    except ChannelError as error:
        if error.unauthorized:
            note_refusal(channel, row, values, str(error))
        raise
    note_refusal(channel, row, values)
    return found


def _keep(row: Connection, **values: Any) -> None:
    """Keep what has been done so far. Raises ``OutdatedError``."""
    if not mine(row).update(**values):
        raise OutdatedError


def mine(row: Connection) -> QuerySet[Connection]:
    """The row, as long as whoever works on it has it and nothing else was asked for."""
    return Connection.objects.filter(pk=row.pk, lease_until=row.lease_until)
