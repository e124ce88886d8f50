"""What a provider says it counted, as numbers that can be added up."""

from __future__ import annotations

# More than any model reads or writes at once, and a sum of many still fits 64 bits.
MOST = 2**31 - 1


def token_count(value: object) -> int | None:
    """``value`` if it is a believable number of tokens, else None."""
    believable = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST
    return value if believable else None  # type: ignore[return-value]
