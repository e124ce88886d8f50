"""Bars and lines by day, as numbers that a template draws as SVG. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

WIDTH, HEIGHT = 720, 160
GAP = 0.25


@dataclass(frozen=True)
class Bar:
    """A rectangle in the chart's own units, and what it stands for. ``series`` counts from 1."""

    date: date
    value: int
    x: float
    y: float
    width: float
    height: float
    series: int = 1


@dataclass(frozen=True)
class Line:
    """``points`` as SVG wants them: a part of the line of a ``series`` in which no day is left
    out."""

    points: str
    series: int = 1


@dataclass(frozen=True)
class Chart:
    """``most`` is the largest value of a day, ``top`` the round one of the upper line."""

    dates: Sequence[date]
    most: float
    top: int
    bars: Sequence[Bar] = ()
    lines: Sequence[Line] = ()
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def is_drawn(self) -> bool:
        """Whether there is anything to see."""
        return bool(self.bars or self.lines)

    @property
    def first(self) -> date:
        return self.dates[0]

    @property
    def last(self) -> date:
        return self.dates[-1]


def bars(dates: Sequence[date], *series: Sequence[int]) -> Chart:
    """A bar for each day, of as many parts as there are ``series``, the first at the bottom."""
    most = max((sum(parts) for parts in zip(*series, strict=True)), default=0)
    top, step = round_up(most), WIDTH / max(1, len(dates))
    drawn = [
        each
        for n, (day, *parts) in enumerate(zip(dates, *series, strict=True))
        for each in _stack(n * step, step, top, day, parts)
    ]
    return Chart(dates, most, top, bars=drawn)


def lines(dates: Sequence[date], *series: Sequence[float | None]) -> Chart:
    """A line for each of the ``series``, broken off where a day has no value."""
    known = [value for values in series for value in values if value is not None]
    most = max(known, default=0)
    top = round_up(most)
    drawn = [
        Line(points, number)
        for number, values in enumerate(series, 1)
        for points in _parts(values, top)
    ]
    return Chart(dates, most, top, lines=drawn)


def _stack(x: float, step: float, top: int, day: date, parts: Sequence[int]) -> Iterator[Bar]:
    gap, below = step * GAP, 0.0
    for number, value in enumerate(parts, 1):
        if not value:
            continue
        height = HEIGHT * value / top
        yield Bar(
            day, value, round(x + gap / 2, 2), round(HEIGHT - below - height, 2),
            round(step - gap, 2), round(height, 2), number,
        )  # fmt: skip
        below += height


def _parts(values: Sequence[float | None], top: int) -> Iterator[str]:
    step = WIDTH / max(1, len(values))
    for is_known, run in groupby(enumerate(values), key=lambda each: each[1] is not None):
        if is_known:
            points = [
                (round((n + 0.5) * step, 2), round(HEIGHT - HEIGHT * (value or 0) / top, 2))
                for n, value in run
            ]
            # A day alone is as wide as a bar would be.
            if len(points) == 1:
                (x, y), half = points[0], step * (1 - GAP) / 2
                points = [(round(x - half, 2), y), (round(x + half, 2), y)]
            yield " ".join(f"{x},{y}" for x, y in points)


def round_up(value: float) -> int:
    """A round number that is not less: 1, 2 or 5 times a power of ten."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if value <= factor * size:
                return factor * size
        size *= 10
