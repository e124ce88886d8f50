"""Looks at connections from end to end, on demand and every hour, and keeps what was found.

Nothing is mended here: what somebody else took over may be meant to be theirs. A credential that a
service refused is not shown to it again, since services shut out whoever does that often.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from celery import current_app
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from channels_deploy import channels, limits, public_address
from channels_deploy.by_hand import why_off
from channels_deploy.channel import ChannelError
from channels_deploy.credentials import note_refusal, values_for
from channels_deploy.finding import error, warning, worst_first
from channels_deploy.health import Health, health_of, kept
from channels_deploy.models import Connection
from common.leases import lease
from common.limits import count
from common.problems import conflict, not_found
from workspaces.actor import Actor
from workspaces.audit import record
from workspaces.credential_testing import masked
from workspaces.models import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from channels_deploy.channel import Channel
    from channels_deploy.finding import Finding
    from drafts.models import Entity

TASK = "channels_deploy.tasks.examine"
EVERY = timedelta(hours=1)
# The sweep comes by so often in that time.
TURNS = 60
BY_ITSELF = "PrivexBot"
Status = Connection.Status


def check(entity: Entity, channel: str) -> Health:
    """Look at a channel now, for somebody who waits for it. Raises ``Problem`` 404, 409, 429."""
    row = entity.connections.filter(channel=channel).first()
    if row is None:
        raise not_found(_("This bot does not use that channel."))
    if channels.find(channel) is None:
        raise conflict(row.error or _("This channel is not available."))
    if not row.enabled:
        raise conflict(why_off(row))
    if row.status == Status.PENDING:
        raise conflict(_("It is being connected. Check it once that is done."))
    count(limits.of_checks(row.pk))
    return examine(row.pk)


def examine(connection_id: UUID) -> Health:
    """Look at a connection and keep what was found. Raises ``Problem`` 404 where it is gone, 409
    where somebody else is looking at it."""
    with lease(f"examine:{connection_id}") as mine:
        if mine is None:
            raise conflict(_("This channel is being checked already."))
        rows = Connection.objects.select_related("entity__workspace", "entity__live_release")
        row = rows.filter(pk=connection_id, entity__deleted_at=None).first()
        channel = channels.find(row.channel) if row else None
        if row is None or row.entity is None or channel is None:
            raise not_found()
        look = _Look(channel, row)
        health = Health(timezone.now(), worst_first(look.findings()))
        _keep(row, health, look.refused)
        return health


class _Look:
    """One look at a connection. ``refused`` stands for the credential that was refused, now or
    earlier."""

    def __init__(self, channel: Channel, connection: Connection) -> None:
        self.channel, self.connection = channel, connection
        self.refused = ""

    def findings(self) -> Iterator[Finding]:
        yield from self._of_service()
        yield from public_address.findings(self.channel.needs)

    def _of_service(self) -> Iterator[Finding]:
        try:
            values = values_for(self.channel, self.connection)
        except ChannelError as problem:
            yield error(_("Credential"), str(problem), action="edit")
            return
        if values and self.connection.health.get("refused") == _mark(values):
            self.refused = _mark(values)
            yield _refused(_("It was refused, and is not tried again until it is replaced."))
            return
        secrets = {**values, "webhook": self.connection.webhook_secret}
        try:
            for each in self.channel.examine(self.connection, values):
                yield replace(each, found=masked(each.found, secrets))
        except ChannelError as problem:
            yield self._failure(problem, masked(str(problem), secrets), values)
        else:
            note_refusal(self.channel, self.connection, values)

    def _failure(self, problem: ChannelError, words: str, values: Mapping[str, str]) -> Finding:
        if problem.unauthorized:
            self.refused = _mark(values)
            note_refusal(self.channel, self.connection, values, words)
            return _refused(words)
        short = str(self.channel.short)
        if problem.permanent:
            return error(short, words)
        return warning(short, words, _("Check it again later."))


def _refused(words: str) -> Finding:
    remedy = _("Replace the credential's values, then connect again.")
    return error(_("Credential"), words, remedy, "credentials")


def _mark(values: Mapping[str, str]) -> str:
    """Stands for a credential, and tells nothing of it."""
    text = json.dumps(dict(values), sort_keys=True)
    return salted_hmac("privexbot.refused", text, algorithm="sha256").hexdigest()


@transaction.atomic
def _keep(row: Connection, health: Health, refused: str) -> None:
    """Keep it with the connection; that it turned bad is noted once."""
    known = Connection.objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if known is None:
        return
    before = health_of(known)
    looked = Connection.objects.filter(pk=row.pk)
    looked.update(health=kept(health, row, refused), examine_after=timezone.now() + EVERY)
    was_bad = before is not None and before.is_bad
    if health.is_bad and not was_bad and known.status == Status.SUCCESS:
        _note(row, health)


def _note(row: Connection, health: Health) -> None:
    assert row.entity is not None
    by = Actor(row.entity.workspace, Role.VIEWER, BY_ITSELF)
    channel = str(channels.described(row.channel).short)
    record(by, "channel.failed", row.entity.name, channel=channel, found=health.problems[0].found)


def sweep() -> int:
    """Have those looked at whose time has come, evenly over the hour; gives how many."""
    now = timezone.now()
    live = Connection.objects.filter(status=Status.SUCCESS, entity__deleted_at=None)
    due = live.filter(Q(examine_after=None) | Q(examine_after__lte=now))
    first = due.order_by(F("examine_after").asc(nulls_first=True))
    share = math.ceil(live.count() / TURNS)
    started = 0
    for connection_id in first.values_list("pk", flat=True)[:share]:
        if due.filter(pk=connection_id).update(examine_after=now + EVERY):
            current_app.send_task(
                TASK, (str(connection_id),), expires=EVERY.total_seconds(), retry=False
            )
            started += 1
    return started
