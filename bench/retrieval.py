"""What a question costs in the database as a knowledge base grows: 1,000, 10,000, 100,000 chunks.

``python -m bench.retrieval`` makes an index of texts whose words are as unevenly spread as those of
a language (Zipf) and of vectors that lie in clusters, in a database of its own that is removed
afterwards. It measures the statement alone, as ``VectorStore.candidates`` sends it.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import django
import numpy as np
from django.core.management import call_command

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

WORDS = 60_000
WORDS_PER_CHUNK = 130
CHUNKS_PER_DOCUMENT = 50
CLUSTERS = 500
DIMENSIONS = 384
QUESTION = (3, 14)


@dataclass(frozen=True)
class Line:
    """One measurement."""

    chunks: int
    what: str
    milliseconds: NDArray[np.float64]

    def __str__(self) -> str:
        p50, p95 = np.quantile(self.milliseconds, (0.5, 0.95))
        return f"{self.chunks:>8,}  {self.what:44} p50 {p50:7.1f} ms   p95 {p95:7.1f} ms"


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--questions", type=int, default=200)
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "privexbot.settings"
    with tempfile.TemporaryDirectory(prefix="privexbot-bench-") as folder:
        os.environ["PRIVEXBOT_DATA_DIR"] = folder
        _measure([int(size) for size in options.sizes.split(",")], options.questions)


def _measure(sizes: Sequence[int], questions: int) -> None:
    # The settings read the folder when they are imported.
    from privexbot.embedded import endpoints, running  # noqa: PLC0415
    from privexbot.env import env  # noqa: PLC0415

    folder = Path(os.environ["PRIVEXBOT_DATA_DIR"])
    with running(endpoints(env, folder), "the benchmark"):
        django.setup()
        call_command("migrate", verbosity=0)
        from bench.retrieval_index import Bench  # noqa: PLC0415

        bench = Bench(Language(seed=1))
        for size in sizes:
            began, before = time.perf_counter(), bench.size
            bench.grow(size, CHUNKS_PER_DOCUMENT)
            each = (time.perf_counter() - began) * 1000 / max(size - before, 1)
            print(f"{size:>8,}  written, without embedding: {each:.2f} ms for each chunk")
            for what, times in bench.measure(questions):
                print(Line(size, what, np.array(times)))


if __name__ == "__main__":
    main()
