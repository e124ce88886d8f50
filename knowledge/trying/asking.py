"""What a draft's chunks are and what a question finds among them, before anything is indexed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import TYPE_CHECKING

import numpy as np

from inference.embedders.local import LOCAL
from knowledge.annotations import importance_of, tags_of
from knowledge.beside import cuts, words
from knowledge.draft_settings import retrieval_of
from knowledge.embedding import embedder_for, space_of
from knowledge.index.lexemes import QUESTION_CHARACTERS
from knowledge.index.lookup import Method
from knowledge.languages import NUL_AND_SURROGATES
from knowledge.retrieval import context
from knowledge.retrieval.distinct import is_repeated, shingles
from knowledge.retrieval.fitting import fitting, is_judged
from knowledge.retrieval.in_memory import corpus, rank
from knowledge.retrieval.reranking import rerank
from knowledge.trying import limits, preparing
from knowledge.trying.parts import Part, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy import float32
    from numpy.typing import NDArray

    from drafts.draft import Draft
    from knowledge.chunking.chunk import Chunk, Parent
    from knowledge.chunking.edits import Edit, Edited
    from knowledge.index.lookup import Filters
    from knowledge.retrieval.fusion import Scored
    from knowledge.retrieval.in_memory import Corpus
    from knowledge.searching import Override

    Vector = NDArray[float32]


@dataclass(frozen=True)
class DraftChunk:
    """A chunk of a draft, with where it is from and what was made of it. ``position`` and ``total``
    count within the source; ``is_last``, no other chunk of its document is behind it. ``parent`` is
    the larger part that the model reads in its place; empty where there is none."""

    part: Part
    position: int
    chunk: Chunk
    total: int
    is_last: bool
    enabled: bool = True
    edit: Edit | None = None
    parent: str = ""

    @property
    def digest(self) -> str:
        """By which a page says which chunk it showed."""
        return hashlib.sha256(self.chunk.text.encode()).hexdigest()[:16]

    @property
    def document(self) -> tuple[str, str]:
        """Tells apart what will be documents: see ``knowledge.live.documents``."""
        return self.part.source_id, self.part.document_of(self.chunk.page)

    @property
    def repeated(self) -> str:
        """What it repeats of the end of the chunk before."""
        return self.chunk.text[: self.chunk.overlap]

    @property
    def own(self) -> str:
        """What is new in it."""
        return self.chunk.text[self.chunk.overlap :]


@dataclass(frozen=True)
class Prepared:
    """The chunks of what is cut already; ``waiting`` says whether there is more to come, ``more``
    whether there are chunks that cannot be looked at here. ``lost`` are edits that fit nowhere any
    more, ``key`` is that of the chunks' words."""

    key: str
    chunks: list[DraftChunk]
    waiting: bool
    more: bool
    lost: list[Edit]

    @property
    def without_pairs(self) -> list[str]:
        """The sources that were to be cut into questions with their answers and have none."""
        pairs: dict[str, bool] = {}
        for each in self.chunks:
            if each.part.config["strategy"] == "question_answer":
                pairs[each.part.name] = pairs.get(each.part.name, False) or bool(
                    each.chunk.question
                )
        return [name for name, found in pairs.items() if not found]


@dataclass(frozen=True)
class Try:
    """A passage that a question found in a draft, as ``knowledge.retrieval.query.Hit`` says it."""

    source_id: str
    title: str
    url: str
    page: int
    headings: tuple[str, ...]
    found: str
    text: str
    score: float
    keyword: float
    vector: float
    relevance: float
    rerank: float | None


@dataclass(frozen=True)
class Tried:
    """``embedded`` of ``total`` chunks took part by meaning; with too few, words alone count, and
    nothing does until those are ``read``. ``judged`` says whether a chatbot would leave out hits
    that only look related."""

    hits: list[Try]
    embedded: int
    total: int
    judged: bool = False
    read: bool = True

    @property
    def answers(self) -> bool:
        """Whether a chatbot would be given the hits."""
        return bool(fitting(self.hits, judged=self.judged))


