"""A page as strategies see it: its blocks, its sentences, and where its tokens are."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from knowledge.chunking.blocks import Block, Kind, blocks
from knowledge.chunking.sentences import lines, sentences, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from inference.embedding import Tokenizer
    from knowledge.texts import Page

# Blanks, and characters that a tokenizer passes over, count when there are that many in a row.
UNCOUNTED = 64
# A code block stays whole up to so many times the size. What is beyond the model's limit is found
# by its words alone, and a longer block would crowd everything else out of the model's prompt.
WHOLE_CODE = 4
# Where a sentence, a row or a line that is too long is cut: the first of these that is found in
# the second half of what fits.
_SEPARATORS = ("\n", ". ", "。", "; ", ", ", " ")
_BLANK = re.compile(r"\s")


@dataclass(frozen=True)
class Unit:
    """Not cut if it can be helped: a sentence, a heading, a row, a line or block of code."""

    start: int
    end: int
    block: Block

    @property
    def is_heading(self) -> bool:
        return self.block.kind is Kind.HEADING


class Layout:
    """One page, read once."""

    def __init__(self, page: Page, tokenizer: Tokenizer) -> None:
        self.page = page
        self.text = page.text
        self.blocks = tuple(blocks(page.text))
        self._starts = list(_token_starts(tokenizer.offsets(page.text), len(page.text)))

    def tokens(self, start: int, end: int) -> int:
        """How many tokens begin between the two."""
        return bisect_left(self._starts, end) - bisect_left(self._starts, start)

    def after(self, start: int, tokens: int) -> int:
        """Where the text from ``start`` on has ``tokens`` tokens: the beginning of the next."""
        at = bisect_left(self._starts, start) + tokens
        return self._starts[at] if at < len(self._starts) else len(self.text)

    def before(self, end: int, tokens: int) -> int:
        """Where the last ``tokens`` tokens before ``end`` begin."""
        if not self._starts:
            return 0
        return self._starts[max(0, bisect_left(self._starts, end) - tokens)]

    @cached_property
    def sentences(self) -> tuple[Unit, ...]:
        """Every unit, whatever its size; code by its lines."""
        return tuple(unit for block in self.blocks for unit in self.within(block))

    def units(self, size: int, *, whole_code: bool) -> Iterator[Unit]:
        """Units of at most ``size`` tokens. With ``whole_code`` a block of code is one unit, up to
        ``WHOLE_CODE`` times the size."""
        for block in self.blocks:
            if whole_code and block.kind is Kind.CODE and self._is_short(block, WHOLE_CODE * size):
                yield from self.whole(block)
            else:
                yield from self.parts(block, size)

    def parts(self, block: Block, size: int) -> Iterator[Unit]:
        """The block's units, those that are too long cut."""
        for unit in self.within(block):
            yield from self.cut(unit, size)

    def whole(self, block: Block) -> Iterator[Unit]:
        for start, end in trimmed(self.text, block.start, block.end):
            yield Unit(start, end, block)

    def cut(self, unit: Unit, size: int) -> Iterator[Unit]:
        """``unit`` in parts of at most ``size`` tokens."""
        start = unit.start
        while self.tokens(start, unit.end) > size:
            limit = self.after(start, size)
            at = self._place_to_cut(start, limit)
            for first, last in trimmed(self.text, start, at):
                yield Unit(first, last, unit.block)
            start = at
        for first, last in trimmed(self.text, start, unit.end):
            yield Unit(first, last, unit.block)

    def is_first(self, unit: Unit) -> bool:
        """Whether nothing but blanks stands before ``unit`` in its block."""
        before = self.text[unit.block.start : min(unit.start, unit.block.start + UNCOUNTED)]
        return not before.strip()

    def _is_short(self, block: Block, tokens: int) -> bool:
        return self.tokens(block.start, block.end) <= tokens

    def within(self, block: Block) -> Iterator[Unit]:
        if block.kind is Kind.HEADING:
            return self.whole(block)
        find = sentences if block.kind is Kind.PARAGRAPH else lines
        return (Unit(*span, block) for span in find(self.text, block.start, block.end))

    def _place_to_cut(self, start: int, limit: int) -> int:
        """``limit``, or the end of a part of the text not far before it."""
        middle = start + (limit - start) // 2
        for separator in _SEPARATORS:
            at = self.text.rfind(separator, middle, limit)
            if at >= 0:
                return at + len(separator)
        return limit

    def word_start(self, at: int, end: int) -> int:
        """The next beginning of a word from ``at`` on and before ``end``, else ``at``."""
        if at == 0 or self.text[at - 1].isspace():
            return at
        blank = _BLANK.search(self.text, at, end)
        if blank is None:
            return at
        rest = self.text[blank.start() : end]
        return end - len(rest.lstrip()) or at


def _token_starts(offsets: Sequence[tuple[int, int]], length: int) -> Iterator[int]:
    reached = 0
    for start, end in (*offsets, (length, length)):
        yield from range(reached + UNCOUNTED, start - UNCOUNTED + 1, UNCOUNTED)
        if start < end:
            yield start
        reached = max(reached, end)
