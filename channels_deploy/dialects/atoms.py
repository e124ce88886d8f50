"""Written text in its smallest pieces, between which it may be cut."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence


class Border(IntEnum):
    """Where a text may be cut, the best places first."""

    BLOCK = 0
    ITEM = 1
    LINE = 2
    SENTENCE = 3
    WORD = 4
    INNER = 5


@dataclass(frozen=True, eq=False)
class Mark:
    """What stands before and behind text of one look. Where a text is cut within it, it ends, and
    begins again. Some also end with a line. ``aside`` is what only the mark says, such as where a
    link leads. ``kind`` is what it makes of the text: a look's, or ``heading``, ``quote`` or
    ``fence``; ``url`` is where it leads. Two that are alike are still two."""

    opening: str
    closing: str
    spans_lines: bool = True
    aside: str = ""
    kind: str = ""
    url: str = ""


@dataclass(frozen=True)
class Atom:
    """A word, or a piece of one: ``written`` in the channel's markup, ``shown`` as people see it.

    ``gap`` stands between it and what is before it, ``lead`` in its place at the start of a part.
    ``marks`` are around it, the outermost first.
    """

    written: str
    shown: str
    marks: tuple[Mark, ...] = ()
    border: Border = Border.WORD
    gap: str = ""
    lead: str = ""


def length(text: str) -> int:
    """UTF-16 code units, in which Telegram counts. Others may count characters, which are never
    more."""
    return len(text) + sum(char > "\uffff" for char in text)


@dataclass(frozen=True)
class Limits:
    """What a part may be at most. ``shown`` is what people see of it, ``written`` is with markup,
    both in UTF-16 code units; ``marks`` is how often one begins."""

    written: int
    shown: int = 1_000_000
    marks: int = 1_000_000


@dataclass(frozen=True)
class Filled:
    """How much of a part is taken by the atoms in it, of which the last stands in ``open``."""

    written: int = 0
    shown: int = 0
    marks: int = 0
    open: tuple[Mark, ...] = ()
    empty: bool = True

    def with_(self, atoms: Sequence[Atom], limits: Limits) -> Filled | None:
        """The same with ``atoms`` too; None where they do not fit."""
        filled = self
        for atom in atoms:
            filled = filled.and_(atom)
            if not filled.fits(limits):
                return None
        return filled

    def and_(self, atom: Atom) -> Filled:
        gap = atom.lead if self.empty else atom.gap
        kept = _shared(self.open, atom, gap)
        closed, opened = self.open[kept:], atom.marks[kept:]
        markup = sum(length(each.closing) for each in closed)
        markup += sum(length(each.opening) for each in opened)
        return Filled(
            self.written + length(gap) + markup + length(atom.written),
            self.shown + length(gap) + length(atom.shown),
            self.marks + len(opened),
            atom.marks,
            empty=False,
        )

    def fits(self, limits: Limits) -> bool:
        written = self.written + sum(length(each.closing) for each in self.open)
        return (
            written <= limits.written and self.shown <= limits.shown and self.marks <= limits.marks
        )


def written(atoms: Iterable[Atom]) -> str:
    """``atoms`` as a text of their own, in which each mark that begins ends."""
    return "".join(_pieces(atoms, lambda mark: mark.closing, lambda mark: mark.opening, "written"))


def spelled_out(atoms: Iterable[Atom]) -> str:
    """``atoms`` without marks, but with all that those say."""
    return "".join(_pieces(atoms, lambda mark: mark.aside, lambda _mark: "", "shown"))


def shown(atoms: Iterable[Atom]) -> str:
    """``atoms`` as people see them."""
    return "".join(_pieces(atoms, lambda _mark: "", lambda _mark: "", "shown"))


def _pieces(
    atoms: Iterable[Atom],
    behind: Callable[[Mark], str],
    before: Callable[[Mark], str],
    text: Literal["written", "shown"],
) -> Iterator[str]:
    now: tuple[Mark, ...] = ()
    for place, atom in enumerate(atoms):
        gap = atom.gap if place else atom.lead
        kept = _shared(now, atom, gap)
        yield from map(behind, reversed(now[kept:]))
        yield gap
        yield from map(before, atom.marks[kept:])
        yield getattr(atom, text)
        now = atom.marks
    yield from map(behind, reversed(now))


def _shared(now: tuple[Mark, ...], atom: Atom, gap: str) -> int:
    """How many of the marks that are open now go on around ``atom``."""
    kept = 0
    for one, other in zip(now, atom.marks, strict=False):
        if one is not other or ("\n" in gap and not one.spans_lines):
            break
        kept += 1
    return kept
