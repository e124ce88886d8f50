"""The event loop of a worker in which chats are answered: waiting for a model takes no thread, so
one worker has hundreds of answers under way."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING

from asgiref.sync import ThreadSensitiveContext, sync_to_async

from channels_deploy import incoming
from channels_deploy.answering.claiming import claim
from channels_deploy.answering.talking import talk
from common.database import ReturningExecutor
from common.waking import heard

if TYPE_CHECKING:
    from uuid import UUID

    from channels_deploy.answering.claiming import Claimed
    from channels_deploy.answering.leases import Lease

logger = logging.getLogger(__name__)
# Chats that are answered at once, of all workspaces and of each; threads that wait for services
# meanwhile, one for each chat, so that nobody waits behind somebody else's slow address; and those
# that work on rows, most of the time waiting for a disk: a worker's tasks have as many connections
# to the database left as there are threads for them.
MOST, EACH = 200, 50
THREADS, ROW_THREADS = MOST, 16
# Seconds from one look for chats to the next at least, so that what comes in many calls is found by
# one, and at most; in between so many times what the look took: where very much waits, looking is
# not most of the work. And those after a look that failed.
LULL, LONGEST_LULL, TIMES, REST = 0.02, 0.2, 3, 5.0


class AnswerLoop:
    """Made by the first call that a worker hears. It looks for chats when it is told to, and when
    it has a place again of which it was short; nothing is remembered of what it has no place for,
    since that stands in rows."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = Lock()
        self._called = asyncio.Event()
        self._under_way: dict[asyncio.Task[bool], UUID] = {}
        self._is_short = False
        self._rows = ReturningExecutor(ROW_THREADS, thread_name_prefix="answers")

    def look(self) -> None:
        """Have what waits answered soon; returns at once."""
        self._started().call_soon_threadsafe(self._called.set)

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._loop.set_default_executor(ThreadPoolExecutor(THREADS, "channels"))
                asyncio.run_coroutine_threadsafe(self._run(), self._loop)
                Thread(target=self._loop.run_forever, name="answers", daemon=True).start()
            return self._loop

    async def _run(self) -> None:
        while True:
            await self._called.wait()
            self._called.clear()
            began = monotonic()
            try:
                await self._look()
            except Exception:  # such as a database that is away
                logger.exception("chats could not be looked for")
                self._called.set()
                await asyncio.sleep(REST)
            took = monotonic() - began
            await asyncio.sleep(min(max(LULL, TIMES * took), LONGEST_LULL))

    async def _look(self) -> None:
        busy = Counter(self._under_way.values())
        places = MOST - busy.total()
        if not places:
            self._is_short = True
            return
        async with ThreadSensitiveContext(executor=self._rows):
            leases, all_taken = await sync_to_async(_claimed)(places, busy)
        for lease in leases:
            task = asyncio.ensure_future(self._talk(lease))
            self._under_way[task] = lease.owner
            task.add_done_callback(self._ended)
        busy.update(lease.owner for lease in leases)
        self._is_short = all_taken or max(busy.values(), default=0) >= EACH
        if all_taken and not self._under_way:  # in none of them anything could be done
            self._called.set()

    async def _talk(self, lease: Lease) -> bool:
        async with ThreadSensitiveContext(executor=self._rows):
            try:
                return await talk(lease)
            except Exception:  # a fault of ours: the sweep tries it again, and others go on
                logger.exception("a chat could not be answered")
                return False

    def _ended(self, task: asyncio.Task[bool]) -> None:
        del self._under_way[task]
        if self._is_short or (not task.cancelled() and task.result()):
            self._called.set()


def _claimed(places: int, busy: Counter[UUID]) -> Claimed:
    heard(incoming.TASK)  # before the look: what comes after it calls anew
    return claim(places, EACH, busy)


answers = AnswerLoop()
