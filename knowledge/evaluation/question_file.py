"""Reads test questions from CSV, in whichever form a program wrote it. Pure.

The columns are the question, what is expected, and the source it must be found in, by name or id;
the last may be missing. A first line that names the columns may give them in any order.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.csv_cells import unmarked
from knowledge.parsing import errors as parsing_errors
from knowledge.parsing.decoding import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COLUMNS = ("question", "expected", "source")
_NAMES = {
    "question": {"question", "query", "q"},
    "expected": {"expected", "expected passage", "expected answer", "answer", "passage"},
    "source": {"source", "source_id", "source id", "document"},
}
_DELIMITERS = ",;\t|"
# Longer than any question or passage: a quote that is never closed has taken the rest of the file.
# The module ``csv`` has such a limit too, but one for the whole process, which others change.
_MAX_CELL_CHARACTERS = 100_000


class UnreadableError(Exception):
    """The file is no table of questions; the message says why."""


@dataclass(frozen=True)
class Row:
    """A question as a file has it, and the line it begins at."""

    line: int
    question: str
    expected: str
    source: str = ""


def read(content: bytes) -> list[Row]:
    """The rows that say anything; raises ``UnreadableError``."""
    text = _text(content)
    table = list(_table(text))
    if not table:
        raise UnreadableError("empty")
    order = _order(table[0][1])
    rows = table[1:] if order else table
    return [_row(line, cells, order or COLUMNS) for line, cells in rows]


def _text(content: bytes) -> str:
    try:
        return decoded(content)
    except parsing_errors.UnreadableError:
        raise UnreadableError("encoding") from None


def _table(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that are not blank, with their numbers."""
    if "\0" in text:
        raise UnreadableError("encoding")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=False)
    begins = 1
    try:
        for cells in reader:
            if any(len(cell) > _MAX_CELL_CHARACTERS for cell in cells):
                raise UnreadableError("table")
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error:
        raise UnreadableError("table") from None


def _delimiter(text: str) -> str:
    """The one that gives most lines at least two columns, and the fewest of them."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    return max(_DELIMITERS, key=lambda each: _fits(lines, each))


def _fits(lines: Sequence[str], delimiter: str) -> tuple[int, int]:
    try:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter)]
    except csv.Error:
        return 0, 0
    return sum(2 <= width <= len(COLUMNS) for width in widths), sum(w >= 2 for w in widths)  # noqa: PLR2004


def _order(cells: Sequence[str]) -> tuple[str, ...] | None:
    """Which column is where, if the first line says so; raises ``UnreadableError`` if it says only
    part of it."""
    found = [_column(cell) for cell in cells]
    if not any(found):
        return None
    if not {"question", "expected"} <= set(found):
        raise UnreadableError("columns")
    return tuple(found)


def _column(cell: str) -> str:
    name = " ".join(cell.split()).casefold()
    return next((column for column, names in _NAMES.items() if name in names), "")


def _row(line: int, cells: Sequence[str], order: Sequence[str]) -> Row:
    plain = [unmarked(cell.strip()) for cell in cells]
    said = {name: cell for name, cell in zip(order, plain, strict=False) if name}
    return Row(line, said.get("question", ""), said.get("expected", ""), said.get("source", ""))
