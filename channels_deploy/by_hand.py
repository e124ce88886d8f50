"""What a person does with one channel of a live entity, apart from releases: try it again, switch
it off and on, forget it. What is off by hand stays off until it is switched on by hand, or until a
release does without it.

Each of these raises ``LookupError`` where the entity does not use the channel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from channels_deploy import channels
from channels_deploy.connecting import TASK, ask
from channels_deploy.models import Connection
from common.problems import conflict
from common.waking import after_commit

if TYPE_CHECKING:
    from drafts.models import Entity

Status = Connection.Status


@transaction.atomic
def retry(entity: Entity, channel: str) -> None:
    """Connect a channel again, or withdraw it where that has failed; 409 for what is off."""
    row = _row(entity, channel)
    if channels.find(channel) is None:
        raise conflict(row.error or _("This channel is not available."))
    if not row.enabled and row.status not in (Status.ERROR, Status.PENDING):
        raise conflict(why_off(row))
    _begin(row)


@transaction.atomic
def disable(entity: Entity, channel: str) -> None:
    """Take a channel back until ``enable``; one that is off already stays so."""
    row = _row(entity, channel)
    if row.enabled:
        row.enabled, row.paused = False, True
        _begin(row)


@transaction.atomic
def enable(entity: Entity, channel: str) -> None:
    """Connect a channel again that was switched off by hand; one that is on stays so. 409 where the
    live release does not ask for it."""
    row = _row(entity, channel)
    if row.paused:
        row.enabled, row.paused = True, False
        _begin(row)
    elif not row.enabled:
        raise conflict(why_off(row))


@transaction.atomic
def forget(entity: Entity, channel: str) -> None:
    """Withdraw a channel and forget what is known of it: its address, its key, its settings. One
    that could not be withdrawn is forgotten at once."""
    row = _row(entity, channel)
    found = channels.find(channel)
    gave_up = row.status == Status.ERROR and not row.enabled
    if found is None or found.immediate or gave_up or row.status == Status.DISABLED:
        row.delete()
        return
    row.enabled, row.paused, row.leaving = False, False, True
    _begin(row)


def _row(entity: Entity, channel: str) -> Connection:
    """The connection, locked."""
    rows = entity.connections.select_for_update(of=("self",))
    row = rows.select_related("entity").filter(channel=channel).first()
    if row is None:
        raise LookupError(_("This bot does not use that channel."))
    return row


def _begin(row: Connection) -> None:
    ask(row)
    if row.status == Status.PENDING:
        after_commit(TASK, row.pk)


def why_off(row: Connection) -> str:
    """What a channel that is off needs before anything can be done with it."""
    if row.paused:
        return _("This channel was switched off by hand. Switch it on again first.")
    return _("This channel is switched off. Switch it on in a draft and deploy.")
