"""How far each channel of a deployed entity is, in words and colours for the pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from channels_deploy import channels
from channels_deploy.channel import Channel, Unlisted
from channels_deploy.credentials import as_uuid
from channels_deploy.facts import facts_of
from channels_deploy.health import health_of
from channels_deploy.looks import look
from channels_deploy.models import Connection
from workspaces.models import Credential

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from channels_deploy.channel import Limit
    from channels_deploy.facts import Fact
    from channels_deploy.health import Health
    from channels_deploy.looks import Look

Status = Connection.Status


@dataclass(frozen=True)
class ChannelState:
    """One channel as a page shows it; without a connection no release has asked for it."""

    channel: Channel | Unlisted
    connection: Connection | None

    @property
    def name(self) -> str:
        return self.channel.name

    @property
    def label(self) -> str:
        return str(self.channel.label)

    @property
    def symbol(self) -> str:
        return self.channel.icon

    @property
    def status(self) -> Status:
        return Status(self.connection.status) if self.connection else Status.DISABLED

    @property
    def limit(self) -> Limit | None:
        """What keeps a live channel from doing all of its work."""
        if self.connection is None or self.status != Status.SUCCESS:
            return None
        return self.channel.limit(self.connection.config)

    @cached_property
    def health(self) -> Health | None:
        """What was found when it was last looked at, if that still holds."""
        return health_of(self.connection) if self.connection else None

    @property
    def is_ill(self) -> bool:
        """Whether a live channel was found not to do its work."""
        return self.status == Status.SUCCESS and self.health is not None and self.health.is_bad

    @cached_property
    def _look(self) -> Look:
        return look(self)

    @property
    def status_words(self) -> str:
        return str(self._look.words)

    @property
    def words(self) -> str:
        """For a narrow place: the channel's name, and its status unless it is simply live."""
        short = str(self.channel.short)
        plain = self.status == Status.SUCCESS and not self.limit and not self.is_ill
        return short if plain else f"{short}: {self.status_words}"

    @property
    def tone(self) -> str:
        return self._look.tone

    @property
    def icon(self) -> str:
        return self._look.icon

    @property
    def is_pending(self) -> bool:
        return self.status == Status.PENDING

    @property
    def is_being_done(self) -> bool:
        """Whether somebody is at it, or was when a crash came."""
        return self.is_pending and self.attempts > 0 and self.next_attempt_at is None

    @property
    def has_failed(self) -> bool:
        """Whether it needs somebody: it is not tried again by itself."""
        return self.status == Status.ERROR

    @property
    def can_retry(self) -> bool:
        if self.health and self.is_ill:
            return self.health.can_connect
        if self.lacks_credential:
            return False
        return self.has_failed or (self.is_pending and self.next_attempt_at is not None)

    @property
    def lacks_credential(self) -> bool:
        """Whether it has failed and cannot but fail again until a credential is chosen."""
        row, field = self.connection, self.channel.credential_field
        return self.has_failed and bool(row and row.enabled and field and not self.credential)

    @property
    def can_be_examined(self) -> bool:
        """Whether there is something to look at: it is on, and not being connected."""
        row = self.connection
        is_on = row is not None and row.enabled and not self.is_pending
        return is_on and self._known is not None

    @property
    def can_disable(self) -> bool:
        return self.connection is not None and self.connection.enabled and self._known is not None

    @property
    def can_enable(self) -> bool:
        return self.connection is not None and self.connection.paused

    @property
    def can_remove(self) -> bool:
        return self.connection is not None and (not self.connection.leaving or self.has_failed)

    @property
    def next_attempt_at(self) -> datetime | None:
        return self.connection.next_attempt_at if self.connection else None

    @property
    def attempts(self) -> int:
        return self.connection.attempts if self.connection else 0

    @property
    def _known(self) -> Channel | None:
        return self.channel if isinstance(self.channel, Channel) else None

    @property
    def facts(self) -> list[Fact]:
        """What it is known by at its service, once it is live."""
        if self.connection is None or self._known is None or self.status != Status.SUCCESS:
            return []
        return facts_of(self._known, self.connection)

    @property
    def address(self) -> str:
        """Where people open it, once it is live."""
        if self.connection is None or self._known is None or self.status != Status.SUCCESS:
            return ""
        return self._known.address(self.connection)

    @property
    def opens(self) -> str:
        """What the link to the ``address`` says."""
        return str(self._known.opens) if self._known else ""

    @property
    def embed_code(self) -> str:
        """The tags for a page, of a live channel that has some."""
        if self.connection is None or self._known is None or self.status != Status.SUCCESS:
            return ""
        return str(self._known.result(self.connection).get("embed_code", ""))

    @cached_property
    def credential(self) -> Credential | None:
        """The credential that it is made with, where there is one."""
        row = self.connection
        if row is None or row.entity is None:
            return None
        chosen = as_uuid(row.config.get(self.channel.credential_field))
        if chosen is None:
            return None
        return Credential.objects.filter(workspace=row.entity.workspace_id, pk=chosen).first()

    @property
    def settings_path(self) -> str:
        """The place of its settings in a draft, that of its credential where it has one; of one
        that was never on, the place where it is switched on."""
        return channels.path_of(self.name, self.channel.credential_field if self.connection else "")

    @property
    def is_bad(self) -> bool:
        """Whether the sentence tells of a failure."""
        return self.is_ill or bool(self.connection and self.connection.error)

    @property
    def sentence(self) -> str:
        """What there is to know: an error in the channel's own words, or where it answers."""
        row = self.connection
        if row and row.error:
            return row.error
        if self.health and self.is_ill:
            return self.health.problems[0].found
        if self._known is None:
            return _("This version of PrivexBot cannot connect it yet.")
        if row is None:
            return str(self._known.help)
        if row.enabled and not self.is_pending:
            return self._known.summary(row)
        return self._on_the_way if row.enabled else self._why_off

    @property
    def _on_the_way(self) -> str:
        if self.is_being_done:
            return _("Being connected. What comes of it appears here.")
        return _("Waiting for its turn. What comes of it appears here.")

    @property
    def _why_off(self) -> str:
        if self.is_pending:
            return _("Being withdrawn, so that nothing comes from it any more.")
        if self.can_enable:
            return _("Switched off by hand. It stays off, whatever is deployed.")
        return _("Switched off.")


def states(connections: Iterable[Connection]) -> list[ChannelState]:
    """The channels that are or were used, in the order in which channels are shown."""
    rows = channels.in_order(connections)
    return [ChannelState(channels.described(row.channel), row) for row in rows]


def all_states(connections: Iterable[Connection]) -> list[ChannelState]:
    """Every channel there is, used or not; then what is left of others."""
    used = {state.name: state for state in states(connections)}
    unused = {channel.name: ChannelState(channel, None) for channel in channels.CHANNELS}
    return list((unused | used).values())
