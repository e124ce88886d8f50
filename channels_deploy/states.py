"""How far each channel of a deployed entity is, in words and colours for the pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_deploy import channels
from channels_deploy.channel import Channel, Planned
from channels_deploy.health import health_of
from channels_deploy.models import Connection
from drafts.channel_changes import ChannelLimit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.utils.functional import _StrPromise

    from channels_deploy.channel import Limit
    from channels_deploy.health import Health

Status = Connection.Status
# Status: tone, icon.
LOOKS: Mapping[str, tuple[str, str]] = {
    Status.SUCCESS: ("green", "circle-check"),
    Status.PENDING: ("blue", "loader-circle"),
    Status.ERROR: ("red", "circle-alert"),
    Status.DISABLED: ("", "circle-pause"),
}


def limits(configs: Mapping[str, Mapping[str, Any]]) -> dict[str, ChannelLimit]:
    """The enabled channels that would do only a part of their work; see ``DraftType.limits``."""
    found = {name: channels.described(name).limit(config) for name, config in configs.items()}
    return {
        name: ChannelLimit(
            limit.words,
            idle=not limit.remedy,
            remedy=limit.remedy,
            path=channels.path_of(name, limit.field) if limit.field else "",
        )
        for name, limit in found.items()
        if limit
    }


@dataclass(frozen=True)
class ChannelState:
    """One channel as a page shows it; without a connection no release has asked for it."""

    channel: Channel | Planned
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
        if self.connection is None and isinstance(self.channel, Planned):
            return gettext_lazy("Not available yet"), "", "clock"
        if self.is_ill:
            return gettext_lazy("Needs attention"), "red", "circle-alert"
        if self.limit:
            return self.limit.words, "amber", "triangle-alert"
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
    def can_retry(self) -> bool:
        if self.status in {Status.ERROR, Status.PENDING}:
            return True
        return self.is_ill and self.health is not None and self.health.can_connect

    @property
    def can_be_examined(self) -> bool:
        return isinstance(self.channel, Channel) and self.status in {Status.SUCCESS, Status.ERROR}

    @property
    def sentence(self) -> str:
        """What there is to know: an error in the channel's own words, or where it answers."""
        if self.connection and self.connection.error:
            return self.connection.error
        if self.health and self.is_ill:
            return self.health.problems[0].found
        if isinstance(self.channel, Planned):
            return _("This version of PrivexBot cannot connect it yet.")
        if self.connection is None or not self.connection.enabled:
            return _("Switched off.")
        return self.channel.summary(self.connection)


def states(connections: Iterable[Connection]) -> list[ChannelState]:
    """The channels that are or were used, in the order in which channels are shown."""
    rows = channels.in_order(connections)
    return [ChannelState(channels.described(row.channel), row) for row in rows]


def all_states(connections: Iterable[Connection]) -> list[ChannelState]:
    """Every channel there is, used or not; then what is left of others."""
    used = {state.name: state for state in states(connections)}
    unused = {channel.name: ChannelState(channel, None) for channel in channels.CHANNELS}
    return list((unused | used).values())
