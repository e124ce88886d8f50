"""Markdown out of what a format found: headings, lists, tables, records."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_LEVEL = 6
# A row longer than this is no longer read as a row; it becomes a record.
LONG_ROW = 400
# With so many lonely cells on top, a sheet is one column with more beside it.
MAX_CAPTIONS = 5
# What stands before every value of a column.
MAX_NAME = 200
MAX_PADDED = 1_000_000

ITEM = re.compile(r" *(?:-|\d{1,9}\.) ")
# A line of a document that Markdown would take for a heading or for the edge of code.
MISTAKEN = re.compile(r"^(?=#{1,6}\s|```|~~~)", re.MULTILINE)


def heading(text: str, level: int = 1) -> str:
    title = one_line(text)
    return f"{'#' * min(level, MAX_LEVEL)} {title}" if title else ""


def item(text: str, depth: int = 0, mark: str = "-") -> str:
    words = one_line(text)
    return f"{'  ' * depth}{mark} {words}" if words else ""


def paragraph(text: str) -> str:
    return MISTAKEN.sub(r"\\", tidy(text))


def fenced(code: str) -> str:
    lines = code.strip("\n").rstrip()
    edge = "```"
    while edge in lines:
        edge += "`"
    return f"{edge}\n{lines}\n{edge}" if lines else ""


def tidy(text: str) -> str:
    """Without blanks at the ends of lines and blank lines."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def one_line(text: str) -> str:
    return " ".join(text.split())


def joined(blocks: Iterable[str]) -> str:
    """Blocks with a blank line between them, and none between the items of a list. An item is at
    most one step deeper than the one before it; further in, Markdown would see code."""
    parts: list[str] = []
    depth = -1
    for block in blocks:
        if not block.strip():
            continue
        if _is_item(block):
            parts.append("\n" if depth >= 0 else "\n\n")
            depth = min(depth + 1, _depth(block))
            parts.append(f"{'  ' * depth}{block.lstrip(' ')}")
        else:
            depth = -1
            parts += ["\n\n", block]
    return "".join(parts[1:])


def table(rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table under its first row; rows and columns without any text are left out."""
    filled = [cells for cells in (_trimmed(row) for row in rows) if cells]
    if not filled:
        return ""
    used = sorted({column for row in filled for column, cell in enumerate(row) if cell})
    # Markdown fills short rows up by itself; we do so where it cannot make a small table huge.
    width = len(used) if len(used) * len(filled) <= MAX_PADDED else 0
    head, *body = (_used(row, used) for row in filled)
    lines = [_padded(head, len(used)), ["---"] * len(used), *(_padded(row, width) for row in body)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def sheet(rows: Iterable[Sequence[str]]) -> str:
    """The rows of a sheet: what stands alone above them, then a table, or ``header: value`` lines
    where its rows are too long to be seen as such."""
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    above = sum(1 for _ in takewhile(_is_caption, filled[:MAX_CAPTIONS]))
    captions = [paragraph("".join(row)) for row in filled[:above]]
    body = filled[above:]
    if not body or above == MAX_CAPTIONS:
        return table(filled)
    length = sum(len(cell) for row in body[1:] for cell in row)
    if length <= LONG_ROW * (len(body) - 1) or len(body) == 1:
        return joined([*captions, table(body)])
    return joined([*captions, *(_record(body[0], row) for row in body[1:])])


def _is_caption(row: Sequence[str]) -> bool:
    return sum(1 for cell in row if cell.strip()) == 1


def _record(head: Sequence[str], row: Sequence[str]) -> str:
    names = [*head, *[""] * (len(row) - len(head))]
    pairs = (
        (one_line(name)[:MAX_NAME], tidy(value)) for name, value in zip(names, row, strict=False)
    )
    return "\n".join(f"{name}: {value}" if name else value for name, value in pairs if value)


def _trimmed(row: Sequence[str]) -> list[str]:
    cells = [one_line(cell) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _used(row: Sequence[str], columns: Sequence[int]) -> list[str]:
    return [row[column].replace("|", "\\|") for column in takewhile(len(row).__gt__, columns)]


def _padded(cells: list[str], width: int) -> list[str]:
    return cells + [""] * (width - len(cells))


def _depth(block: str) -> int:
    return (len(block) - len(block.lstrip(" "))) // 2


def _is_item(block: str) -> bool:
    return bool(ITEM.match(block))
