"""Pages in, chunks out: the one way in for the draft's preview and for the index."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.chunking.layout import Layout
from knowledge.chunking.strategies import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from inference.embedding import Tokenizer
    from knowledge.chunking.chunk import Chunk
    from knowledge.chunking.config import ChunkingConfig
    from knowledge.chunking.strategies.base import Embed
    from knowledge.texts import Page


# Raised when chunks would be made in another way from the same text: all are made anew then.
VERSION = 3


def cut(
    pages: Sequence[Page], config: ChunkingConfig, tokenizer: Tokenizer, embed: Embed
) -> list[Chunk]:
    """The chunks of ``pages`` in order. Only the strategies that compare meanings ``embed``, and
    pass on what it raises."""
    return list(each_chunk(pages, config, tokenizer, embed))


def each_chunk(
    pages: Iterable[Page], config: ChunkingConfig, tokenizer: Tokenizer, embed: Embed
) -> Iterator[Chunk]:
    """As ``cut``, one after the other, for whoever may stop before the end."""
    strategy = BY_NAME[config.strategy]
    for page in pages:
        yield from _with_overlaps(strategy.cut(Layout(page, tokenizer), config, embed))


def _with_overlaps(chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    previous: Chunk | None = None
    for chunk in chunks:
        repeats = max(0, previous.end - chunk.start) if previous else 0
        yield replace(chunk, overlap=repeats) if repeats else chunk
        previous = chunk
