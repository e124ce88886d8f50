"""What a strategy is: one class in one file, listed in ``knowledge.chunking.strategies``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from inference.embedding import Vectors
    from knowledge.chunking.chunk import Chunk
    from knowledge.chunking.config import ChunkingConfig, StrategyName
    from knowledge.chunking.layout import Layout

    Embed = Callable[[Sequence[str]], Vectors]


class Strategy(ABC):
    """Cuts one page. Every character that is not blank is in some chunk, chunks are in order, and
    each is what its page says between its start and its end."""

    name: StrategyName

    @abstractmethod
    def cut(self, layout: Layout, config: ChunkingConfig, embed: Embed) -> Iterator[Chunk]:
        """The chunks of a page. ``embed`` gives vectors of length 1, and raises what it raises."""
