"""How far each channel of a deployed entity is, in words and colours for the pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_deploy import channels
from channels_deploy.channel import Channel, Unlisted
from channels_deploy.credentials import as_uuid
from channels_deploy.facts import facts_of
from channels_deploy.health import health_of
from channels_deploy.models import Connection
from workspaces.models import Credential

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from channels_deploy.channel import Limit
    from channels_deploy.facts import Fact
    from channels_deploy.health import Health

Status = Connection.Status
# Status: tone, icon.
LOOKS: Mapping[str, tuple[str, str]] = {
    Status.SUCCESS: ("green", "circle-check"),
    Status.PENDING: ("blue", "loader-circle"),
    Status.ERROR: ("red", "circle-alert"),
    Status.DISABLED: ("", "circle-pause"),
}

# What is said of one that is being taken back, or could not be.
_OFF = {Status.PENDING: gettext_lazy("Switching off"), Status.ERROR: gettext_lazy("Not withdrawn")}
_LEAVING = {Status.PENDING: gettext_lazy("Being removed")}


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

    @property
    def _look(self) -> tuple[str | _StrPromise, str, str]:
        if self.is_ill:
            return gettext_lazy("Needs attention"), "red", "circle-alert"
        if self.limit:
            return self.limit.words, "amber", "triangle-alert"
        if self.connection and not self.connection.enabled:
            words = _OFF.get(self.status, self.status.label)
            if self.connection.leaving:
                words = _LEAVING.get(self.status, words)
            return words, *LOOKS[self.status]
        return self.status.label, *LOOKS[self.status]

    @property
    def status_words(self) -> str:
        return str(self._look[0])

    @property
    def words(self) -> str:
        """For a narrow place: the channel's name, and its status unless it is simply live."""
        short = str(self.channel.short)
        plain = self.status == Status.SUCCESS and not self.limit and not self.is_ill
        return short if plain else f"{short}: {self.status_words}"

    @property
    def tone(self) -> str:
        return self._look[1]

    @property
    def icon(self) -> str:
        return self._look[2]

    @property
    def is_pending(self) -> bool:
        return self.status == Status.PENDING

    @property
    def has_failed(self) -> bool:
        """Whether it needs somebody: it is not tried again by itself."""
        return self.status == Status.ERROR

    @property
    def can_retry(self) -> bool:
        if self.health and self.is_ill:
            return self.health.can_connect
        return self.has_failed or (self.is_pending and self.next_attempt_at is not None)

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
        """The place of its settings in a draft, that of its credential where it has one."""
        return channels.path_of(self.name, self.channel.credential_field)

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
        if row is None or not row.enabled:
            return self._why_off
        if self.is_pending:
            return _("Being connected. What comes of it appears here.")
        return self._known.summary(row)

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
