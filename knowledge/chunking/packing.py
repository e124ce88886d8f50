"""Fills chunks with whole units up to a size, each beginning with a little of the one before."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING

from knowledge.chunking.chunk import Chunk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from knowledge.chunking.config import ChunkingConfig
    from knowledge.chunking.layout import Layout, Unit

    # Whether a unit begins a new chunk although it would fit; the number is the chunk's tokens.
    Begins = Callable[[Unit, int], bool]


def never(_unit: Unit, _tokens: int) -> bool:
    return False


@dataclass(frozen=True)
class Packer:
    """Packs units of ``layout``; ``size`` and overlap come from ``config``."""

    layout: Layout
    config: ChunkingConfig

    @property
    def size(self) -> int:
        """Only ``no_chunking`` has none, and it packs nothing."""
        assert self.config.chunk_size is not None
        return self.config.chunk_size

    def units(self) -> list[Unit]:
        """All units of the page that fit."""
        whole_code = self.config.preserve_code_blocks
        return list(self.layout.units(self.size, whole_code=whole_code))

    def pack(self, units: Sequence[Unit], begins: Begins = never) -> Iterator[Chunk]:
        """``units`` in chunks. A chunk does not end with a heading while there is more to come, and
        nothing is repeated before a unit that ``begins`` a chunk."""
        first, overlap = 0, None
        while first < len(units):
            last, broken = self._reach(units, first, overlap, begins)
            yield self._chunk(units[first : last + 1], overlap)
            overlap = self._overlap(units, first, last, overlap) if not broken else None
            first = last + 1

    def _reach(
        self, units: Sequence[Unit], first: int, overlap: int | None, begins: Begins
    ) -> tuple[int, bool]:
        """The last unit of the chunk that begins with ``first``, and whether the next one begins
        its own by right."""
        start = units[first].start if overlap is None else overlap
        for at in range(first + 1, len(units)):
            unit = units[at]
            if begins(unit, self.layout.tokens(start, units[at - 1].end)):
                return at - 1, True
            if self.layout.tokens(start, unit.end) > self.size:
                last = _before_headings(units, first, at - 1)
                return last, last != at - 1
        return len(units) - 1, True

    def _chunk(self, units: Sequence[Unit], overlap: int | None) -> Chunk:
        start, end = units[0].start, units[-1].end
        begin = start if overlap is None else overlap
        return Chunk(
            text=self.layout.text[begin:end],
            page=self.layout.page.number,
            start=begin,
            end=end,
            headings=headings(self.layout, units),
            tokens=self.layout.tokens(begin, end),
        )

    def _overlap(
        self, units: Sequence[Unit], first: int, last: int, overlap: int | None
    ) -> int | None:
        """Where the next chunk begins within this one: not with a heading, not with all of it,
        not with more than half of what fits, and only so that the next unit fits too."""
        wanted = self.config.chunk_overlap or 0
        start = units[first].start if overlap is None else overlap
        fits = [
            begin
            for begin in self._starts(start, units[last].end, wanted)
            if start < begin and self._fits(begin, units[last], units[last + 1])
        ]
        return min(fits, default=None)

    def _starts(self, start: int, end: int, wanted: int) -> Iterator[int]:
        if not wanted:
            return iter(())
        if self.config.overlap_unit == "sentences":
            return self._sentence_starts(start, end, wanted)
        return self._token_starts(start, end, wanted)

    def _sentence_starts(self, start: int, end: int, wanted: int) -> Iterator[int]:
        sentences = self.layout.sentences
        after = bisect_left(self._sentences, end)
        back = (sentences[at] for at in range(after - 1, max(-1, after - 1 - wanted), -1))
        inside = takewhile(lambda unit: unit.start >= start and not unit.is_heading, back)
        return (unit.start for unit in inside)

    def _token_starts(self, start: int, end: int, wanted: int) -> Iterator[int]:
        """As many tokens as fit, from the beginning of a word on."""
        for tokens in (wanted, wanted // 2, wanted // 4):
            if tokens:
                yield self.layout.word_start(max(start, self.layout.before(end, tokens)), end)

    def _fits(self, begin: int, last: Unit, following: Unit) -> bool:
        tokens = self.layout.tokens
        half = self.config.overlap_unit == "tokens" or tokens(begin, last.end) <= self.size // 2
        return half and tokens(begin, following.end) <= self.size

    @cached_property
    def _sentences(self) -> list[int]:
        return [unit.start for unit in self.layout.sentences]


def _before_headings(units: Sequence[Unit], first: int, last: int) -> int:
    """The last unit without the headings at the end, unless there is nothing else."""
    for at in range(last, first, -1):
        if not units[at].is_heading:
            return at
    return last if units[first].is_heading else first


def headings(layout: Layout, units: Sequence[Unit]) -> tuple[str, ...]:
    """What all ``units`` stand under, below the page's own title."""
    paths = {unit.block.path for unit in units}
    common = tuple(
        steps[0]
        for steps in takewhile(lambda steps: len(set(steps)) == 1, zip(*paths, strict=False))
    )
    title = layout.page.title.strip()
    known = {title.casefold(), ""} & {"", *(step.casefold() for step in common)}
    return common if title.casefold() in known else (title, *common)
