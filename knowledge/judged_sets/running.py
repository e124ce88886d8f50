"""Runs a set through the product's own index and search."""

from __future__ import annotations

import secrets
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import mean
from typing import TYPE_CHECKING

import numpy as np

from knowledge.evaluation import metrics
from knowledge.index import hnsw
from knowledge.index.dropping import drop_index
from knowledge.index.lookup import Method
from knowledge.index.rows import Row, Span
from knowledge.index.writing import replace_document
from knowledge.kind import KIND
from knowledge.models import Document, Index, KnowledgeBase
from knowledge.retrieval.query import Query, Target
from knowledge.retrieval.search import rank
from workspaces.models import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from inference.embedding import Embedder, Vectors
    from knowledge.judged_sets.sets import EvaluationSet, Text

# A question is judged to be answerable by the best of so many passages.
FIRST = 5
RERANKED = "+rerank"


@dataclass(frozen=True)
class Way:
    """How questions are asked; ``hybrid+rerank`` is a way's name."""

    method: Method
    rerank: bool = False

    @classmethod
    def named(cls, name: str) -> Way:
        """Raises ``ValueError`` when there is no such way."""
        method = Method(name.removesuffix(RERANKED))
        return cls(method, rerank=name.endswith(RERANKED))


@dataclass(frozen=True)
class Outcome:
    """What one way found for each question, how long each took, and how relevant it was."""

    ranked: dict[str, list[str]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    relevance: dict[str, float] = field(default_factory=dict)


@contextmanager
def indexed(given: EvaluationSet, vectors: Vectors, embedder: Embedder) -> Iterator[Index]:
    """The set as an index in a workspace of its own, for as long as it is needed."""
    name = f"evaluation-{given.name}-{secrets.token_hex(4)}"
    workspace = Workspace.objects.create(name=name, slug=name)
    base = KnowledgeBase.objects.create(workspace=workspace, kind=KIND, name=name, slug=name)
    index = Index.objects.create(base=base, embedder=embedder.id, dimensions=embedder.dimensions)
    try:
        for text, vector in zip(given.texts, vectors, strict=True):
            _index(index, text, vector)
        index.refresh_from_db()
        if hnsw.is_due(index):
            hnsw.build(index)
        yield index
    finally:
        drop_index(index)
        workspace.delete()


def ask(index: Index, questions: dict[str, str], way: Way, embedder: Embedder) -> Outcome:
    """Ask every question of ``index`` and take the time, without loading what was found."""
    names = dict(Document.objects.filter(base=index.base_id).values_list("pk", "key"))
    outcome = Outcome()
    for key, text in questions.items():
        began = time.perf_counter()
        query = Query(text, method=way.method, rerank=way.rerank)
        found = rank([Target(index)], query, lambda _: embedder)
        outcome.seconds.append(time.perf_counter() - began)
        outcome.ranked[key] = [names[each.candidate.document_id] for each in found]
        outcome.relevance[key] = max((each.relevance for each in found[:FIRST]), default=0)
    return outcome


def figures(ranked: dict[str, list[str]], given: EvaluationSet) -> dict[str, float]:
    """The means over all questions."""
    pairs = [(ranked[key], judged) for key, judged in given.judged.items() if key in ranked]
    return {
        "nDCG@10": mean(metrics.ndcg(found, judged, 10) for found, judged in pairs),
        "R@5": mean(metrics.recall(found, judged, 5) for found, judged in pairs),
        "R@10": mean(metrics.recall(found, judged, 10) for found, judged in pairs),
        "MRR@10": mean(metrics.reciprocal_rank(found, judged, 10) for found, judged in pairs),
    }


def percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    """p50 and p95 in milliseconds."""
    p50, p95 = np.quantile(seconds, (0.5, 0.95))
    return float(p50) * 1000, float(p95) * 1000


def _index(index: Index, text: Text, vector: Vectors) -> None:
    """The set's document as a document of one chunk."""
    document = Document.objects.create(
        base_id=index.base_id, source_id=text.id, key=text.id, name=text.title[:300], type="text"
    )
    row = Row(0, Span(1, 0, len(text.text)), text.text, vector, embedded=text.embedded)
    replace_document(index, document, [row])
