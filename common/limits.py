"""How often something may be done: sliding windows, counted in the cache's Redis.

Fails closed: what is limited is worth guarding, so nothing is done while nobody can count.
"""

from __future__ import annotations

import logging
import math
import time
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django_redis import get_redis_connection
from limits.errors import StorageError
from limits.storage import RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from common.problems import too_many, unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from limits import RateLimitItem

    from common.problems import Problem

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limit:
    """So many of something, counted under ``key``; ``detail`` says it to the person."""

    item: RateLimitItem
    key: tuple[str, ...]
    detail: str = ""

    def wait(self) -> int:
        """Count one use; 0 when it is allowed, else the seconds to wait. Synchronous.

        Raises ``Problem`` 503 when the counter is away.
        """
        try:
            if _limiter().hit(self.item, *self.key):
                return 0
            return self._seconds_left()
        except StorageError as error:
            raise _away(error) from error

    def wait_now(self) -> int:
        """As ``wait``, without counting a use."""
        try:
            return 0 if _limiter().test(self.item, *self.key) else self._seconds_left()
        except StorageError as error:
            raise _away(error) from error

    def _seconds_left(self) -> int:
        reset_at, _remaining = _limiter().get_window_stats(self.item, *self.key)
        return max(1, round(reset_at - time.time()))

    def reached(self, wait: int) -> Problem:
        """What to tell whoever has to ``wait`` for so many seconds."""
        detail = self.detail or _("That was too often.")
        return too_many(f"{detail} {again(wait)}", retry_after=wait)


def count(limits: Iterable[Limit]) -> None:
    """Count one use against each; raises ``Problem`` 429 for the first that is reached, 503 when
    the counter is away. Synchronous."""
    for limit in limits:
        if wait := limit.wait():
            raise limit.reached(wait)


def refuse_reached(limits: Iterable[Limit]) -> None:
    """As ``count``, without counting a use."""
    for limit in limits:
        if wait := limit.wait_now():
            raise limit.reached(wait)


def _away(error: StorageError) -> Problem:
    logger.warning("the rate limits' store did not answer: %s", error)
    return unavailable(_("Nothing was done. Try again in a moment."))


def again(wait: int) -> str:
    """When to try again, in the unit in which people would say it."""
    for size, words in _UNITS:
        if wait > 2 * size:
            return words() % {"number": math.ceil(wait / size)}
    return _("Try again in %(number)s seconds.") % {"number": wait}


_UNITS: tuple[tuple[int, Callable[[], str]], ...] = (
    (3600, lambda: _("Try again in %(number)s hours.")),
    (60, lambda: _("Try again in %(number)s minutes.")),
)


@cache
def _limiter() -> SlidingWindowCounterRateLimiter:
    pool = get_redis_connection("default").connection_pool
    storage = RedisStorage(
        "redis://cache", connection_pool=pool, key_prefix="limit", wrap_exceptions=True
    )
    return SlidingWindowCounterRateLimiter(storage)
