"""Functions of numbers."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from chatflows.expressions import values
from chatflows.expressions.functions.function import function
from chatflows.expressions.functions.given import as_list, as_whole
from chatflows.expressions.values import UnfitError

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_DIGITS = 10


@function("round(2.345, 2)", "To so many digits after the point, halves away from zero.")
def round_(number: Any, digits: Any = 0) -> int | float:
    places = as_whole(digits)
    if not 0 <= places <= MOST_DIGITS:
        raise UnfitError(f"digits go from 0 to {MOST_DIGITS}")
    step = Decimal(1).scaleb(-places)
    return values.counted(lambda n: n.quantize(step, ROUND_HALF_UP), number)


@function("abs(-1)", "Without its sign.")
def abs_(number: Any) -> int | float:
    return values.counted(abs, number)


@function("sum([1, 2])", "All numbers of a list together.")
def sum_(items: Any) -> int | float:
    return values.counted(lambda *all_: sum(all_, Decimal(0)), *as_list(items))


@function("min(3, 1)", "The least of several numbers, or of a list of them.")
def min_(*numbers: Any) -> Any:
    return values.counted(lambda *all_: min(all_), *_several(numbers))


@function("max(3, 1)", "The greatest of several numbers, or of a list of them.")
def max_(*numbers: Any) -> Any:
    return values.counted(lambda *all_: max(all_), *_several(numbers))


def _several(given: Iterable[Any]) -> list[Any]:
    """The values of a function that takes them one by one or as a list."""
    found = [each for one in given for each in (one if isinstance(one, (list, tuple)) else [one])]
    if not found:
        raise UnfitError("at least one number is needed")
    return found
