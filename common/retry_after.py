"""For how long another server asks to be left alone."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from common.numbers import whole_number

DAY = 24 * 3600


def seconds(retry_after: str) -> int | None:
    """A ``Retry-After`` header as seconds from now, a day at the most; None for other texts."""
    number = whole_number(retry_after)
    if number is None:
        try:
            at = parsedate_to_datetime(retry_after)
        except (ValueError, OverflowError):
            return None
        if not at.tzinfo:
            return None
        number = int((at - datetime.now(UTC)).total_seconds())
    return min(max(0, number), DAY)
