"""A question with its answer is a chunk; what is neither is cut by headings."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from knowledge.chunking.blocks import Kind, plain_heading
from knowledge.chunking.packing import Packer
from knowledge.chunking.strategies.base import Strategy
from knowledge.chunking.strategies.by_heading import pack_sections

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.chunking.blocks import Block
    from knowledge.chunking.chunk import Chunk
    from knowledge.chunking.config import ChunkingConfig
    from knowledge.chunking.layout import Layout, Unit
    from knowledge.chunking.strategies.base import Embed

_QUESTION = re.compile(
    r"^[ \t]{0,12}(?:[-*+•][ \t]{1,4})?[*_]{0,2}(?:Q|Question)[ \t]?\d{0,4}[*_]{0,2}[:.)][*_]{0,2}",
    re.IGNORECASE | re.MULTILINE,
)
_ANSWER = re.compile(
    r"^[ \t]{0,12}(?:[-*+•][ \t]{1,4})?[*_]{0,2}(?:A|Answer)[ \t]?\d{0,4}[*_]{0,2}[:.)]",
    re.IGNORECASE | re.MULTILINE,
)
_CELL = re.compile(r"(?<!\\)\|")
_DELIMITER = re.compile(r"[\s|:-]+")
_NAMES = frozenset({"question", "questions", "q", "prompt", "faq"})
COLUMNS = 2
# The second one is that of Chinese and Japanese.
MARKS = ("?", "\uff1f")


class Pair(NamedTuple):
    """From the beginning of a question to the end of its answer."""

    start: int
    end: int
    question: str


class QuestionAnswer(Strategy):
    name = "question_answer"

    def cut(self, layout: Layout, config: ChunkingConfig, embed: Embed) -> Iterator[Chunk]:
        packer = Packer(layout, config)
        for units, pair in _grouped(packer.units(), pairs(layout)):
            if pair is None:
                yield from pack_sections(packer, units)
            else:
                yield from (replace(c, question=pair.question) for c in packer.pack(units))


def pairs(layout: Layout) -> list[Pair]:
    """The questions with their answers, in order and apart from each other."""
    found = [*_marked(layout), *_headed(layout), *_tabled(layout)]
    apart: list[Pair] = []
    for pair in sorted(found, key=lambda pair: (pair.start, -pair.end)):
        if not apart or pair.start >= apart[-1].end:
            apart.append(pair)
    return apart


def _grouped(
    units: Sequence[Unit], found: Sequence[Pair]
) -> Iterator[tuple[list[Unit], Pair | None]]:
    """Runs of units that belong to one pair, or to none."""
    waiting = iter(found)
    pair = next(waiting, None)
    run: list[Unit] = []
    owner: Pair | None = None
    for unit in units:
        while pair is not None and unit.start >= pair.end:
            pair = next(waiting, None)
        belongs = pair if pair is not None and unit.start >= pair.start else None
        if belongs is not owner and run:
            yield run, owner
            run = []
        owner = belongs
        run.append(unit)
    if run:
        yield run, owner


def _marked(layout: Layout) -> Iterator[Pair]:
    """``Q: … A: …``, each up to the next question or heading."""
    starts = list(_QUESTION.finditer(layout.text))
    stops = sorted(
        {m.start() for m in starts}
        | {b.start for b in layout.blocks if b.kind is Kind.HEADING}
        | {len(layout.text)}
    )
    at = 0
    for found in starts:
        while stops[at] <= found.start():
            at += 1
        answer = _ANSWER.search(layout.text, found.end(), stops[at])
        if answer is not None:
            question = plain_heading(layout.text[found.end() : answer.start()])
            yield Pair(found.start(), stops[at], question)


def _headed(layout: Layout) -> Iterator[Pair]:
    """A heading that asks, with what stands under it up to the next heading."""
    heading: Block | None = None
    end = 0
    for block in layout.blocks:
        if block.kind is Kind.HEADING:
            yield from _asked(heading, end)
            heading = block
        end = block.end
    yield from _asked(heading, end)


def _asked(heading: Block | None, end: int) -> Iterator[Pair]:
    if heading is not None and end > heading.end and heading.path[-1].endswith(MARKS):
        yield Pair(heading.start, end, heading.path[-1])


def _tabled(layout: Layout) -> Iterator[Pair]:
    """The rows of a table of two columns whose first one asks."""
    for block in layout.blocks:
        if block.kind is Kind.TABLE:
            yield from _rows(layout, block)


def _rows(layout: Layout, block: Block) -> Iterator[Pair]:
    rows = [(row, _cells(layout.text[row.start : row.end])) for row in layout.within(block)]
    if any(len(cells) != COLUMNS for _, cells in rows):
        return
    asks = sum(cells[0].endswith(MARKS) for _, cells in rows)
    named = rows[0][1][0].casefold() in _NAMES
    if not named and asks * 2 < len(rows):
        return
    start = rows[0][0].start
    for number, (row, cells) in enumerate(rows):
        if _DELIMITER.fullmatch("".join(cells)) or (number == 0 and named):
            continue  # the table's head goes with its first question
        yield Pair(start, row.end, plain_heading(cells[0]))
        start = row.end


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in _CELL.split(row.strip().removeprefix("|").removesuffix("|"))]
