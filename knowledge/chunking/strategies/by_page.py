"""A page is a chunk; one that is too long is cut between sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.chunking.packing import Packer
from knowledge.chunking.strategies.base import Strategy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.chunking.chunk import Chunk
    from knowledge.chunking.config import ChunkingConfig
    from knowledge.chunking.layout import Layout
    from knowledge.chunking.strategies.base import Embed


class ByPage(Strategy):
    name = "by_page"

    def cut(self, layout: Layout, config: ChunkingConfig, embed: Embed) -> Iterator[Chunk]:
        packer = Packer(layout, config)
        return packer.pack(packer.units())
