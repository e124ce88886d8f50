"""What values weigh, against what it says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chatflows.expressions.values import MOST_LEVELS, NEVER_DEEP, is_too_deep
from chatflows.expressions.weight import weight_of

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    "around", [lambda held: [held], lambda held: {"": held}], ids=["list", "object"]
)
def test_what_is_too_deep_is_never_light(around: Callable[[Any], Any]) -> None:
    value: Any = 0
    deep = []
    for _level in range(MOST_LEVELS):
        value = around(value)
        if is_too_deep(value):
            deep.append(weight_of(value, 10**6))
    assert deep
    assert min(deep) > NEVER_DEEP
