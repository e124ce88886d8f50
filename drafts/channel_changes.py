"""What a deploy does to channels, and what they do only a part of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ChannelLimit:
    """Why a channel that is on does only a part of its work (``words``), or none (``idle``);
    ``remedy`` says what to do about it, at ``path``. ``sentence`` says what ``words`` leave open.
    """

    words: str
    idle: bool = False
    remedy: str = ""
    path: str = ""
    sentence: str = ""


@dataclass(frozen=True)
class ChannelNow:
    """How a channel of what is live is: whether it is connected, and whether a person has switched
    it off, so that it stays off whatever is deployed."""

    is_connected: bool
    is_paused: bool = False


@dataclass(frozen=True)
class ChannelChange:
    """What deploying would do to one channel: ``register``, ``update``, ``remove`` or ``keep``.

    ``label`` is its name for people; ``reach`` says where one that goes live will be found, and
    ``note`` what is not plain from the action.
    """

    type: str
    action: str
    label: str
    limit: ChannelLimit | None = None
    reach: str = ""
    note: str = ""

    @property
    def goes_live(self) -> bool:
        """Whether it answers after the deploy as the draft says."""
        is_idle = self.limit is not None and self.limit.idle
        return self.action in ("register", "update") and not is_idle
