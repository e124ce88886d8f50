"""Starts the databases, fills the bases and measures: the process behind ``bench.ingest``."""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from django.core.management import call_command

import bench.ready  # noqa: F401 (what follows imports models)
from bench.deleting import deleted
from bench.ingest_base import Base, Embedded, Free
from privexbot.embedded import endpoints, running
from privexbot.env import env

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.ingest_base import Cost, Round

# Chunks between two turns of the bare loop, and those that are added to a base that is there.
AT_A_TIME = 250
FURTHER = 1000
SENTENCES_PER_PARAGRAPH = (2, 7)
PARAGRAPHS_PER_DOCUMENT = (3, 90)
_SENTENCE = re.compile(r"(?<=[.!?]) +(?=[A-Z])")


@dataclass(frozen=True)
class Text:
    """A document's title and Markdown."""

    title: str
    markdown: str


class Writer:
    """Makes documents of sentences that people wrote, in an order that nobody wrote."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = np.random.default_rng(seed)
        with gzip.open(folder / "corpus.jsonl.gz", "rt") as file:
            texts = [json.loads(line) for line in file]
        self.titles = [text.get("title") or text["text"][:60] for text in texts]
        self.sentences = [one for text in texts for one in _SENTENCE.split(text["text"])]

    def documents(self) -> Iterator[Text]:
        """As many as are wanted."""
        while True:
            many = int(self.chance.integers(*PARAGRAPHS_PER_DOCUMENT))
            paragraphs = [self._some() for _ in range(many)]
            yield Text(self._one(self.titles), "\n\n".join(paragraphs))

    def _some(self) -> str:
        many = int(self.chance.integers(*SENTENCES_PER_PARAGRAPH))
        return " ".join(self._one(self.sentences) for _ in range(many))

    def _one(self, of: Sequence[str]) -> str:
        return of[int(self.chance.integers(len(of)))]


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.ingest")
    parser.add_argument("folder", type=Path, help="with corpus.jsonl.gz")
    parser.add_argument("--sizes", default="1000,10000", help="in chunks that are embedded")
    parser.add_argument("--growth", default="1000,10000,100000", help="in chunks that are not")
    options = parser.parse_args()
    writer = Writer(options.folder, seed=1)
    with running(endpoints(env, Path(os.environ["PRIVEXBOT_DATA_DIR"])), "the benchmark"):
        call_command("migrate", verbosity=0)
        _measure(writer, _numbers(options.sizes), _numbers(options.growth))


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",") if number]


def _measure(writer: Writer, sizes: Sequence[int], growth: Sequence[int]) -> None:
    embedded = Embedded(Base("local", writer.documents()))
    for size in sizes:
        _print_rates(size, embedded.rounds(size, AT_A_TIME))
    base = Base(Free.PROVIDER, writer.documents())
    for size in growth:
        _print_growth(base, size)
    if growth:
        _print_deletion(base)


def _print_rates(size: int, rounds: Sequence[Round]) -> None:
    chunks = sum(each.chunks for each in rounds)
    bare, whole = sum(each.bare for each in rounds), sum(each.whole for each in rounds)
    low, high = np.quantile([each.ratio for each in rounds], (0.1, 0.9))
    tokens = sum(each.tokens for each in rounds) / chunks
    print(
        f"to {size:>7,}  {tokens:.0f} tokens a chunk   bare loop {chunks / bare:5.1f}/s   "
        f"ingest {chunks / whole:5.1f}/s   ratio {bare / whole:.2f} "
        f"(of {len(rounds)} rounds, four of five between {low:.2f} and {high:.2f})",
        flush=True,
    )


def _print_growth(base: Base, size: int) -> None:
    before = base.size
    cost, added = base.grow(size), base.size - before
    print(f"to {base.size:>7,}  all but embedding: {_each(cost, added)}")
    hnsw = base.build_hnsw()
    print(
        f"to {base.size:>7,}  of it HNSW, which comes with 20,000 chunks: {hnsw.cpu:.1f} s of "
        f"processors, {hnsw.wall:.1f} s in all"
    )
    before = base.size
    cost, added = base.grow(before + FURTHER), base.size - before
    print(f"at {before:>7,}  {added:,} more, into HNSW: {_each(cost, added)}", flush=True)


def _print_deletion(base: Base) -> None:
    size = base.size
    hiding, removing = deleted(base.row)
    print(
        f"of {size:>7,}  gone for everybody after {hiding.seconds * 1000:.0f} ms, removed after "
        f"{removing.seconds:.1f} s, the longest transaction {removing.longest * 1000:.0f} ms"
    )


def _each(cost: Cost, chunks: int) -> str:
    """What the others on the machine take shows in the second figure alone."""
    return (
        f"{cost.cpu / chunks * 1000:.2f} ms of processors a chunk, "
        f"{cost.wall / chunks * 1000:.2f} ms in all"
    )


if __name__ == "__main__":
    main()
