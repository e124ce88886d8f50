"""Texts and vectors as a language has them, made up: see ``bench.retrieval``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

WORDS = 60_000
WORDS_PER_CHUNK = 130
CLUSTERS = 500
DIMENSIONS = 384
QUESTION = (3, 14)


class Language:
    """Words as a language has them: few everywhere, most hardly anywhere; texts keep to a theme."""

    def __init__(self, seed: int) -> None:
        self.chance = np.random.default_rng(seed)
        weights = 1 / (np.arange(WORDS) + 2.7)
        self.weights = weights / weights.sum()
        self.names = np.array([f"w{number:x}q" for number in range(WORDS)])
        self.themes = self.chance.normal(size=(CLUSTERS, DIMENSIONS)).astype(np.float32)

    def texts(self, many: int) -> list[str]:
        drawn = self.chance.choice(WORDS, (many, WORDS_PER_CHUNK), p=self.weights)
        return [" ".join(words) for words in self.names[drawn]]

    def vectors(self, many: int) -> NDArray[np.float32]:
        noise = self.chance.normal(size=(many, DIMENSIONS)).astype(np.float32)
        vectors = self.themes[self.chance.integers(CLUSTERS, size=many)] + noise
        made: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return made

    def questions(self, many: int) -> Iterator[tuple[str, NDArray[np.float32]]]:
        for vector in self.vectors(many):
            words = self.chance.choice(WORDS, self.chance.integers(*QUESTION), p=self.weights)
            yield " ".join(self.names[words]), vector
