"""What a draft is cut from: its sources that are ready, each with how it is cut and named and what
people made of its chunks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

import orjson

from knowledge.annotations import context_of
from knowledge.beside import cuts, pages, presenting, states
from knowledge.chunking.applying import apply
from knowledge.chunking.cutting import VERSION
from knowledge.chunking.edits import edits_of
from knowledge.chunking.embedded_text import embedded_text
from knowledge.draft_settings import chunking_of
from knowledge.embedding import space_of
from knowledge.naming import document_key, document_name, source_name
from knowledge.sources import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from drafts.draft import Draft
    from inference.embedding import Embedder, Tokenizer
    from knowledge.beside.states import State
    from knowledge.chunking.chunk import Chunk
    from knowledge.chunking.edits import Edit, Edited
    from knowledge.texts import Page


@dataclass(frozen=True)
class Part:
    """One source of a draft that is ready: what it is cut from and how. ``has_documents`` as its
    kind says it."""

    draft_id: str
    source_id: str
    name: str
    state: State
    config: Mapping[str, Any]
    space: str
    has_documents: bool = False
    annotations: Mapping[str, Any] | None = None
    edits: tuple[Edit, ...] = ()

    @cached_property
    def key(self) -> str:
        """Of all that the chunks depend on."""
        made_of = [VERSION, self.state.content_hash, dict(self.config), self.space]
        return hashlib.sha256(orjson.dumps(made_of)).hexdigest()[:32]

    def chunks(self) -> list[Chunk] | None:
        """The chunks, at most one more than can be looked at; None as long as nobody has cut
        them."""
        return cuts.cut_of(self.draft_id, self.source_id, self.key)

    def edited(self, chunks: list[Chunk], tokenizer: Tokenizer) -> tuple[list[Edited], list[Edit]]:
        """The chunks with what people made of them, document by document as they are indexed, and
        the edits that fit nowhere any more."""
        found: list[Edited] = []
        used: set[str] = set()
        for document, group in groupby(chunks, lambda chunk: self.document_of(chunk.page)):
            own = [edit for edit in self.edits if edit.is_of(document)]
            of_document = partial(self._pages_of, document)
            edited = apply(list(group), own, tokenizer, of_document)
            found += edited
            used |= {each.edit.id for each in edited if each.edit}
        return found, [edit for edit in self.edits if edit.id not in used]

    def texts(self, chunks: list[Chunk], embedder: Embedder) -> list[str]:
        """What is embedded for each of the chunks."""
        tokenizer = embedder.tokenizer
        about = self.context
        return [
            embedded_text(self.title_of(chunk.page), chunk, tokenizer, about) for chunk in chunks
        ]

    @property
    def context(self) -> str:
        """What people say the source is."""
        return context_of(self.annotations)

    def title_of(self, page: int) -> str:
        """What the document is called that the page will be in."""
        found = self._pages.get(page) if self.has_documents else None
        return document_name(found, self.name) if found else self.name

    def document_of(self, page: int) -> str:
        """The key of the document that the page will be in."""
        found = self._pages.get(page) if self.has_documents else None
        return document_key(found) if found else ""

    def url_of(self, page: int) -> str:
        found = self._pages.get(page)
        return found.url if found else ""

    def _pages_of(self, document: str) -> list[Page]:
        return [page for page in self._pages.values() if self.document_of(page.number) == document]

    @cached_property
    def _pages(self) -> dict[int, Page]:
        read = pages.approved(self.draft_id, self.source_id, self.state)
        return {page.number: page for page in read}


def parts_of(draft: Draft) -> list[Part]:
    """The draft's sources that are ready and switched on. Raises ``IncompleteSettingsError``."""
    shown = presenting.presented(draft)
    return list(_parts(shown, states.states(draft.id)))


def _parts(draft: Draft, known: Mapping[str, State]) -> Iterator[Part]:
    space = space_of(draft.data.get("embedding_config") or {})
    edits = edits_of(draft.data.get("chunk_edits") or ())
    for source in draft.data.get("sources") or ():
        state = known.get(str(source.get("id")))
        if state is None or not state.text or not source.get("enabled", True):
            continue
        config = chunking_of(draft, source)
        yield Part(
            draft.id,
            source["id"],
            source_name(source, state.title),
            state,
            config.model_dump(mode="json"),
            space,
            kind_of(source).has_documents,
            source.get("annotations"),
            tuple(edit for edit in edits if edit.source_id == source["id"]),
        )
