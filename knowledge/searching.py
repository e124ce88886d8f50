"""Searches live bases as they are configured, and as whoever asks wants it otherwise."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from drafts.releases import configuration_of
from knowledge.embedding import embedder_of
from knowledge.index.lookup import Filters, Method
from knowledge.retrieval import fitting
from knowledge.retrieval.query import Query, Target
from knowledge.retrieval.search import search
from knowledge.schema import MOST_PASSAGES, RetrievalConfig

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from knowledge.models import KnowledgeBase
    from knowledge.retrieval.query import Hit


@dataclass(frozen=True)
class Override:
    """What one question wants otherwise than the base is set; None keeps the base's own. So many
    passages as ``top_k`` says are the base's alone where several are asked; ``filters`` None is no
    limit."""

    search_method: str | None = None
    top_k: int | None = None
    score_threshold: float | None = None
    rerank: bool | None = None
    filters: Filters | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Override:
        """From plain data: the fields by their names."""
        plain = {each.name: given.get(each.name) for each in fields(cls)}
        filters = Filters.of(plain["filters"] or {})
        top_k = max(plain["top_k"] or 0, 0) or None  # a draft may hold one that cannot be
        return cls(**plain | {"filters": filters, "top_k": top_k})


def find(
    question: str, bases: Sequence[tuple[KnowledgeBase, Override]], *, neighbours: int = 0
) -> list[Hit]:
    """The passages that bear most on the question, best first; raises ``EmbeddingError``."""
    targets = [target for base, wanted in bases if (target := _target(base, wanted))]
    if not targets:
        return []
    query = Query(
        question,
        top_k=_most(targets),
        neighbours=neighbours,
    )
    return search(targets, query, embedder_of)


def _most(targets: Sequence[Target]) -> int:
    """How many passages an answer may rest on: the sum of what was wanted of single bases, and the
    most that one of the others gives, within one prompt."""
    wanted = sum(target.top_k or 0 for target in targets if target.reserved)
    shared = max((target.top_k or 0 for target in targets if not target.reserved), default=0)
    return min(wanted + shared, MOST_PASSAGES)


def _target(base: KnowledgeBase, wanted: Override) -> Target | None:
    """The base's index with its own settings, each unless something else is wanted; None while
    nothing is in it."""
    if base.live_index is None or not base.live_index.chunks:
        return None
    own = settings_of(base)
    threshold = wanted.score_threshold
    return Target(
        base.live_index,
        top_k=wanted.top_k or own.top_k,
        reserved=wanted.top_k is not None,
        method=Method(wanted.search_method or own.search_method),
        threshold=own.score_threshold if threshold is None else threshold,
        rerank=own.rerank if wanted.rerank is None else wanted.rerank,
        filters=wanted.filters,
    )


def is_judged(base: KnowledgeBase, wanted: Override) -> bool:
    """Whether the measured default says which passages of the base fit: see
    ``knowledge.retrieval.fitting``."""
    target = _target(base, wanted)
    if target is None or target.method is None:
        return False
    return fitting.is_judged(target.method, target.threshold, target.index.embedder)


def settings_of(base: KnowledgeBase) -> RetrievalConfig:
    """How the live version of the base is searched."""
    release = base.live_release
    assert release is not None
    return RetrievalConfig.model_validate(configuration_of(release)["retrieval_config"])
