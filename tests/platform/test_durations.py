"""How long something took, in words. The script says the same, for the same numbers."""

from __future__ import annotations

import pytest

from common.durations import duration


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (0, "0 ms"),
        (80.4, "80 ms"),
        (999, "999 ms"),
        (1000, "1 s"),
        (1249, "1.2 s"),
        (1250, "1.3 s"),
        (59_900, "59.9 s"),
        (90_000, "1.5 min"),
    ],
)
def test_it_is_told_in_the_largest_unit_that_fits(ms: float, words: str) -> None:
    assert duration(ms) == words
