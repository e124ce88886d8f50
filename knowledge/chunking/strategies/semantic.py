"""Cuts where the subject changes: where neighbouring groups of sentences mean different things."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from knowledge.chunking.packing import Packer
from knowledge.chunking.strategies.base import Strategy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.chunking.chunk import Chunk
    from knowledge.chunking.config import ChunkingConfig
    from knowledge.chunking.layout import Layout, Unit
    from knowledge.chunking.strategies.base import Embed

# Sentences on either side that are compared, and how much of them.
GROUP = 3
LONGEST_GROUP = 1000
# Below the mean of the page by so many standard deviations the subject has changed.
DEVIATIONS = 1.0
# What is smaller than this share of the size is not cut off.
SMALL = 1 / 4


class Semantic(Strategy):
    name = "semantic"

    def cut(self, layout: Layout, config: ChunkingConfig, embed: Embed) -> Iterator[Chunk]:
        packer = Packer(layout, config)
        units = packer.units()
        changes = _changes(layout, units, embed)

        def begins(unit: Unit, tokens: int) -> bool:
            return unit.start in changes and tokens >= SMALL * packer.size

        return packer.pack(units, begins)


def _changes(layout: Layout, units: Sequence[Unit], embed: Embed) -> frozenset[int]:
    """Where the units begin that start a new subject."""
    if len(units) <= GROUP:
        return frozenset()
    groups = [layout.text[u.start : _end(units, at)] for at, u in enumerate(units)]
    vectors = embed(groups)
    places = range(1, len(units))
    likeness = np.array([vectors[max(0, at - GROUP)] @ vectors[at] for at in places])
    low = likeness.mean() - DEVIATIONS * likeness.std()
    padded = np.concatenate(([np.inf], likeness, [np.inf]))
    lowest = (likeness <= padded[:-2]) & (likeness <= padded[2:]) & (likeness < low)
    return frozenset(units[at].start for at, is_low in zip(places, lowest, strict=True) if is_low)


def _end(units: Sequence[Unit], at: int) -> int:
    last = units[min(at + GROUP, len(units)) - 1].end
    return min(last, units[at].start + LONGEST_GROUP)
