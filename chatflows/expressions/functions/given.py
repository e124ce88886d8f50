"""What functions are given, as they need it; raises ``UnfitError`` for what it cannot be."""

from __future__ import annotations

from typing import Any

from chatflows.expressions import values
from chatflows.expressions.values import UnfitError, as_number

# No place, length or count is further from zero.
FURTHEST = 10**9


def as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, (list, tuple)):
        return list(value)
    raise UnfitError(f"a list is needed, and this is {values.described(value)}")


def as_object(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    raise UnfitError(f"an object is needed, and this is {values.described(value)}")


def as_whole(value: Any) -> int:
    found = as_number(value)
    if found != found.to_integral_value() or abs(found) > FURTHEST:
        raise UnfitError(f"a whole number is needed, and this is {values.described(value)}")
    return int(found)
