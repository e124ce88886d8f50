"""Reads the words of a draft's chunks, each document in its language."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import TYPE_CHECKING

import orjson

from knowledge import languages
from knowledge.index.lexemes import Passage, body_of
from knowledge.retrieval.words import Words, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from knowledge.chunking.chunk import Chunk
    from knowledge.trying.parts import Part

# Raised when the same chunks would be read in another way.
VERSION = 1


def key_of(parts: Iterable[Part], most: int) -> str:
    """Of all that the words of the first ``most`` chunks depend on."""
    made_of = [
        [part.source_id, part.key, part.name, part.context, [asdict(e) for e in part.edits]]
        for part in parts
    ]
    return hashlib.sha256(orjson.dumps([VERSION, most, made_of])).hexdigest()[:32]


def read(parts: Sequence[tuple[Part, Sequence[Chunk]]]) -> Words:
    """The words of those chunks that can be found."""
    return words_of([passage for part, chunks in parts for passage in _passages(part, chunks)])


def _passages(part: Part, chunks: Sequence[Chunk]) -> Iterator[Passage]:
    whole: dict[str, list[str]] = {}
    for chunk in chunks:
        whole.setdefault(part.document_of(chunk.page), []).append(chunk.text)
    spoken = {document: languages.detect("\n".join(texts)) for document, texts in whole.items()}
    for chunk in chunks:
        language = spoken[part.document_of(chunk.page)]
        body = body_of(chunk, part.context)
        yield Passage(part.title_of(chunk.page), chunk.headings, body, language)
