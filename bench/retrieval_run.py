"""Starts the databases, grows the index and measures: the process behind ``bench.retrieval``."""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from django.core.management import call_command

import bench.ready  # noqa: F401 (what follows imports models)
from bench.language import Language
from bench.retrieval_index import Bench
from privexbot.embedded import endpoints, running
from privexbot.env import env

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

CHUNKS_PER_DOCUMENT = 50


@dataclass(frozen=True)
class Line:
    """One measurement."""

    chunks: int
    what: str
    milliseconds: NDArray[np.float64]

    def __str__(self) -> str:
        p50, p95 = np.quantile(self.milliseconds, (0.5, 0.95))
        return f"{self.chunks:>8,}  {self.what:44} p50 {p50:7.1f} ms   p95 {p95:7.1f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.retrieval")
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--questions", type=int, default=200)
    options = parser.parse_args()
    folder = Path(os.environ["PRIVEXBOT_DATA_DIR"])
    with running(endpoints(env, folder), "the benchmark"):
        call_command("migrate", verbosity=0)
        _measure([int(size) for size in options.sizes.split(",")], options.questions)


def _measure(sizes: Sequence[int], questions: int) -> None:
    index = Bench(Language(seed=1))
    for size in sizes:
        began, before = time.perf_counter(), index.size
        index.grow(size, CHUNKS_PER_DOCUMENT)
        each = (time.perf_counter() - began) * 1000 / max(size - before, 1)
        print(f"{size:>8,}  written, without embedding: {each:.2f} ms for each chunk")
        for what, times in index.measure(questions):
            print(Line(size, what, np.array(times)))


if __name__ == "__main__":
    main()
