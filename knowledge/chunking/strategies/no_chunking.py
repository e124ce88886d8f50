"""Every page is one chunk, however long it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.chunking.chunk import Chunk
from knowledge.chunking.packing import headings
from knowledge.chunking.sentences import trimmed
from knowledge.chunking.strategies.base import Strategy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.chunking.config import ChunkingConfig
    from knowledge.chunking.layout import Layout
    from knowledge.chunking.strategies.base import Embed


class NoChunking(Strategy):
    name = "no_chunking"

    def cut(self, layout: Layout, config: ChunkingConfig, embed: Embed) -> Iterator[Chunk]:
        for start, end in trimmed(layout.text, 0, len(layout.text)):
            yield Chunk(
                text=layout.text[start:end],
                page=layout.page.number,
                start=start,
                end=end,
                headings=headings(layout, layout.sentences),
                tokens=layout.tokens(start, end),
            )
