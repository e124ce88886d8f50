"""The rows of a document: its pages cut into chunks, each with its vector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from knowledge.annotations import context_of
from knowledge.beside import files
from knowledge.chunking.applying import apply
from knowledge.chunking.config import ChunkingConfig
from knowledge.chunking.cutting import cut
from knowledge.chunking.edits import edits_of
from knowledge.chunking.embedded_text import embedded_text
from knowledge.index.rows import Row, Span, text_hash
from knowledge.indexing import claims
from knowledge.indexing.vectors import BATCH, UnwantedError, vectors_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from inference.embedding import Embedder, Tokenizer, Vectors
    from knowledge.chunking.chunk import Chunk
    from knowledge.indexing.vectors import Vector
    from knowledge.models import Document, IndexedDocument


def rows_of(row: IndexedDocument, embedder: Embedder) -> list[Row]:
    """What the index is to hold of the document; raises what embedding raises, and
    ``UnwantedError``."""

    def embed(texts: Sequence[str]) -> Vectors:
        return _embedded(row, texts, embedder)

    chunks = chunks_of(row.document, embedder.tokenizer, embed)
    name, about = row.document.name, context_of(row.document.annotations)
    texts = [embedded_text(name, chunk, embedder.tokenizer, about) for chunk in chunks]
    vectors = vectors_of(row, texts, embedder)
    return [
        _row(position, chunk, text, vectors[text_hash(text)])
        for position, (chunk, text) in enumerate(zip(chunks, texts, strict=True))
    ]


def chunks_of(
    document: Document, tokenizer: Tokenizer, embed: Callable[[Sequence[str]], Vectors]
) -> list[Chunk]:
    """The document's chunks as its draft showed them, without those that were left out."""
    config = ChunkingConfig.model_validate(document.chunking)
    pages = files.from_data(document.pages)
    chunks = cut(pages, config, tokenizer, embed)
    edited = apply(chunks, edits_of(document.chunk_edits), tokenizer, lambda: pages)
    return [each.chunk for each in edited if each.enabled]


def _embedded(row: IndexedDocument, texts: Sequence[str], embedder: Embedder) -> Vectors:
    """Vectors that say where to cut, made batch by batch, with a sign of life before each: those of
    a large document take minutes."""
    made = []
    for start in range(0, len(texts), BATCH):
        if not claims.renew(row, 0, 0):
            raise UnwantedError
        made.append(embedder.embed(texts[start : start + BATCH]))
    return np.concatenate(made)


def _row(position: int, chunk: Chunk, text: str, vector: Vector) -> Row:
    parent = chunk.parent
    return Row(
        position=position,
        span=Span(chunk.page, chunk.start, chunk.end),
        text=chunk.text,
        vector=vector,
        embedded=text,
        headings=chunk.headings,
        question=chunk.question,
        parent=(parent.page, parent.start) if parent else None,
        tokens=chunk.tokens,
    )
