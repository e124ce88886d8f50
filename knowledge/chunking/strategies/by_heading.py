"""Whole sentences packed to the size; a heading starts a new chunk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.chunking.packing import Packer
from knowledge.chunking.strategies.base import Strategy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.chunking.chunk import Chunk
    from knowledge.chunking.config import ChunkingConfig
    from knowledge.chunking.layout import Layout, Unit
    from knowledge.chunking.strategies.base import Embed

# What is smaller than this share of the size says too little alone: the next section joins it.
SMALL = 4


class ByHeading(Strategy):
    name = "by_heading"
    label = "By heading"

    def cut(self, layout: Layout, config: ChunkingConfig, embed: Embed) -> Iterator[Chunk]:
        packer = Packer(layout, config)
        return pack_sections(packer, packer.units())


def pack_sections(packer: Packer, units: Sequence[Unit]) -> Iterator[Chunk]:
    """``units`` in chunks that end where a heading stands."""

    def begins(unit: Unit, tokens: int) -> bool:
        return unit.is_heading and tokens * SMALL >= packer.size

    return packer.pack(units, begins)
