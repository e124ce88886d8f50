"""The event loop of a worker in which chats are answered: waiting for a model takes no thread, so
one worker has hundreds of answers under way."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Lock, Thread
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from asgiref.sync import ThreadSensitiveContext

from channels_deploy.answering.talking import talk
from common.database import ReturningExecutor

if TYPE_CHECKING:
    from uuid import UUID

logger = logging.getLogger(__name__)
# Chats that are answered at once, of all workspaces and of each; threads that wait for services
# meanwhile, one for each chat, so that nobody waits behind somebody else's slow address; and those
# that work on rows.
MOST, EACH = 200, 50
THREADS, ROW_THREADS = MOST, 6


class AnswerLoop:
    """Made by the first chat that is handed to it, in the process that answers."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = Lock()
        self._under_way: dict[UUID, asyncio.Task[None]] = {}
        self._again: set[UUID] = set()
        self._rows = ReturningExecutor(ROW_THREADS, thread_name_prefix="answers")
        self._places = asyncio.Semaphore(MOST)
        self._owners: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    def submit(self, chat_id: UUID, owner: str) -> None:
        """Have the chat answered soon; returns at once. ``owner`` is its workspace."""
        self._started().call_soon_threadsafe(self._take, chat_id, owner)

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._loop.set_default_executor(ThreadPoolExecutor(THREADS, "channels"))
                Thread(target=self._loop.run_forever, name="answers", daemon=True).start()
            return self._loop

    def _take(self, chat_id: UUID, owner: str) -> None:
        if chat_id in self._under_way:
            self._again.add(chat_id)
            return
        task = asyncio.ensure_future(self._talk(chat_id, owner))
        self._under_way[chat_id] = task
        task.add_done_callback(lambda _task: self._ended(chat_id, owner))

    async def _talk(self, chat_id: UUID, owner: str) -> None:
        share = self._owners.setdefault(owner, asyncio.Semaphore(EACH))
        async with share, self._places, ThreadSensitiveContext(executor=self._rows):
            try:
                await talk(chat_id)
            except Exception:  # a fault of ours: the sweep tries it again, and others go on
                logger.exception("a chat could not be answered")

    def _ended(self, chat_id: UUID, owner: str) -> None:
        del self._under_way[chat_id]
        if chat_id in self._again:
            self._again.discard(chat_id)
            self._take(chat_id, owner)


answers = AnswerLoop()
