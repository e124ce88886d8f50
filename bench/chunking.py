"""How much of what questions ask for the chunks bring into a model's prompt.

``python -m bench.chunking FOLDER`` with Chroma's evaluation of chunking (questions.csv with exact
spans, and its corpora): recall of those spans by the chunks that fit 500, 1,000 and 2,000 tokens,
ranked by BM25 and by vectors, each divided by its maximum, half and half. The chunks of all corpora
are searched together.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from inference.embedders.local import LOCAL
from knowledge.chunking.config import ChunkingConfig
from knowledge.chunking.cutting import cut
from knowledge.chunking.embedded_text import embedded_text
from knowledge.texts import Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from knowledge.chunking.chunk import Chunk

BUDGETS = (500, 1000, 2000)
CANDIDATES = 50
_WORD = re.compile(r"\w+")
_STOP = frozenset(
    """a an and are as at be been being but by can did do does for from had has have how i if in
    into is it its of on or our s so than that the their them then there these they this those to
    was we were what when where which who why will with would you your""".split()  # noqa: SIM905
)


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


def indexed(folder: Path, config: ChunkingConfig) -> list[Indexed]:
    found = []
    for path in sorted(folder.glob("*.md")):
        if path.stem != "README":
            title = path.stem.replace("_", " ")
            chunks = cut([Page(1, path.read_text())], config, LOCAL.tokenizer, LOCAL.embed)
            texts = [embedded_text(title, chunk, LOCAL.tokenizer) for chunk in chunks]
            found += [Indexed(path.stem, c, t) for c, t in zip(chunks, texts, strict=True)]
    return found


class BM25:
    """Scores of every text for a question, by SQLite: stemmed, k1 1.2 and b 0.75."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.size = len(texts)
        self.database = sqlite3.connect(":memory:")
        self.database.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize='porter')")
        self.database.executemany("INSERT INTO t(rowid, text) VALUES (?, ?)", enumerate(texts))

    def scores(self, question: str) -> NDArray[np.float64]:
        words = {word for word in _WORD.findall(question.lower()) if word not in _STOP}
        scores = np.zeros(self.size)
        any_of = " OR ".join(f'"{word}"' for word in words)
        found = "SELECT rowid, -bm25(t) FROM t WHERE t MATCH ?"
        for at, score in self.database.execute(found, [any_of]):
            scores[at] = score
        return scores


def ranked(keyword: NDArray[np.float64], vector: NDArray[np.float64]) -> list[int]:
    """Positions by both scores, each divided by its maximum, over what either finds best."""
    best = {int(at) for s in (keyword, vector) for at in np.argsort(-s)[:CANDIDATES]}
    both = keyword / max(keyword.max(), 1e-9) + vector / max(vector.max(), 1e-9)
    return sorted(best, key=lambda at: -both[at])


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
    texts = [item.text for item in items]
    keyword, vectors = BM25(texts), LOCAL.embed(texts)
    similar = LOCAL.embed([q.text for q in asked]) @ vectors.T
    sums = dict.fromkeys(BUDGETS, 0.0)
    for at, question in enumerate(asked):
        order = ranked(keyword.scores(question.text), similar[at].astype(np.float64))
        for budget in BUDGETS:
            sums[budget] += recall(question, fitting(order, items, budget))
    sizes = [item.chunk.tokens for item in items]
    print(f"{len(items)} chunks of {sum(sizes) / len(sizes):.0f} tokens, {len(asked)} questions")
    return {budget: 100 * total / len(asked) for budget, total in sums.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("configs", nargs="*", default=["{}"], help="chunking configs as JSON")
    arguments = parser.parse_args()
    for text in arguments.configs:
        config = ChunkingConfig.model_validate_json(text)
        found = measure(arguments.folder, config)
        print(text, " / ".join(f"{value:.1f} at {budget}" for budget, value in found.items()))


if __name__ == "__main__":
    main()
