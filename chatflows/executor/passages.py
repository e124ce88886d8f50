"""The passages of knowledge that a run has found, numbered through, and which it may cite."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from conversations.prompt import cited
from conversations.turn import Passage
from inference.grounding import Source, fenced

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Passages:
    """Only what stood in a prompt, or was quoted word by word, can be cited."""

    def __init__(self, kept: Iterable[Mapping[str, Any]] = ()) -> None:
        self._all = [Passage(**each) for each in kept]
        self._citable: set[int] = set()
        self._counts: list[int] = []

    def numbered(self, found: Iterable[Passage]) -> tuple[Passage, ...]:
        """``found`` with their numbers in this run; one that was found before keeps its own."""
        known = tuple(self._known(passage) for passage in found)
        self._counts.append(len(known))
        return known

    @property
    def found_nothing(self) -> bool:
        """Whether this run looked something up, and found nothing each time."""
        return bool(self._counts) and not any(self._counts)

    def _known(self, passage: Passage) -> Passage:
        for each in self._all:
            if each.chunk_id == passage.chunk_id and each.text == passage.text:
                return each
        known = replace(passage, number=max((each.number for each in self._all), default=0) + 1)
        self._all.append(known)
        return known

    def read_in(self, prompt: str) -> None:
        """Note which of them a model is shown in ``prompt``."""
        shown = (each.number for each in self._all if as_shown(each) in prompt)
        self._citable.update(shown)

    def quoted(self, passages: Iterable[Passage]) -> None:
        """Note that these are said word by word."""
        self._citable.update(each.number for each in passages)

    def cited_in(self, answer: str) -> tuple[Passage, ...]:
        """Those that ``answer`` cites and may cite."""
        return cited(answer, (each for each in self._all if each.number in self._citable))

    @property
    def sources(self) -> tuple[str, ...]:
        """What was consulted, by name."""
        shown = (each.title for each in self._all if each.number in self._citable)
        return tuple(dict.fromkeys(shown))

    def restore(self, passages: Iterable[Passage], citable: Iterable[int]) -> None:
        """Know what another run had found, by the same numbers."""
        taken = {each.number for each in self._all}
        for each in passages:
            # A node tells too what those had found that it ran.
            if each.number not in taken:
                taken.add(each.number)
                self._all.append(each)
        self._citable.update(citable)

    def mark(self) -> tuple[int, frozenset[int]]:
        """Where it stands now, for ``since``."""
        return len(self._all), frozenset(self._citable)

    def since(
        self, mark: tuple[int, frozenset[int]]
    ) -> tuple[tuple[Passage, ...], tuple[int, ...]]:
        """What was found after ``mark``, and the numbers that became citable."""
        found, citable = mark
        return tuple(self._all[found:]), tuple(sorted(self._citable - citable))

    def as_json(self) -> list[dict[str, Any]]:
        return [asdict(each) for each in self._all]


def as_shown(passage: Passage) -> str:
    """A passage as it stands in a prompt."""
    return fenced(Source(passage.number, passage.title, passage.text, passage.note))


def block_of(passages: Sequence[Passage]) -> str:
    """The passages as they stand in a prompt."""
    return "\n".join(as_shown(each) for each in passages)
