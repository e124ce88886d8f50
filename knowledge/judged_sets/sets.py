"""Reads a set of documents, questions and judgements from a folder in the form of BEIR."""

from __future__ import annotations

import csv
import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Text:
    """A document."""

    id: str
    title: str
    text: str

    @property
    def embedded(self) -> str:
        return f"{self.title}\n{self.text}" if self.title else self.text


@dataclass(frozen=True)
class EvaluationSet:
    """``judged`` has for each question what documents are worth; ``unanswerable`` are questions
    that no document answers."""

    name: str
    texts: tuple[Text, ...]
    questions: dict[str, str]
    judged: dict[str, dict[str, float]]
    unanswerable: tuple[str, ...]


def read(folder: Path, split: str = "") -> EvaluationSet:
    """The set in ``folder``; ``split`` chooses ``queries.<split>.jsonl`` and its judgements."""
    dot = f".{split}" if split else ""
    judged = _judgements(folder / f"qrels{dot}.tsv")
    questions = {row["_id"]: row["text"] for row in _lines(folder / f"queries{dot}.jsonl")}
    none = folder / "queries.unanswerable.jsonl"
    return EvaluationSet(
        name=f"{folder.name}{dot}",
        texts=tuple(
            Text(row["_id"], row.get("title") or "", row["text"])
            for row in _lines(folder / "corpus.jsonl.gz")
        ),
        questions={key: text for key, text in questions.items() if key in judged},
        judged=judged,
        unanswerable=tuple(row["text"] for row in _lines(none)) if none.exists() else (),
    )


def _judgements(path: Path) -> dict[str, dict[str, float]]:
    judged: dict[str, dict[str, float]] = {}
    with path.open(newline="") as file:
        for question, text, worth in list(csv.reader(file, delimiter="\t"))[1:]:
            judged.setdefault(question, {})[text] = float(worth)
    return judged


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return (json.loads(line) for line in data.splitlines() if line.strip())
