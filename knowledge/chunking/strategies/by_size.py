"""Paragraphs packed to the size; what is too long is cut by sentences, then by words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.chunking.blocks import Kind
from knowledge.chunking.layout import WHOLE_CODE
from knowledge.chunking.packing import Packer
from knowledge.chunking.strategies.base import Strategy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.chunking.chunk import Chunk
    from knowledge.chunking.config import ChunkingConfig
    from knowledge.chunking.layout import Layout, Unit
    from knowledge.chunking.strategies.base import Embed


class BySize(Strategy):
    name = "by_size"

    def cut(self, layout: Layout, config: ChunkingConfig, embed: Embed) -> Iterator[Chunk]:
        packer = Packer(layout, config)
        return packer.pack(list(_paragraphs(packer)))


def _paragraphs(packer: Packer) -> Iterator[Unit]:
    layout = packer.layout
    for block in layout.blocks:
        tokens = layout.tokens(block.start, block.end)
        whole_code = packer.config.preserve_code_blocks and block.kind is Kind.CODE
        if tokens <= packer.size * (WHOLE_CODE if whole_code else 1):
            yield from layout.whole(block)
        else:
            yield from layout.parts(block, packer.size)
