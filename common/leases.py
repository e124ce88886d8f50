"""That one worker is at something and no other: a name in Redis, with a token of whoever has it.

It is kept for as long as the work goes on, however long one step of it takes: a server that embeds
may be waited for minutes. A worker that dies is followed by another one after ``SECONDS``.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from django_redis import get_redis_connection
from redis.exceptions import LockNotOwnedError, RedisError
from redis.lock import Lock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Without a sign of life for so many seconds somebody else may begin; signs of life come so often.
SECONDS = 30.0
EVERY = 5.0


class Lease:
    """What somebody has. It can be lost all the same, if Redis forgets it or the machine stands
    still: whoever goes on and on looks at ``is_mine`` in between."""

    def __init__(self, lock: Lock) -> None:
        self._lock = lock
        self._over = Event()
        self._lost = Event()
        self._keeper = Thread(target=self._keep, name=f"lease {lock.name}", daemon=True)
        self._keeper.start()

    @property
    def is_mine(self) -> bool:
        """False once it is known that somebody else may have it."""
        return not self._lost.is_set()

    def give_back(self) -> None:
        """Let others have it. Nothing happens to one that was lost."""
        self._over.set()
        self._keeper.join()
        with suppress(RedisError):  # then it runs out by itself
            self._lock.release()

    def _keep(self) -> None:
        while not self._over.wait(EVERY):
            try:
                self._lock.reacquire()
            except LockNotOwnedError:
                self._lost.set()
                return
            except RedisError:
                continue  # it may be there again before the time is over


@contextmanager
def lease(name: str) -> Iterator[Lease | None]:
    """Have what ``name`` stands for while the block runs; None where somebody else has it."""
    lock = Lock(_redis(), _key(name), timeout=SECONDS, thread_local=False)
    if not lock.acquire(blocking=False):
        yield None
        return
    mine = Lease(lock)
    try:
        yield mine
    finally:
        mine.give_back()


def is_taken(name: str) -> bool:
    """Whether somebody has it."""
    return bool(taken([name]))


def taken(names: Sequence[str]) -> set[str]:
    """Those of them that somebody has."""
    tokens = _redis().mget(map(_key, names)) if names else []
    return {name for name, token in zip(names, tokens, strict=True) if token is not None}


def forget_all() -> None:
    """Let everything be begun again at once: whoever was at something is known to be gone."""
    redis = _redis()
    for key in redis.scan_iter(_key("*")):
        redis.delete(key)


def _key(name: str) -> str:
    return f"lease:{name}"


def _redis() -> Any:
    return get_redis_connection("drafts")
