"""Shows that an answer is being given, and what has been said so far, and never holds it up."""

from __future__ import annotations

import asyncio
import math
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from channels_deploy.channel import ChannelError
from channels_deploy.messenger import UnclearError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# Seconds between two looks, and until whoever waits is told that there will be an answer, which is
# of no use before one that comes sooner.
EVERY = MOMENT = 1.0


class Beginning:
    """``begin`` is called on a thread once nothing was said for a moment, or ``at_once``."""

    def __init__(self, begin: Callable[[], None], *, at_once: bool) -> None:
        self._begin = begin
        self._begun: asyncio.Future[None] | None = None
        self._due: asyncio.TimerHandle | None = None
        if at_once:
            self._show()
        else:
            self._due = asyncio.get_running_loop().call_later(MOMENT, self._show)

    async def end(self) -> None:
        """Return when nothing is being shown any more, so that what follows stays."""
        if self._due is not None:
            self._due.cancel()
        if self._begun is not None:
            await self._begun

    def _show(self) -> None:
        self._begun = asyncio.ensure_future(self._shown())

    async def _shown(self) -> None:
        with suppress(ChannelError, UnclearError):
            await asyncio.to_thread(self._begin)


class Progress:
    """``show`` is given a text about once a second, less often where the service asks for that, one
    after the other, and not any more once there is no room or the service refuses. It may be
    None."""

    def __init__(self, show: Callable[[str], bool] | None) -> None:
        self._show = show
        self._next = time.monotonic() + EVERY
        self._showing: asyncio.Future[None] | None = None

    def of(self, said: Sequence[str]) -> None:
        """Show the pieces that were ``said``, if it is time for it; returns at once."""
        busy = self._showing is not None and not self._showing.done()
        if self._show and not busy and time.monotonic() > self._next:
            self._showing = asyncio.ensure_future(self._shown(self._show, "".join(said)))

    async def end(self) -> None:
        """Return when nothing is being shown any more, so that what follows stays."""
        if self._showing is not None:
            await self._showing

    async def _shown(self, show: Callable[[str], bool], so_far: str) -> None:
        wait = EVERY
        try:
            if not await asyncio.to_thread(show, so_far):
                wait = math.inf
        except UnclearError:
            pass
        except ChannelError as error:
            wait = math.inf if error.permanent else max(EVERY, error.retry_after or 0)
        self._next = time.monotonic() + wait
