"""Questions to a live base and to a draft: what a body asks, and what was found."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from common.problems import conflict, unavailable
from inference.embedding import EmbeddingError
from knowledge.api.bodies import (
    choice_in,
    number_in,
    object_in,
    text_in,
    texts_in,
    truth_in,
    wrong,
)
from knowledge.index.lookup import Filters
from knowledge.schema import MOST_PASSAGES
from knowledge.searching import Override

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from knowledge.retrieval.query import Hit
    from knowledge.trying.asking import Try

METHODS = ("", "hybrid", "vector", "keyword")
QUESTION = ("query", "top_k", "search_method", "score_threshold", "rerank", "filters")
FILTERS = ("documents", "sources", "tags", "languages")
# Of a draft, whose sources are no documents yet and whose languages nobody has told apart.
DRAFT_FILTERS = ("sources", "tags")


def question_in(body: Mapping[str, Any]) -> str:
    question = text_in(body, "query")
    if not question.strip():
        raise wrong("query", _("is empty"))
    return question


def override_in(body: Mapping[str, Any], filters: Sequence[str]) -> Override:
    """What the body wants otherwise than the base is set; it may filter by ``filters``."""
    threshold = body.get("score_threshold")
    if threshold is not None and (
        isinstance(threshold, bool) or not isinstance(threshold, int | float)
    ):
        raise wrong("score_threshold", _("must be a number"))
    if threshold is not None and not 0 <= threshold <= 1:
        raise wrong("score_threshold", _("must be from 0 to 1"))
    return Override(
        choice_in(body, "search_method", METHODS) or None,
        number_in(body, "top_k", None, 1, MOST_PASSAGES),
        threshold,
        truth_in(body, "rerank"),
        _filters_in(object_in(body, "filters"), filters),
    )


def _filters_in(given: Mapping[str, Any], names: Sequence[str]) -> Filters:
    if unknown := set(given) - set(names):
        raise wrong(f"filters.{min(unknown)}", _("is unknown"))
    documents = texts_in(given, "documents")
    try:
        ids = None if documents is None else tuple(UUID(each) for each in documents)
    except ValueError:
        raise wrong("filters.documents", _("must be IDs")) from None
    return Filters(
        ids, texts_in(given, "sources"), texts_in(given, "tags"), texts_in(given, "languages")
    )


@contextmanager
def embedding() -> Iterator[None]:
    """A question that cannot be embedded within: 503 while a service is away, 409 where a setting
    must change first."""
    try:
        yield
    except EmbeddingError as error:
        raise (conflict if error.permanent else unavailable)(str(error)) from error


def passage_as_json(found: Hit | Try) -> dict[str, Any]:
    """A passage as API clients get it, without where it is from; ``scores.rerank`` is null where it
    was not reranked."""
    return {
        "title": found.title,
        "url": found.url or None,
        "page": found.page,
        "content": found.text,
        "headings": list(found.headings),
        "score": round(found.score, 4),
        "relevance": round(found.relevance, 4),
        "scores": {
            "keyword": round(found.keyword, 4),
            "vector": round(found.vector, 4),
            "rerank": None if found.rerank is None else round(found.rerank, 4),
        },
    }
