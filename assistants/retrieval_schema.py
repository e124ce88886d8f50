"""Which knowledge bases an assistant searches, and what it wants otherwise than they are set."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from assistants.schema import Text
from common.schema import Schema, once_each

MOST_PASSAGES = 50
SearchMethod = Literal["keyword", "vector", "hybrid"]
Names = Annotated[tuple[Text, ...], Field(max_length=50)]


class RetrievalFilters(Schema):
    """Which documents of a knowledge base may answer: one of those ids, of those sources (their
    ids), with one of those tags, in one of those languages (``english``). An empty list is no
    limit; all that are given must hold."""

    documents: tuple[UUID, ...] = Field(default=(), max_length=50)
    sources: Names = ()
    tags: Names = ()
    languages: Names = ()


class RetrievalOverride(Schema):
    """How one knowledge base is searched for this assistant; None keeps the base's own setting. A
    ``top_k`` is for passages of this base alone; those without share the greatest of their own."""

    top_k: int | None = Field(default=None, ge=1, le=MOST_PASSAGES)
    search_method: SearchMethod | None = None
    score_threshold: float | None = Field(default=None, ge=0, le=1)
    rerank: bool | None = None
    filters: RetrievalFilters = RetrievalFilters()


def _as_written(kb_id: str) -> str:
    """An id in one of its spellings, so that none is attached twice."""
    try:
        return str(UUID(kb_id))
    except ValueError:
        return kb_id


class AttachedKnowledgeBase(Schema):
    kb_id: Annotated[
        str, Field(min_length=1, max_length=64, title="Knowledge base"), AfterValidator(_as_written)
    ]
    enabled: bool = True
    override_retrieval: RetrievalOverride = RetrievalOverride()


def _one_prompt(bases: tuple[AttachedKnowledgeBase, ...]) -> tuple[AttachedKnowledgeBase, ...]:
    """Refuses more passages in all than one base could give."""
    wanted = sum(base.override_retrieval.top_k or 0 for base in bases if base.enabled)
    if wanted > MOST_PASSAGES:
        raise ValueError(
            f"Together, the knowledge bases may give {MOST_PASSAGES} passages, not {wanted}"
        )
    return bases


# Those that are searched for one prompt.
AttachedKnowledgeBases = Annotated[
    tuple[AttachedKnowledgeBase, ...],
    Field(max_length=20),
    once_each("kb_id", "The knowledge base {} is attached twice"),
    AfterValidator(_one_prompt),
]
