"""Printed lines put together again to paragraphs, so that sentences and words are whole.

Where a line ends because the page was full, the next goes on in the same sentence; where it ends
although the next word had fitted, somebody wanted it so. Knows no file format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

NEXT, LINE, PARAGRAPH = " ", "\n", "\n\n"
NEIGHBOURS = 4
# In heights of a line: the usual distance of two lines if there are too few to tell, and how much
# more than usual is a gap.
PITCH, GAP = 1.2, 1.35
# Characters from which on a line may be part of a sentence, whatever the next one begins with.
PROSE = 30
ENDED = re.compile(r"[.!?:;。！？…][\"'”’»)\]]*$")  # noqa: RUF001
ITEM = re.compile(r"(?:[-*•‣◦▪●○–—·]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]|\[\d{1,3}\])\s")  # noqa: RUF001
WORD = re.compile(r"\w+(?:-\w+)*")
HYPHENS = "-\u2010\u00ad"
HYPHENATED = re.compile(rf"(\w+)[{HYPHENS}]$")
# Words that are written with a hyphen before most others.
PREFIXES = frozenset({"self", "non", "well", "cross", "half", "all", "ex", "e"})
# What follows a hyphen that stands for a missing part: "Vor- und Nachteile".
CONJUNCTIONS = frozenset({"und", "oder", "and", "or", "et", "ou", "y", "o"})


@dataclass(frozen=True)
class Line:
    """A printed line; lengths in points, from the lower left corner of the page."""

    text: str
    left: float
    right: float
    baseline: float
    height: float


def words_of(texts: Sequence[str]) -> frozenset[str]:
    """All the words of a document in small letters: what tells how it writes a word."""
    return frozenset(word for text in texts for word in WORD.findall(text.casefold()))


def paragraphs(lines: Sequence[Line], known: Collection[str] = frozenset()) -> str:
    """The lines in reading order, as text with blank lines between paragraphs. ``known`` are the
    words of the whole document."""
    rows = _rows(_downwards([line for line in lines if line.text.strip()]))
    if not rows:
        return ""
    pitch = _pitch(rows)
    text = rows[0].text.strip()
    for index in range(1, len(rows)):
        between = _between(rows, index, pitch)
        text = _joined(text, between, rows[index].text.strip(), known)
    return text


def _downwards(lines: list[Line]) -> list[Line]:
    """As they come, except where a page was written from its bottom to its top."""
    pairs = list(pairwise(lines))
    rising = sum(b.baseline > a.baseline + a.height / 2 for a, b in pairs)
    if len(pairs) > 1 and rising > 0.8 * len(pairs):
        return sorted(lines, key=lambda line: (-line.baseline, line.left))
    return lines


def _rows(lines: list[Line]) -> list[Line]:
    """Pieces side by side, such as raised figures and what follows them, as one line."""
    rows: list[Line] = []
    for line in lines:
        if rows and _is_beside(rows[-1], line):
            rows[-1] = _side_by_side(rows[-1], line)
        else:
            rows.append(line)
    return rows


def _is_beside(before: Line, line: Line) -> bool:
    near = abs(line.baseline - before.baseline) < 0.6 * max(before.height, line.height)
    return near and line.left >= before.right - 0.3 * before.height


def _side_by_side(before: Line, line: Line) -> Line:
    is_apart = line.left - before.right > 0.15 * before.height
    main = before if before.height >= line.height else line
    return replace(
        main,
        text=before.text.rstrip() + (" " if is_apart else "") + line.text.lstrip(),
        left=min(before.left, line.left),
        right=max(before.right, line.right),
    )


def _pitch(rows: list[Line]) -> float:
    """The usual distance of two lines, in heights of a line."""
    pairs = pairwise(rows)
    distances = [(a.baseline - b.baseline) / a.height for a, b in pairs if a.height > 0]
    close = [each for each in distances if 0.5 < each < 2.5]  # noqa: PLR2004
    return median(close) if len(close) > 1 else PITCH


def _between(rows: list[Line], index: int, pitch: float) -> str:
    """What stands between a line and the one before it."""
    before, line = rows[index - 1], rows[index]
    if _is_item(line) and not before.text.rstrip().endswith("-"):
        return LINE
    if _is_elsewhere(before, line):
        return NEXT if _runs_on(before, line) else PARAGRAPH
    if _is_gap(before, line, pitch):
        return PARAGRAPH
    if not _has_ended(rows, index):
        return NEXT if _is_prose(before, line) else LINE
    return PARAGRAPH if ENDED.search(before.text.rstrip()) else LINE


def _is_prose(before: Line, line: Line) -> bool:
    """Rows of a table and lines of an address are short, and none goes on in the next."""
    first = line.text.lstrip()[0]
    return len(before.text.strip()) >= PROSE or (first.isalpha() and not first.isupper())


def _is_item(line: Line) -> bool:
    return bool(ITEM.match(line.text.lstrip()))


def _is_elsewhere(before: Line, line: Line) -> bool:
    """Further up or beside: another column, or another part of the page."""
    is_below = line.baseline < before.baseline
    return not is_below or line.left > before.right or line.right < before.left


def _runs_on(before: Line, line: Line) -> bool:
    same = abs(before.height - line.height) < 0.1 * before.height
    return same and line.text.lstrip()[0].islower() and not ENDED.search(before.text.rstrip())


def _is_gap(before: Line, line: Line, pitch: float) -> bool:
    if abs(before.height - line.height) > 0.15 * max(before.height, line.height):
        return True
    return before.baseline - line.baseline > GAP * pitch * before.height


def _has_ended(rows: list[Line], index: int) -> bool:
    """Whether the line before ends although there was room, or this one is set in."""
    before, line = rows[index - 1], rows[index]
    if _runs_on(before, line):
        return False
    if ENDED.search(before.text.rstrip()) and _is_set_in(rows, index):
        return True
    word = line.text.split(maxsplit=1)[0]
    width = (line.right - line.left) / max(len(line.text), 1)
    return _edge(rows, index) - before.right > (len(word) + 2) * width


def _is_set_in(rows: list[Line], index: int) -> bool:
    line = rows[index]
    after = rows[index + 1].left if index + 1 < len(rows) else rows[index - 1].left
    return line.height < line.left - min(after, rows[index - 1].left) < 6 * line.height


def _edge(rows: list[Line], index: int) -> float:
    """How far the lines around this one reach to the right."""
    line = rows[index - 1]
    around = rows[max(0, index - NEIGHBOURS) : index + NEIGHBOURS]
    return max(
        each.right
        for each in around
        if each.left < line.right and each.right > line.left and _is_alike(each, line)
    )


def _is_alike(a: Line, b: Line) -> bool:
    return abs(a.height - b.height) <= 0.15 * max(a.height, b.height)


def _joined(text: str, between: str, line: str, known: Collection[str]) -> str:
    hyphenated = HYPHENATED.search(text[-80:])
    after = WORD.match(line)
    if between == PARAGRAPH or not hyphenated or not after:
        return text + between + line
    if after[0] in CONJUNCTIONS:
        return f"{text} {line}"
    return text[:-1] + _hyphen(hyphenated[1], after[0], known) + line


def _hyphen(before: str, after: str, known: Collection[str]) -> str:
    """The hyphen where it belongs to the word, empty where it only parts it at the line's end."""
    whole, parts = (before + after).casefold(), f"{before}-{after}".casefold()
    if not after[0].islower() or "-" in after or before[-1].isdigit():
        return "-"
    if whole in known:
        return ""
    if parts in known or before.casefold() in PREFIXES or before.isupper():
        return "-"
    return ""
