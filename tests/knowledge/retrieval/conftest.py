"""A base with an index, and a quick way to fill it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knowledge.index.rows import Row, Span
from knowledge.index.writing import replace_document
from knowledge.languages import NUL_AND_SURROGATES
from knowledge.models import Document, Index, KnowledgeBase
from knowledge.retrieval.query import Query, Target
from knowledge.retrieval.search import search
from tests.knowledge.retrieval.hashing import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.retrieval.query import Hit
    from workspaces.models import Workspace

EMBEDDER = HashingEmbedder()


@pytest.fixture
def base(acme: Workspace) -> KnowledgeBase:
    return new_base(acme, "handbook")


@pytest.fixture
def index(base: KnowledgeBase) -> Index:
    return new_index(base)


def new_base(workspace: Workspace, slug: str) -> KnowledgeBase:
    return KnowledgeBase.objects.create(workspace=workspace, kind="kb", name=slug, slug=slug)


def new_index(base: KnowledgeBase) -> Index:
    index = Index.objects.create(base=base, embedder=EMBEDDER.id, dimensions=EMBEDDER.dimensions)
    KnowledgeBase.objects.filter(pk=base.pk).update(live_index=index)
    return index


def rows(title: str, *texts: str) -> list[Row]:
    """Chunks that follow each other on one page, a blank line between them."""
    embedded = [f"{title}\n{text}" for text in texts]
    made, start = [], 0
    for position, (text, vector) in enumerate(zip(texts, EMBEDDER.embed(embedded), strict=True)):
        span = Span(1, start, start + len(text))
        made.append(Row(position, span, text, vector, embedded=embedded[position]))
        start += len(text) + 2
    return made


def document(base: KnowledgeBase, name: str, *texts: str) -> Document:
    """A document that is not indexed yet."""
    page = {
        "number": 1,
        "text": NUL_AND_SURROGATES.sub(" ", "\n\n".join(texts)),
        "title": "",
        "url": "",
    }
    return Document.objects.create(
        base=base, source_id=name, name=name, type="text_input", pages=[page], content_hash=""
    )


def put(index: Index, name: str, *texts: str) -> Document:
    """A new document with these chunks, indexed."""
    made = document(index.base, name, *texts)
    replace_document(index, made, rows(name, *texts))
    index.refresh_from_db()
    return made


def ask(indexes: Index | Sequence[Index], query: Query | str) -> list[Hit]:
    """Search as the product does."""
    indexes = [indexes] if isinstance(indexes, Index) else indexes
    query = Query(query) if isinstance(query, str) else query
    return search([Target(index) for index in indexes], query, lambda _: EMBEDDER)
