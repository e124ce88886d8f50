"""The index that ``bench.retrieval`` grows and asks, through the product's own code."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.db import connection

from inference.embedders.local import LOCAL
from knowledge.index import hnsw
from knowledge.index.lookup import Filters, Lookup, Method
from knowledge.index.rows import Row, Span
from knowledge.index.stores import store_of
from knowledge.index.writing import replace_document
from knowledge.models import Document, Index, KnowledgeBase
from workspaces.models import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.language import Language

METHODS = (Method.KEYWORD, Method.VECTOR, Method.HYBRID)
WARM_UP = 20


class Bench:
    """One base that grows."""

    def __init__(self, language: Language) -> None:
        self.language = language
        workspace = Workspace.objects.create(name="Bench", slug="bench")
        base = KnowledgeBase.objects.create(
            workspace=workspace, kind="kb", name="Bench", slug="bench"
        )
        self.index = Index.objects.create(base=base, embedder="bench", dimensions=384)

    @property
    def size(self) -> int:
        return self.index.chunks

    def grow(self, size: int, per_document: int) -> None:
        """Write documents until there are ``size`` chunks."""
        while self.index.chunks < size:
            self._write(per_document)
            self.index.refresh_from_db()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")

    def measure(self, questions: int) -> Iterator[tuple[str, list[float]]]:
        """Milliseconds of each question: exactly, then with HNSW, then with a filter."""
        for method in METHODS:
            yield f"{method}, exact", self._ask(method, Filters(), questions)
        began = time.perf_counter()
        hnsw.build(self.index)
        yield "building HNSW, whole", [(time.perf_counter() - began) * 1000]
        for method in METHODS[1:]:
            yield f"{method}, HNSW", self._ask(method, Filters(), questions)
        whole = self._ask(Method.HYBRID, Filters(), questions, embedding=True)
        yield "hybrid, HNSW, with embedding the question", whole
        for many in (1, self.size // 100):
            found = Document.objects.filter(base=self.index.base_id)
            some = tuple(found.values_list("pk", flat=True)[:many])
            name = f"hybrid, HNSW, in {many} documents"
            yield name, self._ask(Method.HYBRID, Filters(documents=some), questions)
        hnsw.drop(self.index)

    def _ask(
        self, method: Method, filters: Filters, questions: int, *, embedding: bool = False
    ) -> list[float]:
        """With ``embedding``, the question is embedded too, by the local model; what is looked up
        is a vector of the index's own language all the same."""
        times = []
        for text, vector in self.language.questions(questions + WARM_UP):
            given = None if method == Method.KEYWORD else vector
            pool, languages = (self.index.pk,), tuple(self.index.languages)
            lookup = Lookup(self.index, pool, languages, text, method, given, filters)
            began = time.perf_counter()
            if embedding:
                LOCAL.embed([text])
            store_of(self.index).candidates(lookup)
            times.append((time.perf_counter() - began) * 1000)
        return times[WARM_UP:]

    def _write(self, chunks: int) -> None:
        document = Document.objects.create(
            base_id=self.index.base_id, source_id=f"at {self.size}", name="Document", type="text"
        )
        texts, vectors = self.language.texts(chunks), self.language.vectors(chunks)
        rows = [
            Row(position, Span(1, 0, len(text)), text, vector)
            for position, (text, vector) in enumerate(zip(texts, vectors, strict=True))
        ]
        replace_document(self.index, document, rows)
