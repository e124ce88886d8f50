"""The command, on a set of our own and on a public one where that is at hand."""

from __future__ import annotations

import gzip
import io
import json
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command

from knowledge.models import Chunk, Index, KnowledgeBase, Posting
from tests.support.public_sets import SETS, goal
from workspaces.models import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

pytestmark = pytest.mark.django_db
TEXTS = {
    "1": ("Refunds", "Money is paid back within fourteen days."),
    "2": ("Shipping", "Parcels leave the warehouse every morning."),
    "3": ("Passwords", "A link to choose a new one is sent by mail."),
}
QUESTIONS = {"a": "When do I get my money back?", "b": "How do I reset my password?"}


def lines(rows: Iterable[dict[str, str]]) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = ({"_id": key, "title": title, "text": text} for key, (title, text) in TEXTS.items())
    (tmp_path / "corpus.jsonl.gz").write_bytes(gzip.compress(lines(rows)))
    asked = ({"_id": key, "text": text} for key, text in QUESTIONS.items())
    (tmp_path / "queries.jsonl").write_bytes(lines(asked))
    none = [{"_id": "x", "text": "Who won the match of chess?"}]
    (tmp_path / "queries.unanswerable.jsonl").write_bytes(lines(none))
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\na\t1\t1\nb\t3\t1\n")
    return tmp_path


def evaluate(*arguments: str) -> dict[str, list[float]]:
    """The figures of each method, as printed."""
    out = io.StringIO()
    call_command("evaluate_retrieval", *arguments, stdout=out)
    rows = [line.split() for line in out.getvalue().splitlines()]
    names = {"keyword", "vector", "hybrid", "hybrid+rerank", "RRF"}
    figures = {row[0]: [float(each) for each in row[1:]] for row in rows if row[0] in names}
    return figures | {"AUROC": [float(row[-1]) for row in rows if "AUROC" in row]}


def test_a_small_set(folder: Path) -> None:
    figures = evaluate(str(folder))
    assert figures["hybrid"][:4] == figures["RRF"][:4] == [1, 1, 1, 1]
    assert figures["AUROC"] == [1]
    assert not any(m.objects.exists() for m in (Index, Chunk, Posting, KnowledgeBase, Workspace))


def test_reranked_beside_not_reranked(folder: Path) -> None:
    figures = evaluate(str(folder), "--methods=hybrid,hybrid+rerank")
    assert figures["hybrid"][:4] == figures["hybrid+rerank"][:4] == [1, 1, 1, 1]
    with pytest.raises(CommandError):
        evaluate(str(folder), "--methods=hybrid+other")


def test_what_is_no_set(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        evaluate(str(tmp_path))


@goal
@pytest.mark.parametrize(
    ("name", "split", "least"),
    [
        ("covid-faq", "", 0.755),
        ("cranfield", "", 0.43),
        pytest.param("cacm", "", 0.595, marks=pytest.mark.slow),
        pytest.param("scifact", "train", 0.735, marks=pytest.mark.slow),
    ],
)
def test_public_sets(name: str, split: str, least: float) -> None:
    figures = evaluate(str(SETS / name), f"--split={split}")
    assert figures["hybrid"][0] >= least
    assert figures["hybrid"][0] > max(figures["keyword"][0], figures["vector"][0])


@goal
def test_public_questions_without_an_answer() -> None:
    (area,) = evaluate(str(SETS / "clapnq-dev"), "--methods=hybrid")["AUROC"]
    assert area >= 0.86
