"""Cuts what is too long for one message, at the best borders there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from channels_deploy.dialects.atoms import Atom, Border, Filled, Limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def cut(atoms: Sequence[Atom], limits: Limits) -> list[list[Atom]]:
    """``atoms`` in parts that keep to ``limits``. What fits into one part whole, such as a
    paragraph, is never cut; what does not goes on where the part before it ends."""
    parts = _Parts(limits)
    parts.add(atoms, Border.BLOCK)
    return parts.whole


class _Parts:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.whole: list[list[Atom]] = []
        self._filled = Filled()

    def add(self, atoms: Sequence[Atom], border: Border) -> None:
        for group in _groups(atoms, border):
            if self._takes(group):
                continue
            if border is Border.INNER or Filled().with_(group, self.limits):
                self._begin(group)
            else:
                self.add(group, Border(border + 1))

    def _takes(self, group: Sequence[Atom]) -> bool:
        filled = self._filled.with_(group, self.limits) if self.whole else None
        if filled:
            self._filled = filled
            self.whole[-1].extend(group)
        return filled is not None

    def _begin(self, group: Sequence[Atom]) -> None:
        filled = Filled().with_(group, self.limits)
        # Atoms are made so small that each fits, with all that may be around it.
        assert filled
        self._filled = filled
        self.whole.append(list(group))


def _groups(atoms: Sequence[Atom], border: Border) -> Iterator[Sequence[Atom]]:
    """``atoms`` in the stretches between the places that are as good as ``border``."""
    start = 0
    for place, atom in enumerate(atoms):
        if place > start and atom.border <= border:
            yield atoms[start:place]
            start = place
    if start < len(atoms):
        yield atoms[start:]
