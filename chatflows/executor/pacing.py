"""Runs whose expressions work much wait for one another: all together they take no more than half
of the process's time, however many there are, and whoever asks for little has the rest."""

from __future__ import annotations

import asyncio


class Pace:
    """When the next one of them may go on."""

    def __init__(self) -> None:
        self._free_at = 0.0

    async def after(self, seconds: float) -> None:
        """Rest for as long as one has worked, and for all who came before."""
        now = asyncio.get_running_loop().time()
        rest = max(self._free_at - now, 0.0) + seconds
        # The next one works meanwhile, and rests from there on.
        self._free_at = now + rest + seconds
        try:
            await asyncio.sleep(rest)
        except asyncio.CancelledError:
            # Who is called off does not work on, and nobody has to wait for that.
            self._free_at -= seconds
            raise


# Of this process.
PACE = Pace()
