"""What a page of Markdown is made of: headings, paragraphs, tables and code, line by line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(?=\S)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_EMPHASIS = re.compile(r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}")
LONGEST_HEADING = 200


class Kind(Enum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    TABLE = "table"
    CODE = "code"


@dataclass(frozen=True)
class Block:
    """``path`` are the headings that a block stands under; a heading stands under itself."""

    kind: Kind
    start: int
    end: int
    path: tuple[str, ...] = ()


def blocks(text: str) -> Iterator[Block]:
    """Every line of ``text`` that is not blank is in one block; blocks are in order."""
    reader = _Reader()
    for line in _LINE.finditer(text):
        yield from reader.read(line.group(), line.start(), line.end())
    yield from reader.close()


class _Reader:
    """Gathers lines of one kind; a block is known to have ended by the line after it."""

    def __init__(self) -> None:
        self.path: tuple[tuple[int, str], ...] = ()
        self.kind: Kind | None = None
        self.start = self.end = 0
        self.fence = ""

    def read(self, line: str, start: int, end: int) -> Iterator[Block]:
        if self.fence:
            self.end = end
            if _closes(self.fence, line):
                yield from self.close()
            return
        kind = _kind(line)
        if kind is not self.kind or kind in (Kind.HEADING, Kind.CODE):
            yield from self.close()
            self.kind, self.start = kind, start
        self.end = end
        if opening := _FENCE.match(line) if kind is Kind.CODE else None:
            self.fence = opening[1]
        if kind is Kind.HEADING:
            self._enter(line)

    def close(self) -> Iterator[Block]:
        if self.kind is not None:
            yield Block(self.kind, self.start, self.end, tuple(title for _, title in self.path))
        self.kind, self.fence = None, ""

    def _enter(self, line: str) -> None:
        found = _HEADING.match(line)
        assert found is not None
        level = len(found[1])
        above = tuple(step for step in self.path if step[0] < level)
        self.path = (*above, (level, plain_heading(line[found.end() :])))


def plain_heading(text: str) -> str:
    """The words of a heading without the marks around and in it."""
    short = text.strip()[: 2 * LONGEST_HEADING].rstrip("#").rstrip()
    return _EMPHASIS.sub("", short)[:LONGEST_HEADING]


def _kind(line: str) -> Kind | None:
    """What a line outside of code belongs to; None when it is blank."""
    if line.isspace():
        return None
    if _HEADING.match(line):
        return Kind.HEADING
    if _FENCE.match(line):
        return Kind.CODE
    return Kind.TABLE if line.startswith("|") else Kind.PARAGRAPH


def _closes(fence: str, line: str) -> bool:
    bare = line.strip()
    return len(bare) >= len(fence) and bare == fence[0] * len(bare)
