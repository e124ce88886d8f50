"""The port through which assistants reach knowledge: questions in, numbered passages out."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from asgiref.sync import sync_to_async

from conversations.turn import Passage
from inference.embedding import EmbeddingError
from knowledge.annotations import note_of
from knowledge.fragments import with_fragment
from knowledge.models import Document, KnowledgeBase
from knowledge.retrieval.fitting import fitting
from knowledge.searching import Override, find, is_judged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from knowledge.retrieval.query import Hit

logger = logging.getLogger(__name__)
# Chunks before and after a passage that go into the prompt with it.
NEIGHBOURS = 1


class KnowledgeRetriever:
    """Searches the bases of one workspace for its assistants of a ``kind``; a base of another one
    does not exist, nor does one that is for other kinds only."""

    def __init__(self, workspace_id: UUID, kind: str) -> None:
        self.workspace_id, self.kind = workspace_id, kind

    async def retrieve(
        self, question: str, bases: tuple[Mapping[str, Any], ...]
    ) -> tuple[Passage, ...]:
        """The passages for ``question``; each base is ``{"kb_id", "override_retrieval"}``. While
        the embedding model cannot be reached, what is found by words alone."""
        return await sync_to_async(self._retrieve)(question, bases)

    def _retrieve(self, question: str, bases: Sequence[Mapping[str, Any]]) -> tuple[Passage, ...]:
        asked = list(self._bases(bases))
        try:
            hits = find(question, asked, neighbours=NEIGHBOURS)
        except EmbeddingError as error:
            logger.warning("searched by words alone: %s", error)
            by_words = [(base, _by_words(wanted)) for base, wanted in asked]
            hits = find(question, by_words, neighbours=NEIGHBOURS)
            asked = by_words
        return tuple(_passages(_answering(hits, asked)))

    def _bases(
        self, given: Sequence[Mapping[str, Any]]
    ) -> Iterator[tuple[KnowledgeBase, Override]]:
        wanted = {
            key: base.get("override_retrieval") or {}
            for base in given
            if (key := _id(str(base["kb_id"])))
        }
        found = KnowledgeBase.objects.filter(workspace_id=self.workspace_id, pk__in=wanted)
        found = found.filter(context__in=(self.kind, KnowledgeBase.Context.BOTH))
        related = found.select_related("live_release", "live_index__base")
        for base in related.filter(live_release__isnull=False):
            yield base, Override.of(wanted[base.pk])


def _answering(hits: Sequence[Hit], asked: Sequence[tuple[KnowledgeBase, Override]]) -> list[Hit]:
    """The hits without those that only look related. Where a threshold is set, it has seen to
    that."""
    judged = {base.pk for base, wanted in asked if is_judged(base, wanted)}
    fit = fitting([hit for hit in hits if hit.base_id in judged])
    return [hit for hit in hits if hit.base_id not in judged or hit in fit]


def _by_words(wanted: Override) -> Override:
    return replace(wanted, search_method="keyword", rerank=False)


def _id(text: str) -> UUID | None:
    """The id of a base, in whichever of its spellings it was attached; None when it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _passages(hits: Sequence[Hit]) -> Iterator[Passage]:
    """The hits, numbered from 1 in the order of how well they fit."""
    ids = {hit.document_id for hit in hits}
    annotations = dict(Document.objects.filter(pk__in=ids).values_list("pk", "annotations"))
    for number, hit in enumerate(hits, 1):
        yield Passage(
            number=number,
            text=hit.context,
            title=hit.title,
            url=with_fragment(hit.url, hit.found),
            document_id=str(hit.document_id),
            chunk_id=str(hit.chunk_id),
            score=hit.relevance,
            found=hit.found,
            note=note_of(annotations.get(hit.document_id)),
        )
