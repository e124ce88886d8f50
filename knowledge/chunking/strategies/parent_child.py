"""Small chunks that are found, inside larger passages that the model is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.chunking.chunk import Parent
from knowledge.chunking.packing import Packer
from knowledge.chunking.strategies.base import Strategy
from knowledge.chunking.strategies.by_heading import pack_sections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.chunking.chunk import Chunk
    from knowledge.chunking.config import ChunkingConfig
    from knowledge.chunking.layout import Layout
    from knowledge.chunking.strategies.base import Embed

# How many chunks a parent holds at most.
TIMES = 4

# What is smaller than this share of the size completes another section: parents give context.
SMALL = 1 / 4


class ParentChild(Strategy):
    name = "parent_child"

    def cut(self, layout: Layout, config: ChunkingConfig, embed: Embed) -> Iterator[Chunk]:
        packer = Packer(layout, config)
        units = packer.units()
        at = 0
        for passage in pack_sections(Packer(layout, config.larger(TIMES)), units, SMALL):
            parent = Parent(passage.page, passage.start, passage.end)
            first = at
            while at < len(units) and units[at].end <= passage.end:
                at += 1
            for chunk in packer.pack(units[first:at]):
                yield replace(chunk, parent=parent)