def chunks_of(draft: Draft) -> Prepared:
    """The draft's chunks as far as they are cut; a worker is told to cut the rest. Raises
    ``IncompleteSettingsError``."""
    tokenizer = embedder_for(draft.workspace_id, draft.data.get("embedding_config") or {}).tokenizer
    looked = preparing.look(parts_of(draft), tokenizer, Part.chunks)
    if looked.waiting:
        preparing.wake(draft.workspace_id, draft.id)
    chunks = [each for part, edited in looked.parts for each in _of_part(part, edited)]
    return Prepared(looked.key, chunks, looked.waiting, looked.more, looked.lost)


def _of_part(part: Part, edited: Sequence[Edited]) -> Iterator[DraftChunk]:
    documents = [part.document_of(each.chunk.page) for each in edited]
    parents = _parents(edited)
    for at, (each, following) in enumerate(zip_longest(edited, documents[1:])):
        is_last = documents[at] != following
        read = parents.get(each.chunk.parent, "") if each.enabled else ""
        yield DraftChunk(
            part,
            at,
            each.chunk,
            len(edited),
            is_last,
            enabled=each.enabled,
            edit=each.edit,
            parent="" if read == each.chunk.text else read,
        )


def _parents(edited: Sequence[Edited]) -> dict[Parent | None, str]:
    """The text of each larger part: that of its chunks, as people left them."""
    inside: dict[Parent | None, list[Chunk]] = {}
    for each in edited:
        if each.enabled and each.chunk.parent:
            inside.setdefault(each.chunk.parent, []).append(each.chunk)
    return {
        parent: context.joined(context.Part(c.page, c.start, c.end, c.text) for c in chunks)
        for parent, chunks in inside.items()
    }


@dataclass(frozen=True)
class Searchable:
    """The chunks of a draft that can be found, read for any number of questions. ``embedded`` of
    them have a vector. There is no ``corpus``, and nothing is found, until their words are read."""

    chunks: list[DraftChunk]
    corpus: Corpus | None
    embedded: int

    @property
    def is_whole(self) -> bool:
        """Whether questions can be asked by meaning: chunks without a vector would seem to have
        none."""
        return self.embedded == len(self.chunks)

    def find(
        self,
        question: str,
        vector: Vector | None,
        method: Method,
        least: float,
        *,
        reranked: bool,
        filters: Filters | None = None,
    ) -> Iterator[Try]:
        """What the question finds, best first, nothing less relevant than ``least``; raises
        ``EmbeddingError``. Of ``filters``, only limits of sources and tags are
        looked at."""
        allowed = self._allowed(filters) if filters and filters.given else None
        ranked = rank(self.corpus, question, vector, method, allowed) if self.corpus else []
        relevant = [each for each in ranked if each.relevance >= least]
        if reranked:
            relevant = rerank(relevant, question, self._embedded_texts)
        return _different(relevant, self.chunks)

    def _allowed(self, filters: Filters) -> NDArray[np.bool_]:
        return np.array([_is_allowed(each.part, filters) for each in self.chunks])

    def _embedded_texts(self, places: Sequence[int]) -> dict[int, str]:
        found = ((place, self.chunks[place]) for place in places)
        return {at: each.part.texts([each.chunk], LOCAL)[0] for at, each in found}


def searchable(draft: Draft) -> Searchable | None:
    """The draft's chunks as they can be asked; None while there are none."""
    prepared = chunks_of(draft)
    chunks = [each for each in prepared.chunks if each.enabled]
    if not chunks:
        return None
    kept = words.kept(draft.id, prepared.key)
    if prepared.waiting or kept is None:
        return Searchable(chunks, None, 0)
    vectors, embedded = _vectors(chunks, kept.hashes)
    importance = [importance_of(each.part.annotations) for each in chunks]
    return Searchable(chunks, corpus(kept.words, vectors, importance), embedded)


