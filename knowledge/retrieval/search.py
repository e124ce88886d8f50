"""Finds the passages that answer a question, in one index or in several at once.

Scores of several indexes are comparable: the rarity of words is counted over all of them, and both
methods' scores are divided by the best of all candidates (cosines by the best of the same embedding
model). Relevance, which thresholds are about, needs no comparison: it is absolute. Where one index
is to be reranked, all that was found is: passages can only be compared when they were looked at
alike.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from common.database import give_back
from knowledge.index.lexemes import QUESTION_CHARACTERS
from knowledge.index.lookup import Lookup, Method
from knowledge.index.stores import store_of
from knowledge.languages import NUL_AND_SURROGATES
from knowledge.retrieval import passages
from knowledge.retrieval.fusion import Group, Scored, fuse
from knowledge.retrieval.reranking import rerank
from knowledge.retrieval.room import Room

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy import float32
    from numpy.typing import NDArray

    from inference.embedding import Embedder
    from knowledge.models import Index
    from knowledge.retrieval.query import Hit, Query, Target


def search(
    targets: Sequence[Target], query: Query, embedder_of: Callable[[Index], Embedder]
) -> list[Hit]:
    """The best passages, best first. A question of nothing finds nothing."""
    query = replace(query, text=NUL_AND_SURROGATES.sub(" ", query.text[:QUESTION_CHARACTERS]))
    if not query.text.strip() or query.top_k < 1:
        return []
    scored = rank(targets, query, embedder_of)
    return passages.load(scored, query, Room.of(targets, query.top_k))


def rank(
    targets: Sequence[Target], query: Query, embedder_of: Callable[[Index], Embedder]
) -> list[Scored]:
    """All candidates that are allowed and relevant enough, best first, without their texts."""
    vectors = _vectors(targets, query, embedder_of)
    groups = []
    for target in targets:
        index, method = target.index, target.method or query.method
        lookup = Lookup(
            index=index,
            pool=tuple(each.index.pk for each in targets),
            languages=tuple(index.languages),
            text=query.text,
            method=method,
            vector=None if method == Method.KEYWORD else vectors[index.embedder],
            filters=query.filters if target.filters is None else target.filters,
        )
        groups.append(Group(store_of(index).candidates(lookup), method, index.embedder))
    thresholds = {target.index.pk: _threshold(target, query) for target in targets}
    found = [s for s in fuse(groups) if s.relevance >= thresholds[s.candidate.index_id]]
    if any(_is_reranked(target, query) for target in targets):
        return rerank(found, query.text, passages.embedded_texts)
    return found


def _vectors(
    targets: Sequence[Target], query: Query, embedder_of: Callable[[Index], Embedder]
) -> dict[str, NDArray[float32]]:
    """The question as each embedding model that is asked sees it. A server may let us wait for
    minutes: no database connection is held meanwhile."""
    asked = [each.index for each in targets if (each.method or query.method) != Method.KEYWORD]
    embedders = {index.embedder: embedder_of(index) for index in asked}
    if embedders:
        give_back()
    return {name: each.embed([query.text])[0] for name, each in embedders.items()}


def _threshold(target: Target, query: Query) -> float:
    own = query.threshold if target.threshold is None else target.threshold
    return own or 0


def _is_reranked(target: Target, query: Query) -> bool:
    return query.rerank if target.rerank is None else target.rerank
