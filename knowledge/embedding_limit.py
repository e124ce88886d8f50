"""Counts what an embedding model does for which the server pays."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.limits import again
from common.problems import Problem
from conversations.limits import of_server_work
from inference.embedding import EmbeddingError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from inference.embedding import Embedder, Tokenizer, Vectors

# Texts that count as one message: a request's worth, about as long as what a chat sends with one.
TEXTS_PER_MESSAGE = 32


@dataclass(frozen=True)
class CountedEmbedder:
    """``embedder``, as far as what the server pays for a workspace in a day goes."""

    embedder: Embedder
    workspace_id: UUID

    @property
    def id(self) -> str:
        return self.embedder.id

    @property
    def dimensions(self) -> int:
        return self.embedder.dimensions

    @property
    def max_tokens(self) -> int:
        return self.embedder.max_tokens

    @property
    def tokenizer(self) -> Tokenizer:
        return self.embedder.tokenizer

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Also raises ``EmbeddingError`` when the workspace's share is used up, with how long."""
        for _message in range(math.ceil(len(texts) / TEXTS_PER_MESSAGE)):
            self._count()
        return self.embedder.embed(texts)

    def _count(self) -> None:
        for limit in of_server_work(self.workspace_id):
            try:
                wait = limit.wait()
            except Problem as away:
                raise EmbeddingError(away.detail) from None
            if wait:
                raise EmbeddingError(f"{limit.detail} {again(wait)}", retry_after=wait)
