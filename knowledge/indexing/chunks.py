"""The rows of a document: its pages cut into chunks, each with its vector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.beside import files
from knowledge.chunking.config import ChunkingConfig
from knowledge.chunking.cutting import cut
from knowledge.chunking.edits import apply, edits_of
from knowledge.chunking.embedded_text import embedded_text
from knowledge.index.rows import Row, Span, text_hash
from knowledge.indexing.vectors import vectors_of

if TYPE_CHECKING:
    from inference.embedding import Embedder
    from knowledge.chunking.chunk import Chunk
    from knowledge.indexing.vectors import Vector
    from knowledge.models import Document, IndexedDocument


def rows_of(row: IndexedDocument, embedder: Embedder) -> list[Row]:
    """What the index is to hold of the document; raises what embedding raises."""
    document = row.document
    chunks = chunks_of(document, embedder)
    texts = [embedded_text(document.name, chunk, embedder.tokenizer) for chunk in chunks]
    vectors = vectors_of(row, texts, embedder)
    return [
        _row(position, chunk, text, vectors[text_hash(text)])
        for position, (chunk, text) in enumerate(zip(chunks, texts, strict=True))
    ]


def chunks_of(document: Document, embedder: Embedder) -> list[Chunk]:
    """The document's chunks as its draft showed them, without those that were left out."""
    config = ChunkingConfig.model_validate(document.chunking)
    chunks = cut(files.from_data(document.pages), config, embedder.tokenizer, embedder.embed)
    edited, _unapplied = apply(chunks, edits_of(document.chunk_edits), embedder.tokenizer)
    return [each.chunk for each in edited if each.enabled]


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
        parent=Span(parent.page, parent.start, parent.end) if parent else None,
        tokens=chunk.tokens,
    )
