"""What deploying would do to each channel, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from drafts.channel_changes import ChannelChange

if TYPE_CHECKING:
    from collections.abc import Mapping

    from common.schema import Schema
    from drafts.channel_changes import ChannelLimit, ChannelNow
    from drafts.types import DraftType

    Config = Mapping[str, Any]


def channel_changes(
    draft_type: DraftType[Any],
    old: Schema | None,
    new: Schema,
    now: Mapping[str, ChannelNow],
    obstacles: Mapping[str, ChannelLimit],
) -> tuple[ChannelChange, ...]:
    """What happens to every channel that is or would be on, in the order in which the kind shows
    them; ``now`` says how each of them is, ``obstacles`` what is known to keep some from it."""
    live = draft_type.channels(old) if old else {}
    coming, limits = draft_type.channels(new), draft_type.limits(new)
    beside = draft_type.beside_channels(old, new) if old else {}
    found = (
        _One(
            draft_type,
            name,
            live.get(name),
            coming.get(name),
            now.get(name),
            limits.get(name),
            obstacles.get(name),
            beside.get(name, ""),
        )
        for name in draft_type.channels_in_order({**live, **coming})
    )
    return tuple(one.change() for one in found)


@dataclass(frozen=True)
class _One:
    """A channel with its settings as they are live, and as they would be."""

    draft_type: DraftType[Any]
    name: str
    live: Config | None
    coming: Config | None
    now: ChannelNow | None
    limit: ChannelLimit | None
    obstacle: ChannelLimit | None
    beside: str

    def change(self) -> ChannelChange:
        action, note = self._action()
        limit = self.limit
        if self.obstacle and self._is_connected_by(action):
            limit = limit or self.obstacle
            note = self.obstacle.sentence
        is_new = action == "register" and self.coming is not None
        return ChannelChange(
            self.name,
            action,
            self.draft_type.channel_label(self.name),
            limit,
            self.draft_type.channel_reach(self.name, self.coming or {}) if is_new else "",
            note,
        )

    def _is_connected_by(self, action: str) -> bool:
        """Whether the deploy would have it on at its service."""
        return action != "remove" and not (self.now is not None and self.now.is_paused)

    def _action(self) -> tuple[str, str]:
        is_paused = self.now is not None and self.now.is_paused
        if self.coming is None:
            return "remove", _("It is switched off by hand already.") if is_paused else ""
        if is_paused:
            return "keep", _("It stays off: it was switched off by hand.")
        if self.live is None:
            return "register", ""
        if self.live != self.coming:
            again = self.draft_type.reconnection(self.name, self.live, self.coming)
            return "update", again or self.beside
        if self.now is None or self.now.is_connected or (self.limit and self.limit.idle):
            return "update" if self.beside else "keep", self.beside
        return "register", _("It is not connected yet, and is tried again.")
