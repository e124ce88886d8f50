"""Functions of the time."""

from __future__ import annotations

from datetime import UTC, datetime

from chatflows.expressions.functions.function import function


@function("now()", "The moment, as 2026-01-31T12:00:00Z.")
def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@function("today()", "The day (UTC), as 2026-01-31.")
def today() -> str:
    return datetime.now(UTC).date().isoformat()