def asked(question: str) -> str:
    """A question as it is ranked and embedded."""
    return NUL_AND_SURROGATES.sub(" ", question[:QUESTION_CHARACTERS])


def ask(draft: Draft, question: str, wanted: Override) -> Tried:
    """Rank the draft's chunks as the index would. Raises ``EmbeddingError``,
    ``IncompleteSettingsError``, and ``Problem`` 429 where too many are asking."""
    with limits.in_turn(draft.workspace_id):
        return _ask(draft, question, wanted)


def _ask(draft: Draft, question: str, wanted: Override) -> Tried:
    settings, text, found = retrieval_of(draft), asked(question), searchable(draft)
    if found is None or not text.strip():
        return Tried([], 0, len(found.chunks) if found else 0)
    method = Method(wanted.search_method or settings.search_method)
    choice, vector = draft.data.get("embedding_config") or {}, None
    if not found.is_whole:
        preparing.wake(draft.workspace_id, draft.id)
    elif method != Method.KEYWORD:
        vector = embedder_for(draft.workspace_id, choice).embed([text])[0]
    threshold = wanted.score_threshold
    least = settings.score_threshold if threshold is None else threshold
    reranked = settings.rerank if wanted.rerank is None else wanted.rerank
    hits = found.find(text, vector, method, least or 0, reranked=reranked, filters=wanted.filters)
    top_k = wanted.top_k or settings.top_k
    judged = vector is not None and is_judged(method, least, space_of(choice))
    read = found.corpus is not None
    return Tried(list(islice(hits, top_k)), found.embedded, len(found.chunks), judged, read)


def _is_allowed(part: Part, filters: Filters) -> bool:
    sources, tags = filters.sources, filters.tags
    in_sources = sources is None or part.source_id in sources
    return in_sources and (tags is None or not tags_of(part.annotations).isdisjoint(tags))


def _vectors(chunks: Sequence[DraftChunk], hashes: Sequence[str]) -> tuple[Vector, int]:
    """A row for each chunk, zeros where there is no vector yet; and how many there are."""
    known: dict[str, dict[str, Vector]] = {}
    found = []
    for each, made_of in zip(chunks, hashes, strict=True):
        source_id = each.part.source_id
        if source_id not in known:
            known[source_id] = cuts.vectors_of(each.part.draft_id, source_id, each.part.space)
        found.append(known[source_id].get(made_of))
    there = [vector for vector in found if vector is not None]
    size = len(there[0]) if there else 1
    empty = np.zeros(size, np.float32)
    return np.array([empty if v is None else v for v in found], np.float32), len(there)


def _different(ranked: Sequence[Scored], chunks: Sequence[DraftChunk]) -> Iterator[Try]:
    """Without those like a better one: a parent is shown once, whichever of its parts was found."""
    seen: list[frozenset[tuple[str, ...]]] = []
    parents = set()
    for scored in ranked:
        found = chunks[scored.candidate.chunk_id]
        parent = (found.document, found.chunk.parent)
        words = shingles(found.chunk.text)
        if parent in parents or is_repeated(words, seen):
            continue
        if found.chunk.parent:
            parents.add(parent)
        seen.append(words)
        yield _hit(scored, found)


def _hit(scored: Scored, found: DraftChunk) -> Try:
    part, chunk = found.part, found.chunk
    return Try(
        source_id=part.source_id,
        title=part.title_of(chunk.page),
        url=part.url_of(chunk.page),
        page=chunk.page,
        headings=chunk.headings,
        found=chunk.text,
        text=found.parent or chunk.text,
        score=scored.score,
        keyword=scored.candidate.keyword,
        vector=scored.candidate.vector,
        relevance=scored.relevance,
        rerank=scored.rerank,
    )
