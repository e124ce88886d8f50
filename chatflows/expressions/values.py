"""How values are compared, counted with and written: plain JSON, no matter what it came from.

A number may come as text, from a form or a model: where the other side is a number, a text that is
one counts as it. ``docs/expressions.md`` has the table.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal, DecimalException, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

from chatflows.expressions import effort
from chatflows.expressions.weight import LEAST_WEIGHT, weight_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Made = TypeVar("Made")
# Characters of a text that an expression makes, items of a list, and characters of all of them.
LONGEST_TEXT = 64 * 1024
LONGEST_LIST = 10_000
LARGEST_LIST = 1024 * 1024
# Up to here whole numbers are exact in JSON everywhere.
MOST_EXACT = 2**53
# Characters of a text that may be a number, and of one that an error shows.
LONGEST_NUMBER, LONGEST_SHOWN = 100, 40
_NUMBER = re.compile(
    r"\s*[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,2})?\s*", re.ASCII
)
# Levels that a writer of JSON takes, and how many of them what keeps a value may put around it.
MOST_LEVELS, ROOM_AROUND = 254, 100
# What weighs no more than so many empty brackets is not too deep for sure.
NEVER_DEEP = LEAST_WEIGHT * (MOST_LEVELS - ROOM_AROUND)
# As exact as money wants it; what has more digits is rounded, and nothing grows without end.
_ARITHMETIC = Context(prec=28, Emax=300, Emin=-300)


class Output(dict[str, Any]):
    """What a node gave. Its name alone, without a path, stands for what it has under ``main``."""

    __slots__ = ("main",)

    def __init__(self, given: Mapping[str, Any], main: str) -> None:
        super().__init__(given)
        self.main = main


class UnfitError(Exception):
    """A value is none that the operation can take; the message says what was found instead."""


def kind_of(value: object) -> str:
    """What people call a value like this one."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int() | float() | Decimal():
            return "a number"
        case str():
            return "a text"
        case list() | tuple():
            return "a list"
        case _:
            return "an object"


def as_number(value: object) -> Decimal:
    """``value`` as a number; raises ``UnfitError``."""
    if (number := _number(value)) is not None:
        return number
    raise UnfitError(f"a number is needed, and this is {described(value)}")


def described(value: object) -> str:
    """What a value is, and its beginning where that says more."""
    if isinstance(value, str):
        return f"the text {_short(value)!r}" if value else "an empty text"
    return kind_of(value)


def plain(number: Decimal) -> int | float:
    """A number as JSON has it: whole where it is whole."""
    is_whole = abs(number) < MOST_EXACT and number == number.to_integral_value()
    return int(number) if is_whole else float(number)


def as_text(value: object) -> str:
    """``value`` as it is written into a text: nothing as nothing, objects and lists as JSON."""
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            number = _number(value)
            return str(value if number is None else plain(number))
        case _:
            return as_json(value)


def as_json(value: object) -> str:
    """``value`` as JSON, the keys of its objects in order; raises ``UnfitError``."""
    effort.check()
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    except orjson.JSONEncodeError:
        raise UnfitError("the value is nested too deep") from None


def is_too_deep(value: object) -> bool:
    """Whether a value is nested so deep that it could not be kept with what is put around it."""
    for _level in range(ROOM_AROUND):
        value = [value]
    try:
        orjson.dumps(value, default=str)
    except orjson.JSONEncodeError:
        return True
    return False


def is_true(value: object) -> bool:
    """Whether a condition that comes to ``value`` holds: not for nothing, false, zero, an empty
    text, list or object, or the texts ``false``, ``no`` and ``0``, as models and forms say it."""
    if isinstance(value, str):
        return value.strip().lower() not in {"", "false", "no", "0"}
    return bool(value)


def are_equal(left: object, right: object) -> bool:
    """Whether two values are the same. A number equals the text that is it; nothing else is taken
    for something of another kind."""
    if isinstance(left, bool) or isinstance(right, bool) or left is None or right is None:
        return left is right
    if _is_number(left) or _is_number(right):
        one, other = _number(left), _number(right)
        return one is not None and one == other
    if isinstance(left, str) or isinstance(right, str):
        return left == right
    return as_json(left) == as_json(right)


def is_less(left: object, right: object) -> bool:
    """Whether ``left`` comes before ``right``: numbers by size, texts by their letters (days as
    ``2026-01-31`` too). Nothing is before nothing. Raises ``UnfitError`` for what has no order."""
    if left is None or right is None:
        return False
    one, other = _number(left), _number(right)
    if one is not None and other is not None:
        return one < other
    if isinstance(left, str) and isinstance(right, str):
        return left < right
    raise UnfitError(f"{described(left)} and {described(right)} have no order")


def is_in(item: object, container: object) -> bool:
    """Whether a list has ``item``, a text contains it, or an object has it as a key."""
    match container:
        case None:
            return False
        case str():
            return as_text(item) in container
        case list() | tuple():
            return any(are_equal(item, each) for each in container)
        case dict():
            return as_text(item) in container
    raise UnfitError(f"nothing can be in {kind_of(container)}")


def added(left: object, right: object) -> Any:
    """The sum of numbers; two lists one after the other; both as text, where either is one."""
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return bounded([*left, *right])
    if isinstance(left, str) or isinstance(right, str):
        return bounded(as_text(left) + as_text(right))
    return counted(_ARITHMETIC.add, left, right)


def subtracted(left: object, right: object) -> Any:
    return counted(_ARITHMETIC.subtract, left, right)


def multiplied(left: object, right: object) -> Any:
    return counted(_ARITHMETIC.multiply, left, right)


def divided(left: object, right: object) -> Any:
    return counted(_ARITHMETIC.divide, left, right)


def remainder(left: object, right: object) -> Any:
    return counted(_ARITHMETIC.remainder, left, right)


def counted(operation: Callable[..., Decimal], *operands: object) -> int | float:
    """What ``operation`` makes of numbers; raises ``UnfitError`` where they are none, or the result
    is none."""
    try:
        return plain(operation(*map(as_number, operands)))
    except (DecimalException, ZeroDivisionError, OverflowError):
        shown = " and ".join(as_text(plain(as_number(each))) for each in operands)
        raise UnfitError(f"there is no result for {shown}") from None


def bounded(value: Made) -> Made:
    """``value``, unless it is larger than an expression may make; raises ``UnfitError``."""
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise UnfitError(f"the text would be longer than {LONGEST_TEXT:,} characters")
    if isinstance(value, list) and len(value) > LONGEST_LIST:
        raise UnfitError(f"the list would be longer than {LONGEST_LIST:,} items")
    if isinstance(value, list) and weight_of(value, LARGEST_LIST) > LARGEST_LIST:
        raise UnfitError("the list would be larger than 1 MB")
    return value


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _number(value: object) -> Decimal | None:
    """``value`` as a number where it is one, or a text that is one."""
    if isinstance(value, str):
        return (
            _finite(value.strip())
            if len(value) < LONGEST_NUMBER and _NUMBER.fullmatch(value)
            else None
        )
    return _finite(str(value)) if _is_number(value) else None


def _finite(written: str) -> Decimal | None:
    effort.check()
    try:
        number = _ARITHMETIC.create_decimal(written)
    except (InvalidOperation, DecimalException):
        return None
    return number if number.is_finite() else None


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"
