"""How much a value is once it is written. Pure.

A list may hold the same text a thousand times: that takes no room until somebody writes it out.
"""

from __future__ import annotations

from typing import Any

# What a number, a bracket or a pair of quotes come to, about.
LEAST_WEIGHT = 4


def weight_of(value: object, most: int) -> int:
    """About how many characters ``value`` has as JSON; beyond ``most`` it is not looked at on."""
    found, left = 0, [value]
    while left and found <= most:
        found += _own(each := left.pop())
        left += _held(each)
    return found


def _own(value: object) -> int:
    """What it weighs without what is in it, but with the places of that."""
    match value:
        case str():
            return len(value) + LEAST_WEIGHT
        case dict():
            return LEAST_WEIGHT * (len(value) + 1) + sum(map(len, value))
        case list() | tuple():
            return LEAST_WEIGHT + len(value)
    return LEAST_WEIGHT


def _held(value: object) -> Any:
    match value:
        case dict():
            return value.values()
        case list() | tuple():
            return value
    return ()
