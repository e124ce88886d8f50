"""A bar for each day, as numbers that a template draws as SVG. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

WIDTH, HEIGHT = 720, 160
GAP = 0.25


@dataclass(frozen=True)
class Bar:
    """A rectangle in the chart's own units, and what it stands for."""

    date: date
    value: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Chart:
    """``most`` is the largest value, ``top`` the round one of the upper line."""

    bars: list[Bar]
    most: int
    top: int
    width: int = WIDTH
    height: int = HEIGHT


def bars(values: Sequence[tuple[date, int]]) -> Chart:
    most = max((value for _, value in values), default=0)
    top, step = round_up(most), WIDTH / max(1, len(values))
    return Chart([_bar(n * step, step, top, *each) for n, each in enumerate(values)], most, top)


def _bar(x: float, step: float, top: int, day: date, value: int) -> Bar:
    height = HEIGHT * value / top
    gap = step * GAP
    return Bar(
        day, value, round(x + gap / 2, 2), round(HEIGHT - height, 2),
        round(step - gap, 2), round(height, 2),
    )  # fmt: skip


def round_up(value: int) -> int:
    """A round number that is not less: 1, 2 or 5 times a power of ten."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if value <= factor * size:
                return factor * size
        size *= 10
