"""The knowledge bases that ``bench.ingest`` fills, as a worker does it."""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from django.db import connection

from bench.processes import cpu_seconds, tree
from inference.embedders import EMBEDDERS
from inference.embedders.local import LOCAL
from knowledge.beside import files
from knowledge.chunking.config import ChunkingConfig
from knowledge.chunking.embedded_text import embedded_text
from knowledge.embedding import space_of
from knowledge.index import hnsw
from knowledge.indexing import targets, work
from knowledge.indexing.chunks import chunks_of
from knowledge.models import Document, Index, KnowledgeBase
from knowledge.texts import Page
from workspaces.models import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bench.ingest_run import Text
    from inference.embedders.word_pieces import WordPieces
    from inference.embedding import Vectors

CHUNKING = ChunkingConfig().model_dump(mode="json")
CLUSTERS = 500
# With the settings of above.
CHARACTERS_PER_CHUNK = 590


class Free:
    """An embedder whose vectors cost next to nothing; they lie in clusters, as those of texts do.

    A text's vector is its own, whenever it is asked for.
    """

    PROVIDER = "bench"
    id = "bench:free"
    dimensions = LOCAL.dimensions
    max_tokens = LOCAL.max_tokens

    def __init__(self) -> None:
        themes = np.random.default_rng(0).normal(size=(CLUSTERS, self.dimensions))
        self._themes = themes.astype(np.float32)

    @property
    def tokenizer(self) -> WordPieces:
        return LOCAL.tokenizer

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.array([self._vector(text) for text in texts], dtype=np.float32)

    def _vector(self, text: str) -> Vectors:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
        noise = np.random.default_rng(seed).standard_normal(self.dimensions, np.float32)
        vector = self._themes[seed % CLUSTERS] + noise
        return cast("Vectors", vector / np.linalg.norm(vector))


FREE = Free()
cast("dict[str, object]", EMBEDDERS)[Free.PROVIDER] = lambda _values, _model: FREE


@dataclass(frozen=True)
class Cost:
    """Seconds that went by, and seconds of processors that it took, the database's among them."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Round:
    """The same chunks embedded in the bare loop and brought in whole, in seconds."""

    chunks: int
    tokens: int
    bare: float
    whole: float

    @property
    def ratio(self) -> float:
        return self.bare / self.whole


class Base:
    """A base that grows by documents that come out of ``source``."""

    def __init__(self, provider: str, source: Iterator[Text]) -> None:
        name = f"bench-{provider}"
        workspace = Workspace.objects.create(name=name, slug=name)
        self.row = KnowledgeBase.objects.create(
            workspace=workspace, kind="kb", name=name, slug=name
        )
        choice = {"provider": provider}
        self.row.live_index = Index.objects.create(
            base=self.row, embedding=choice, embedder=space_of(choice), dimensions=LOCAL.dimensions
        )
        self.source = source

    @property
    def index(self) -> Index:
        """As it is now."""
        return Index.objects.get(base=self.row)

    @property
    def size(self) -> int:
        return self.index.chunks

    def add(self, chunks: int) -> list[Document]:
        """Documents of about so many chunks, of which nothing is indexed yet."""
        added: list[Document] = []
        left = chunks * CHARACTERS_PER_CHUNK
        while left > 0:
            text = next(self.source)
            added.append(self._document(text))
            left -= len(text.markdown)
        Document.objects.bulk_create(added)
        return added

    def index_all(self) -> float:
        """Have everything indexed that is not; gives the seconds."""
        began = time.perf_counter()
        targets.ask_for_all(self.row, self.index)
        while KnowledgeBase.objects.filter(pk=self.row.pk, finished_at=None).exists():
            work.run(self.row.pk)
        return time.perf_counter() - began

    def grow(self, size: int) -> Cost:
        """Go on until there are about ``size`` chunks; gives what indexing took."""
        self.add(size - self.size)
        cost = self._cost(self.index_all)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        return cost

    def build_hnsw(self) -> Cost:
        """Build it, anew if it is there."""
        hnsw.drop(self.index)
        return self._cost(lambda: hnsw.build(self.index))

    def _cost(self, act: Callable[[], object]) -> Cost:
        began, before = time.perf_counter(), cpu_seconds(tree(os.getpid()))
        act()
        cpu = cpu_seconds(tree(os.getpid())) - before
        return Cost(time.perf_counter() - began, cpu)

    def _document(self, text: Text) -> Document:
        made = hashlib.sha256(text.markdown.encode()).hexdigest()
        return Document(
            base=self.row,
            source_id=made[:60],
            name=text.title,
            type="text_input",
            pages=files.as_data([Page(1, text.markdown)]),
            chunking=CHUNKING,
            fingerprint=made,
        )


class Embedded:
    """A base whose documents are embedded twice: in the bare loop, and on their way into it."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self.bare_first = False
        LOCAL.embed(["The model is loaded now."])

    def rounds(self, size: int, at_a_time: int) -> list[Round]:
        """Go on until there are ``size`` chunks, in turns: either comes first as often."""
        made = []
        while self.base.size < size:
            self.bare_first = not self.bare_first
            made.append(self._round(self.base.add(at_a_time)))
        return made

    def _round(self, documents: Sequence[Document]) -> Round:
        texts = [
            (embedded_text(document.name, chunk, LOCAL.tokenizer), chunk.tokens)
            for document in documents
            for chunk in chunks_of(document, LOCAL.tokenizer, LOCAL.embed)
        ]
        whole = 0.0 if self.bare_first else self.base.index_all()
        began = time.perf_counter()
        LOCAL.embed([text for text, _tokens in texts])
        bare = time.perf_counter() - began
        whole = whole or self.base.index_all()
        return Round(len(texts), sum(tokens for _text, tokens in texts), bare, whole)
