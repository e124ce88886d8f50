"""How a point in time is written for clients."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


def rfc3339(at: datetime) -> str:
    """``at`` in UTC with milliseconds: ``2030-12-31T23:59:59.000Z``."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
