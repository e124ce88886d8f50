"""When what was not taken is sent again, and how long a receiver that fails is left alone."""

from __future__ import annotations

import random
from datetime import timedelta

# After each attempt that failed: as Standard Webhooks recommends it, three days in all.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
MOST_ATTEMPTS = len(WAITS) + 1
# So much of a wait is added at random, so that what failed together does not come back together.
JITTER = 0.2
# A receiver that fails is asked by one event at a time, and no more often than this.
LONGEST_HOLD = timedelta(minutes=1)
LONGEST_ASKED_FOR = timedelta(hours=1)
# When nothing was taken for so long, nothing more is sent.
GIVEN_UP_AFTER = timedelta(days=5)


def wait_after(attempts: int, retry_after: int | None = None) -> timedelta | None:
    """How long to wait after so many attempts; None when that was the last."""
    if attempts > len(WAITS):
        return None
    wait = WAITS[max(attempts, 1) - 1] * (1 + JITTER * random.random())  # noqa: S311 (no secret)
    return max(wait, timedelta(seconds=retry_after or 0))


def hold_after(failures: int, retry_after: int | None = None) -> timedelta:
    """How long nothing is sent to a receiver that has failed so many times in a row."""
    own = min(timedelta(seconds=2 ** min(failures, 10)), LONGEST_HOLD)
    asked = min(timedelta(seconds=retry_after or 0), LONGEST_ASKED_FOR)
    return max(own, asked)
