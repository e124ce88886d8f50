"""A table as lines of text whose columns stand below each other in a font of one width."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    Row = Sequence[str]

BETWEEN = " | "
# Blanks may make a table so many times as long, and no more: one long cell in a column of a
# thousand short ones would make megabytes of them.
MOST_PADDED = 3


def aligned(rows: Sequence[Row]) -> list[str]:
    """``rows``, of which the first is the head, in lines. Where there are few words for much white
    space, columns are only parted by lines."""
    kept = [row for row in rows if any(row)]
    plain = joined(kept)
    widths = [max(map(_width, column)) for column in zip_longest(*kept, fillvalue="")]
    # Of each row the last cell is not filled up.
    padded = sum(sum(widths[: _filled(row)]) for row in kept)
    if padded > MOST_PADDED * sum(map(len, plain)):
        return plain
    lines = [_line(row, widths) for row in kept]
    return [lines[0], "-+-".join("-" * width for width in widths), *lines[1:]]


def joined(rows: Sequence[Row]) -> list[str]:
    """``rows`` in lines whose columns are only parted."""
    return [BETWEEN.join(row[: _filled(row)]) for row in rows if any(row)]


def _line(row: Row, widths: Sequence[int]) -> str:
    cells = row[: _filled(row)]
    return BETWEEN.join(
        cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=False)
    ).rstrip()


def _filled(row: Row) -> int:
    """How many cells there are up to the last one that holds something."""
    return next((len(row) - place for place, cell in enumerate(reversed(row)) if cell), 0)


def _width(text: str) -> int:
    """In columns of a terminal: Chinese, Japanese and Korean characters take two."""
    return sum(0 if combining(c) else 1 + (east_asian_width(c) in "WF") for c in text)
