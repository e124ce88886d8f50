"""Cells of a table that a spreadsheet must not take for formulas: marked as text when a file is
written, and read again as what they were."""

from __future__ import annotations

import re
from typing import Any

from common.plain_text import plain

MARK = "'"
_FORMULA = ("=", "+", "-", "@")
# What some spreadsheets end a cell with, quoted or not: in half of Europe, the semicolon.
_END = re.compile(r"([;\t\r\n]+)")


def harmless(cell: Any) -> str:
    """A cell as text. What a spreadsheet would run is marked as text with an apostrophe: also where
    it might begin a cell of its own, or behind what cannot be seen. So is what would be taken for
    marked, that ``unmarked`` gives back what was there."""
    if cell is None or isinstance(cell, bool | int | float):
        return "" if cell is None else str(cell)
    return "".join(
        f"{MARK}{piece}" if is_risky else piece for piece, is_risky in _pieces(str(cell))
    )


def unmarked(text: str) -> str:
    """The text that ``harmless`` made this one of."""
    return "".join(
        piece.removeprefix(MARK) if is_risky else piece for piece, is_risky in _pieces(text)
    )


def _pieces(text: str) -> list[tuple[str, bool]]:
    """The cells that ``text`` might be, with what is between them; each with whether it is one to
    mark, whatever marks it has already."""
    pieces = _END.split(text)
    risky = [_is_formula(piece.lstrip(MARK)) for piece in pieces]
    # What ends a cell at the very beginning would do so if it stood there unmarked.
    risky[0] = risky[0] or (len(pieces) > 1 and not pieces[0].lstrip(MARK))
    return list(zip(pieces, risky, strict=True))


def _is_formula(piece: str) -> bool:
    """By its first character that counts: some spreadsheets look past blanks and quotes, and take
    a full-width sign for the plain one."""
    if piece[:1].isascii() and piece[:1].isalnum():
        return False  # as nearly all are
    return plain(piece.replace('"', " ")).startswith(_FORMULA)
