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
) -> tuple[ChannelChange, ...]:
    """What happens to every channel that is or would be on; ``now`` says how each of them is."""
    live = draft_type.channels(old) if old else {}
    coming, limits = draft_type.channels(new), draft_type.limits(new)
    found = (
        _One(draft_type, name, live.get(name), coming.get(name), now.get(name), limits.get(name))
        for name in {**live, **coming}
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

    def change(self) -> ChannelChange:
        action, note = self._action()
        is_new = action == "register" and self.coming is not None
        return ChannelChange(
            self.name,
            action,
            self.draft_type.channel_label(self.name),
            self.limit,
            self.draft_type.channel_reach(self.name, self.coming or {}) if is_new else "",
            note,
        )

    def _action(self) -> tuple[str, str]:
        is_paused = self.now is not None and self.now.is_paused
        if self.coming is None:
            return "remove", _("It is switched off by hand already.") if is_paused else ""
        if is_paused:
            return "keep", _("It stays off: it was switched off by hand.")
        if self.live is None:
            return "register", ""
        if self.live != self.coming:
            return "update", self.draft_type.reconnection(self.name, self.live, self.coming)
        if self.now is None or self.now.is_connected or (self.limit and self.limit.idle):
            return "keep", ""
        return "register", _("It is not connected yet, and is tried again.")
