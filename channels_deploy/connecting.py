"""Connects deployed entities to their channels: asked for in the deploy, done after it.

``sync`` writes what a release asks for; ``attempt`` carries one row out. Between the two lies the
commit, and maybe a crash: the row says what is left to do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from celery import current_app
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_deploy import channels
from channels_deploy.channel import Channel, ChannelError, Unlisted
from channels_deploy.credentials import (
    NoCredentialError,
    keep_current,
    kept,
    note_refusal,
    values_for,
)
from channels_deploy.models import Connection
from common.leases import lease
from common.waking import after_commit

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from drafts.models import Entity

Find = Callable[[str], Channel | None]
Status = Connection.Status
TASK = "channels_deploy.tasks.connect"
LEASE = timedelta(seconds=150)
MOST_ATTEMPTS = 6


class _OutdatedError(Exception):
    """Something else is asked for meanwhile, or the lease has run out: whoever goes on connects
    what nobody takes back."""


@transaction.atomic
def sync(entity: Entity, wanted: Mapping[str, Mapping[str, Any]]) -> None:
    """Write what a release asks for: ``wanted`` are its enabled channels' settings by type.

    Belongs into the deploy's transaction; calls nothing outside.
    """
    rows = {row.channel: row for row in entity.connections.select_for_update(of=("self",))}
    for name, config in wanted.items():
        row = rows.pop(name, None) or Connection(entity_id=entity.pk, channel=name)
        _switch_on(row, dict(config))
    for row in rows.values():
        _switch_off(row)


def _switch_on(row: Connection, config: dict[str, Any]) -> None:
    if row.status == Status.SUCCESS and row.config == config:
        return
    keep_credential(row, config)
    row.config, row.leaving = config, False
    if row.paused:
        row.save()
        return
    row.enabled = True
    ask(row)


def _switch_off(row: Connection) -> None:
    if row.enabled:
        row.enabled = False
        ask(row)
    elif row.paused:
        row.paused = False
        row.save(update_fields=["paused"])


def keep_credential(row: Connection, config: Mapping[str, Any]) -> None:
    """Keep the credential that ``row`` is connected with, where ``config`` names another one: the
    service has to be told by it that it is over."""
    channel = channels.described(row.channel)
    field = channel.credential_field
    is_connected = row.status != Status.DISABLED
    if field and is_connected and row.config.get(field) not in (None, config.get(field)):
        keep_current(channel, row)


def ask(row: Connection) -> None:
    """Save ``row`` as something to be done, or as done when there is nothing outside to call."""
    channel = channels.described(row.channel)
    row.attempts, row.lease_until, row.next_attempt_at, row.error = 0, None, None, ""
    if isinstance(channel, Unlisted):
        row.status, row.error = Status.DISABLED, channel.sentence
    elif not channel.immediate:
        row.status = Status.PENDING
    else:
        row.status = Status.SUCCESS if row.enabled else Status.DISABLED
    row.save()


def wake(entity: Entity) -> None:
    """Start the work that ``sync`` left. May be lost: the sweep finds the same rows."""
    for connection_id in entity.connections.filter(_waiting()).values_list("pk", flat=True):
        start(connection_id)


def start(connection_id: UUID, *, after: int = 0) -> None:
    """Hand one connection to a worker. Waits for no broker that is away: the sweep comes by."""
    current_app.send_task(TASK, (str(connection_id),), countdown=after, retry=False)


def _waiting(now: datetime | None = None) -> Q:
    now = now or timezone.now()
    return Q(status=Status.PENDING) & (Q(lease_until=None) | Q(lease_until__lte=now))


def sweep() -> int:
    """Start everything that waits and that nobody is working on; gives how many.

    Connections whose entity went with its workspace are left to be withdrawn.
    """
    left = Connection.objects.filter(entity=None).exclude(status=Status.PENDING)
    left.update(status=Status.PENDING, enabled=False, attempts=0)
    waiting = list(Connection.objects.filter(_waiting()).values_list("pk", flat=True))
    for connection_id in waiting:
        start(connection_id)
    return len(waiting)


def attempt(connection_id: UUID, find: Find = channels.find) -> int | None:
    """Carry out what the connection asks for, unless somebody else is at it: then they go on with
    what is asked for meanwhile, so that a service hears one thing after the other.

    Gives the seconds after which to try again, None when there is nothing more to do.
    """
    again = None
    with lease(f"connect:{connection_id}") as mine:
        while mine and mine.is_mine and (row := _claim(connection_id)):
            again = _attempt(find(row.channel), row)
    return again


def _attempt(channel: Channel | None, row: Connection) -> int | None:
    if channel is None:
        _give_up(row, Unlisted(row.channel).sentence)
        return None
    if row.attempts > MOST_ATTEMPTS:
        _give_up(row, _("Connecting was interrupted several times."))
        return None
    try:
        facts = _carry_out(channel, row)
    except _OutdatedError:
        return None
    except ChannelError as error:
        return _failed(row, error)
    _succeeded(row, facts)
    return None


def _claim(connection_id: UUID) -> Connection | None:
    """The connection with a lease on it; None when there is nothing to do or another has it."""
    until = timezone.now() + LEASE
    free = Connection.objects.filter(_waiting(), pk=connection_id)
    begun = {"lease_until": until, "next_attempt_at": None, "attempts": F("attempts") + 1}
    if not free.update(**begun):
        return None
    rows = Connection.objects.select_related("entity__live_release")
    return rows.filter(pk=connection_id, lease_until=until).first()


def _carry_out(channel: Channel, row: Connection) -> dict[str, Any]:
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
    """Keep what has been done so far. Raises ``_OutdatedError``."""
    if not _mine(row).update(**values):
        raise _OutdatedError


def _mine(row: Connection) -> QuerySet[Connection]:
    """The row, as long as whoever works on it has it and nothing else was asked for."""
    return Connection.objects.filter(pk=row.pk, lease_until=row.lease_until)


def _succeeded(row: Connection, facts: dict[str, Any]) -> None:
    if row.entity_id is None or row.leaving:
        # Unless a new release asks for it meanwhile.
        _mine(row).delete()
    else:
        status = Status.SUCCESS if row.enabled else Status.DISABLED
        _finish(row, status=status, facts=facts, error="", attempts=0)


def _failed(row: Connection, error: ChannelError) -> int | None:
    if error.permanent or row.attempts >= MOST_ATTEMPTS:
        _give_up(row, str(error))
        return None
    delay = math.ceil(error.retry_after or 2**row.attempts)
    again = timezone.now() + timedelta(seconds=delay)
    _finish(row, status=Status.PENDING, error=str(error), lease_until=again, next_attempt_at=again)
    return delay


def _give_up(row: Connection, why: str) -> None:
    """Somebody has to change something, and try again. Where the entity is gone nobody can: it is
    forgotten, with the credential that was kept for it."""
    if row.entity_id is None:
        _mine(row).delete()
    else:
        _finish(row, status=Status.ERROR, error=why)


def _finish(row: Connection, **values: Any) -> None:
    """Record the outcome, unless the lease has run out or a new release asks for something else."""
    values = {"lease_until": None, "updated_at": timezone.now()} | values
    _mine(row).update(**values)


def withdraw(entity_id: UUID) -> None:
    """The entity is going: forget its connections, and undo what was set up elsewhere."""
    for row in Connection.objects.filter(entity_id=entity_id).select_related("entity"):
        channel = channels.find(row.channel)
        if channel is None or channel.immediate:
            row.delete()
        else:
            keep_current(channel, row)
            row.entity, row.enabled = None, False
            ask(row)
            after_commit(TASK, row.pk)
