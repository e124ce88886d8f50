"""How much a value is once it is written. Pure.

A list may hold the same text a thousand times: that takes no room until somebody writes it out.
"""

from __future__ import annotations

from typing import Any

# What a number, a bracket or a pair of quotes come to, about.
LEAST_WEIGHT = 4
_PLAIN = frozenset({int, float, bool, type(None)})
# Items from which on it is worth while to look first what kinds there are.
_MANY = 16


def weight_of(value: object, most: int) -> int:
    """About how many characters ``value`` has as JSON; beyond ``most`` it is not looked at on."""
    found: int = 0
    left: list[Any] = [value]
    # All that a run is given is weighed, and meanwhile nothing else goes on in the process: so it
    # is one loop, and long lists of numbers or texts are not gone through one by one.
    while left and found <= most:
        each = left.pop()
        if isinstance(each, str):
            found += len(each) + LEAST_WEIGHT
        elif isinstance(each, dict):
            found += LEAST_WEIGHT * (len(each) + 1) + sum(map(len, each))
            left += each.values()
        elif isinstance(each, (list, tuple)):
            found += len(each) + LEAST_WEIGHT
            kinds = set(map(type, each)) if len(each) >= _MANY else None
            if kinds and kinds <= _PLAIN:
                found += LEAST_WEIGHT * len(each)
            elif kinds == {str}:
                found += LEAST_WEIGHT * len(each) + sum(map(len, each))
            else:
                left += each
        else:
            found += LEAST_WEIGHT
    return found
