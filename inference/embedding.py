"""An embedding model as a function of texts. Knows no document, no index and no framework."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


class EmbeddingError(Exception):
    """A model cannot embed. The message is for people and holds no secret; ``permanent`` means
    that trying again will not help, ``retry_after`` is how many seconds a server asks for."""

    def __init__(
        self, message: str, *, permanent: bool = False, retry_after: int | None = None
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after


class Tokenizer(Protocol):
    """The unit that texts are measured in. ``count`` is the length of ``offsets``."""

    def count(self, text: str) -> int: ...

    def offsets(self, text: str) -> Sequence[tuple[int, int]]:
        """Where each token begins and ends in ``text``, in characters and in order."""
        ...


class Embedder(Protocol):
    """Texts in, vectors out. It waits, so asynchronous callers use a thread.

    ``id`` names the space that the vectors live in and is kept with every index. What is longer
    than ``max_tokens``, the model's own marks among them, is not read to its end.
    """

    @property
    def id(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    @property
    def max_tokens(self) -> int: ...

    @property
    def tokenizer(self) -> Tokenizer: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 for each text, in their order; raises ``EmbeddingError``."""
        ...


def normalised(vectors: Vectors) -> Vectors:
    """``vectors`` with length 1 each; those without a direction come out as NaN."""
    lengths: Vectors = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        return (vectors / lengths).astype(np.float32)
