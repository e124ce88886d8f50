"""Tables as text, whatever stands between their columns. One page."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, ClassVar

from knowledge.parsing.decoding import decoded
from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.markup import sheet
from knowledge.texts import Page, Parsed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_BYTES = 50 * 1024 * 1024
MAX_CELLS = 500_000
MAX_CELL_CHARACTERS = 1_000_000

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_LINES = 50
SAMPLE_CHARACTERS = 100_000

LARGE = f"The table has more than {MAX_CELLS:,} cells. Split it into smaller files."


class CommaSeparated:
    name: ClassVar[str] = "CSV"
    mime_type: ClassVar[str] = "text/csv"
    extensions: ClassVar[tuple[str, ...]] = (".csv", ".tsv", ".tab")

    def fits(self, head: bytes, path: Path) -> bool:
        return False

    def read(self, path: Path, name: str) -> Parsed:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableError(LARGE)
        text = decoded(path.read_bytes())
        body = sheet(_bounded(_rows(text, _delimiter(text))))
        return Parsed((Page(1, body),) if body else (), mime_type=self.mime_type)


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    # A quote that does not open a cell is a quote; NUL means nothing in a text.
    source = io.StringIO(text.replace("\0", ""), newline="")
    try:
        yield from csv.reader(source, delimiter=delimiter, skipinitialspace=True)
    except csv.Error as exc:
        raise UnreadableError(
            "The table cannot be read: a quoted cell is never closed, or one cell is very long."
        ) from exc


def _bounded(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    cells = 0
    for row in rows:
        cells += len(row)
        if cells > MAX_CELLS:
            raise UnreadableError(LARGE)
        yield row


def _delimiter(text: str) -> str:
    """The one that cuts the first lines into the same number of columns, and into most of them."""
    sample = text[:SAMPLE_CHARACTERS]
    return max(DELIMITERS, key=lambda each: _regularity(sample, each))


def _regularity(sample: str, delimiter: str) -> tuple[float, int]:
    widths: list[int] = []
    try:
        for row in _rows(sample, delimiter):
            if row:
                widths.append(len(row))
            if len(widths) == SAMPLE_LINES:
                break
    except UnreadableError:
        return (0, 0)
    usual = max(widths, key=widths.count, default=1)
    return (widths.count(usual) / len(widths), usual) if usual > 1 else (0, 0)
