"""Starts the databases, cuts and asks: the process behind ``bench.chunking``."""

from __future__ import annotations

import argparse
import csv
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import bench.ready  # noqa: F401 (what follows imports models)
from inference.embedders.local import LOCAL
from knowledge import languages
from knowledge.chunking.config import ChunkingConfig
from knowledge.chunking.cutting import cut
from knowledge.chunking.embedded_text import embedded_text
from knowledge.index.lexemes import Passage
from knowledge.retrieval import in_memory
from knowledge.retrieval.words import words_of
from knowledge.texts import Page
from privexbot.embedded import endpoints, running
from privexbot.env import env

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.chunking.chunk import Chunk

BUDGETS = (500, 1000, 2000)


@dataclass(frozen=True)
class Question:
    """What is asked of which corpus, and where the answer is."""

    text: str
    corpus: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Indexed:
    """A chunk of a corpus, and what is searched of it."""

    corpus: str
    chunk: Chunk
    text: str


def questions(folder: Path) -> Iterator[Question]:
    """Those whose corpus is there."""
    with (folder / "questions.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            if (folder / f"{row['corpus_id']}.md").exists():
                spans = [(r["start_index"], r["end_index"]) for r in json.loads(row["references"])]
                yield Question(row["question"], row["corpus_id"], tuple(spans))


def title_of(corpus: str) -> str:
    return corpus.replace("_", " ")


def indexed(folder: Path, config: ChunkingConfig) -> list[Indexed]:
    found = []
    for path in sorted(folder.glob("*.md")):
        if path.stem != "README":
            chunks = cut([Page(1, path.read_text())], config, LOCAL.tokenizer, LOCAL.embed)
            texts = [embedded_text(title_of(path.stem), chunk, LOCAL.tokenizer) for chunk in chunks]
            found += [Indexed(path.stem, c, t) for c, t in zip(chunks, texts, strict=True)]
    return found


def recall(question: Question, chosen: Sequence[Indexed]) -> float:
    """The share of the answer's characters that are in the chosen chunks."""
    wanted = {at for start, end in question.spans for at in range(start, end)}
    found: set[int] = set()
    for item in chosen:
        if item.corpus == question.corpus:
            for start, end in question.spans:
                found |= set(range(max(start, item.chunk.start), min(end, item.chunk.end)))
    return len(found & wanted) / len(wanted)


def fitting(order: Sequence[int], items: Sequence[Indexed], budget: int) -> list[Indexed]:
    """The best chunks that fit together, one at the least."""
    chosen: list[Indexed] = []
    used = 0
    for at in order:
        used += items[at].chunk.tokens
        if chosen and used > budget:
            break
        chosen.append(items[at])
    return chosen


def measure(folder: Path, config: ChunkingConfig) -> dict[int, float]:
    """Mean recall in percent at each budget."""
    asked, items = list(questions(folder)), indexed(folder, config)
    passages = in_memory.corpus(words_of(_passages(items)), LOCAL.embed([i.text for i in items]))
    vectors = LOCAL.embed([question.text for question in asked])
    sums = dict.fromkeys(BUDGETS, 0.0)
    for question, vector in zip(asked, vectors, strict=True):
        ranked = in_memory.rank(passages, question.text, vector)
        order = [scored.candidate.chunk_id for scored in ranked]
        for budget in BUDGETS:
            sums[budget] += recall(question, fitting(order, items, budget))
    sizes = [item.chunk.tokens for item in items]
    print(f"{len(items)} chunks of {sum(sizes) / len(sizes):.0f} tokens, {len(asked)} questions")
    return {budget: 100 * total / len(asked) for budget, total in sums.items()}


def _passages(items: Sequence[Indexed]) -> list[Passage]:
    """What is searched by word, each corpus in its language."""
    texts: dict[str, list[str]] = {}
    for item in items:
        texts.setdefault(item.corpus, []).append(item.chunk.text)
    spoken = {corpus: languages.detect("\n".join(whole)) for corpus, whole in texts.items()}
    return [
        Passage(title_of(i.corpus), i.chunk.headings, i.chunk.text, spoken[i.corpus]) for i in items
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.chunking")
    parser.add_argument("folder", type=Path)
    parser.add_argument("configs", nargs="*", default=["{}"], help="chunking configs as JSON")
    arguments = parser.parse_args()
    with running(endpoints(env, Path(os.environ["PRIVEXBOT_DATA_DIR"])), "the benchmark"):
        for text in arguments.configs:
            config = ChunkingConfig.model_validate_json(text)
            found = measure(arguments.folder, config)
            print(text, " / ".join(f"{value:.1f} at {budget}" for budget, value in found.items()))


if __name__ == "__main__":
    main()
