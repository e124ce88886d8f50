"""Markdown out of what a format found: headings, lists, tables, records."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_LEVEL = 6
# A row longer than this is no longer read as a row; it becomes a record.
LONG_ROW = 400

# A line of a document that Markdown would take for a heading or for the edge of code.
MISTAKEN = re.compile(r"^(?=#{1,6}\s|```|~~~)", re.MULTILINE)


def heading(text: str, level: int = 1) -> str:
    title = one_line(text)
    return f"{'#' * min(level, MAX_LEVEL)} {title}" if title else ""


def item(text: str, depth: int = 0) -> str:
    words = one_line(text)
    return f"{'  ' * depth}- {words}" if words else ""


def paragraph(text: str) -> str:
    return MISTAKEN.sub(r"\\", tidy(text))


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
    filled = [cells for cells in ([one_line(cell) for cell in row] for row in rows) if any(cells)]
    if not filled:
        return ""
    used = _used_columns(filled)
    head, *body = [[_cell(row, column) for column in used] for row in filled]
    lines = [head, ["---"] * len(used), *body]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def table_or_records(rows: Iterable[Sequence[str]]) -> str:
    """A table, or where its rows are too long to be seen as such ``header: value`` lines."""
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    lengths = sum(len(cell) for row in filled[1:] for cell in row)
    if lengths <= LONG_ROW * (len(filled) - 1) or len(filled) == 1:
        return table(filled)
    head, *body = filled
    return "\n\n".join(_record(head, row) for row in body)


def _record(head: Sequence[str], row: Sequence[str]) -> str:
    names = [*head, *[""] * (len(row) - len(head))]
    pairs = ((one_line(name), tidy(value)) for name, value in zip(names, row, strict=False))
    return "\n".join(f"{name}: {value}" if name else value for name, value in pairs if value)


def _used_columns(rows: Sequence[Sequence[str]]) -> list[int]:
    used = {column for row in rows for column, cell in enumerate(row) if cell}
    return sorted(used)


def _cell(row: Sequence[str], column: int) -> str:
    return row[column].replace("|", "\\|") if column < len(row) else ""


def _depth(block: str) -> int:
    return (len(block) - len(block.lstrip(" "))) // 2


def _is_item(block: str) -> bool:
    return block.lstrip(" ").startswith("- ")
