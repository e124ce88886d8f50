"""The command, on a set of our own and on a public one where that is at hand."""

from __future__ import annotations

import gzip
import io
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from knowledge.models import Chunk, Index, KnowledgeBase, Posting
from workspaces.models import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = pytest.mark.django_db
SETS = Path(os.environ.get("PRIVEXBOT_DATA_SETS", settings.BASE_DIR.parent / "shared" / "data"))
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


@pytest.mark.skipif(not (SETS / "covid-faq").exists(), reason="the public sets are not here")
@pytest.mark.parametrize(("name", "goal"), [("covid-faq", 0.755), ("cranfield", 0.43)])
def test_public_sets(name: str, goal: float) -> None:
    figures = evaluate(str(SETS / name))
    assert figures["hybrid"][0] >= goal
    assert figures["hybrid"][0] > max(figures["keyword"][0], figures["vector"][0])
