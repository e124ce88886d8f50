"""Looking up names that somebody in a workspace typed, on threads of their own: a name whose server
never answers holds a thread for many seconds, and nothing else of the process waits for it."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    LookUp = Callable[[str, int], list[Any]]

# At the same time: in all, and of names below one domain, whose owner decides how long they take.
THREADS, MOST_OF_DOMAIN = 32, 8
# Threads of callers that wait at the same time.
MOST_WAITING = 4


class BusyError(OSError):
    """Too many names of one domain are being looked up."""


def _found(host: str, port: int) -> list[Any]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


class NameLookups:
    """``look_up`` gives what ``socket.getaddrinfo`` does."""

    def __init__(self, look_up: LookUp = _found) -> None:
        self._look_up = look_up
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="names")
        self._running: Counter[str] = Counter()
        self._lock = Lock()
        self._waiting = BoundedSemaphore(MOST_WAITING)

    async def infos(self, host: str, port: int, timeout: float | None) -> list[Any]:
        """Raises ``OSError`` or ``UnicodeError``; ``TimeoutError`` where it takes too long, though
        its thread waits on."""
        loop = asyncio.get_running_loop()
        looking = self._begun(host, port)
        async with asyncio.timeout(timeout):
            return await asyncio.wrap_future(looking, loop=loop)

    def infos_at_once(self, host: str, port: int, timeout: float) -> list[Any]:
        """The same for callers whose thread waits. ``BusyError`` where enough of them do: a thread
        that answers requests is worth more than what a name leads to."""
        if not self._waiting.acquire(blocking=False):
            raise BusyError("too many wait for a name")
        try:
            return self._begun(host, port).result(timeout)
        finally:
            self._waiting.release()

    def _begun(self, host: str, port: int) -> Future[list[Any]]:
        domain = _domain(host)
        with self._lock:
            if self._running[domain] >= MOST_OF_DOMAIN:
                raise BusyError(f"{domain} is being looked up too often")
            self._running[domain] += 1
        looking = self._threads.submit(self._look_up, host, port)
        looking.add_done_callback(lambda _done: self._ended(domain))
        return looking

    def _ended(self, domain: str) -> None:
        with self._lock:
            self._running[domain] -= 1
            if not self._running[domain]:
                del self._running[domain]


def _domain(host: str) -> str:
    """What the last two labels of a name are; near enough to whose it is."""
    return ".".join(host.lower().rstrip(".").split(".")[-2:])
