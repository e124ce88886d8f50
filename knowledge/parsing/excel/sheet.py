"""One sheet, read row by row without ever holding its XML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge.parsing import xml_guard
from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.xml_guard import child, local_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.parsing.excel.numbers import Numbers
    from knowledge.parsing.xml_guard import Element
    from knowledge.parsing.zip_guard import GuardedZip

MAX_CELLS = 500_000
# Text may be shared: a short cell can stand for a long one, many times.
MAX_CHARACTERS = 50_000_000
MAX_COLUMNS = 16_384

REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]+")
# Characters that XML cannot hold are written like this.
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

LARGE = f"The workbook has more than {MAX_CELLS:,} cells. Split it into smaller files."


class Budget:
    """What may still be read of a workbook."""

    def __init__(self) -> None:
        self._cells = MAX_CELLS
        self._characters = MAX_CHARACTERS

    def spend(self, cells: int, characters: int) -> None:
        self._cells -= cells
        self._characters -= characters
        if self._cells < 0 or self._characters < 0:
            raise UnreadableError(LARGE)


def shared_texts(archive: GuardedZip, name: str) -> list[str]:
    """The texts that cells refer to by number."""
    if name not in archive:
        return []
    budget = Budget()
    texts: list[str] = []
    with archive.open(name) as file:
        for element in xml_guard.streamed(file, "si"):
            texts.append(_text(element))
            budget.spend(1, len(texts[-1]))
    return texts


def rows(
    archive: GuardedZip, name: str, texts: Sequence[str], numbers: Numbers, budget: Budget
) -> Iterator[list[str]]:
    """Each row up to its last filled cell; formulas give the value they had when the file was
    saved."""
    with archive.open(name) as file:
        for element in xml_guard.streamed(file, "row"):
            row = _row(element, texts, numbers)
            cells = [row.get(column, "") for column in range(max(row, default=-1) + 1)]
            budget.spend(len(cells), sum(map(len, row.values())))
            yield cells


def _row(element: Element, texts: Sequence[str], numbers: Numbers) -> dict[int, str]:
    row: dict[int, str] = {}
    column = 0
    for cell in element:
        if local_name(cell) == "c":
            column = _column(cell, column)
            if value := _value(cell, texts, numbers):
                row[column] = value
            column += 1
    return row


def _column(cell: Element, otherwise: int) -> int:
    found = REFERENCE.fullmatch(cell.get("r", ""))
    if not found:
        return otherwise
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return min(column, MAX_COLUMNS) - 1


def _value(cell: Element, texts: Sequence[str], numbers: Numbers) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        found = child(cell, "is")
        return "" if found is None else _text(found)
    found = child(cell, "v")
    value = "" if found is None else (found.text or "").strip()
    if kind == "s":
        return texts[int(value)] if value.isdecimal() and int(value) < len(texts) else ""
    if kind == "b":
        return {"1": "TRUE", "0": "FALSE"}.get(value, value)
    if kind == "n":
        return numbers.shown(value, cell.get("s", "")) if value else ""
    return _unescaped(value)


def _text(element: Element) -> str:
    """All of a rich text, but not how it is pronounced."""
    parts: list[str] = []
    for one in element:
        name = local_name(one)
        if name == "t":
            parts.append(one.text or "")
        elif name == "r":
            found = child(one, "t")
            parts.append("" if found is None else found.text or "")
    return _unescaped("".join(parts))


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
