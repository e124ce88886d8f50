"""The whole truth about a knowledge base: what a draft may hold and what a release holds.

What a source says of how it was read (``status`` to ``characters``) is kept beside the draft and
told as part of it; a release holds what was indexed. Field names are those of the API.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    HttpUrl,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from common.plain_text import visible
from common.schema import Schema, key, once_each, without_user
from knowledge.chunking.config import ChunkingConfig, ChunkingOverride
from knowledge.remote.addresses import google_file_id, notion_page_id

LOCAL_MODEL = "all-MiniLM-L6-v2"
SOURCE_ID = r"^src_[A-Za-z0-9]{8,40}$"
QUESTION_ID = r"^q_[A-Za-z0-9]{1,40}$"
EDIT_ID = r"^edit_[A-Za-z0-9]{8,40}$"
LONGEST_NAME = 300
LONGEST_CONTEXT = 500
MOST_SOURCES = 500
MOST_QUESTIONS = 500
# That go into one prompt.
MOST_PASSAGES = 50
LONGEST_QUESTION = 500
LONGEST_EXPECTED = 2000
SearchMethod = Literal["keyword", "vector", "hybrid"]
Refresh = Literal["daily", "weekly", "monthly"]
Importance = Literal["low", "normal", "high"]
# What is kept beside a draft has these names too.
SourceId = Annotated[str, Field(pattern=SOURCE_ID, examples=["src_1b9d6bcd0a"]), key(SOURCE_ID)]
EditId = Annotated[str, Field(pattern=EDIT_ID, examples=["edit_7c2f9e01"]), key(EDIT_ID)]
QuestionId = Annotated[str, Field(pattern=QUESTION_ID, examples=["q_5f0c2a91"]), key(QUESTION_ID)]
# As it is deployed; the draft keeps what was typed.
Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=120),
    BeforeValidator(lambda value: visible(value) if isinstance(value, str) else value),
]
# Of one chunk that somebody wrote, in characters; and how many chunks one edit merges or makes.
LONGEST_CHUNK, MOST_PARTS = 20_000, 50
ChunkText = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_CHUNK, pattern=r"\S")]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Pattern = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Annotations(Schema):
    """What people know of a source and its text does not say."""

    context: str = Field(default="", max_length=LONGEST_CONTEXT)
    importance: Importance = "normal"
    instructions: str = Field(default="", max_length=500)
    tags: tuple[Tag, ...] = Field(default=(), max_length=20)


class _Source(Schema):
    """What all sources have. From ``status`` on it is told, not given."""

    id: SourceId
    name: str = Field(default="", max_length=LONGEST_NAME)
    enabled: bool = True
    chunking_config: ChunkingOverride | None = None
    annotations: Annotations = Annotations()
    status: Literal["pending", "parsing", "ready", "failed"] = "pending"
    error: str | None = None
    content_hash: str | None = None
    pages: int = 0
    characters: int = 0


class FileUpload(_Source):
    """A file that somebody brought."""

    type: Literal["file_upload"]
    size: int = 0
    mime_type: str = ""


class TextInput(_Source):
    """A text that was typed or pasted."""

    type: Literal["text_input"]
    format: Literal["markdown", "text"] = "markdown"


class CrawlConfig(Schema):
    """How far a website is followed from its first page. The patterns are of paths: ``/docs/*``."""

    max_pages: int = Field(default=50, ge=1, le=1000)
    max_depth: int = Field(default=3, ge=0, le=10)
    include: tuple[Pattern, ...] = Field(default=(), max_length=20)
    exclude: tuple[Pattern, ...] = Field(default=(), max_length=20)
    include_subdomains: bool = False


class Website(_Source):
    """A page, and those that it leads to; or a sitemap."""

    type: Literal["website"]
    url: Annotated[HttpUrl, without_user]
    crawl_config: CrawlConfig = CrawlConfig()
    refresh: Refresh | None = None


class Notion(_Source):
    """A page of Notion and those below it, or a database. Addresses are taken for their pages."""

    type: Literal["notion"]
    page_id: Annotated[str, AfterValidator(notion_page_id)]
    credential_id: UUID


class GoogleDocs(_Source):
    """A document of Google Docs, by its id or address."""

    type: Literal["google_docs"]
    file_id: Annotated[str, AfterValidator(google_file_id)]
    credential_id: UUID


Source = Annotated[
    FileUpload | TextInput | Website | Notion | GoogleDocs, Field(discriminator="type")
]
TOLD = frozenset(
    {"status", "error", "content_hash", "pages", "characters", "size", "mime_type"},
)


class ChunkEdit(Schema):
    """What somebody made of chunks, by the texts that they had: ``knowledge.chunking.edits``.

    Where each page of a source is a document, ``document`` is the address of the page that they are
    of; without it the edit is of every page that has such chunks. ``page`` and ``start`` say where
    the first of the ``originals`` stood, for texts that are there several times; ``repeats``, how
    many of its first characters the chunk before says too.
    """

    id: EditId
    source_id: str = Field(pattern=SOURCE_ID)
    originals: tuple[ChunkText, ...] = Field(min_length=1, max_length=MOST_PARTS)
    texts: tuple[ChunkText, ...] | None = Field(default=None, min_length=1, max_length=MOST_PARTS)
    enabled: bool = True
    left_out: tuple[Annotated[int, Field(ge=0, le=MOST_PARTS - 1)], ...] = ()
    document: str = Field(default="", max_length=2000)
    page: int | None = Field(default=None, ge=1)
    start: int | None = Field(default=None, ge=0)
    repeats: int = Field(default=0, ge=0, le=LONGEST_CHUNK)

    @model_validator(mode="after")
    def _a_merged_chunk_has_a_text(self) -> Self:
        if self.texts is None and len(self.originals) > 1:
            raise ValueError("Chunks that are merged need a text")
        return self

    @model_validator(mode="after")
    def _left_out_are_texts(self) -> Self:
        if any(place >= len(self.texts or ()) for place in self.left_out):
            raise ValueError("Only texts that the edit has can be left out")
        return self


class TestQuestion(Schema):
    """A question whose answer is known: ``expected`` is what a passage that answers it says, word
    by word or nearly so, and it must be one of ``source_id`` where that is given."""

    id: QuestionId
    question: str = Field(min_length=1, max_length=LONGEST_QUESTION, pattern=r"\S")
    expected: str = Field(min_length=1, max_length=LONGEST_EXPECTED, pattern=r"\S")
    source_id: str | None = Field(default=None, pattern=SOURCE_ID)


class EmbeddingConfig(Schema):
    """Which model turns texts into vectors. ``dimensions`` None: as many as the model gives."""

    provider: Literal["local", "openai_compatible"] = "local"
    model: str = Field(default=LOCAL_MODEL, min_length=1, max_length=200, validate_default=True)
    dimensions: int | None = Field(default=None, ge=1, le=4000)
    credential_id: UUID | None = None

    @field_validator("model")
    @classmethod
    def _the_model_is_the_providers(cls, model: str, info: ValidationInfo) -> str:
        is_local = info.data.get("provider") == "local"
        if is_local and model != LOCAL_MODEL:
            raise ValueError(f"The built-in model is called {LOCAL_MODEL}")
        if not is_local and model == LOCAL_MODEL:
            raise ValueError("Name the server's embedding model")
        return model


class VectorStoreConfig(Schema):
    """Where vectors are kept. ``qdrant`` needs a server that this installation is told of."""

    provider: Literal["pgvector", "qdrant"] = "pgvector"
    distance: Literal["cosine"] = "cosine"


class RetrievalConfig(Schema):
    """How the base is searched where whoever asks does not say otherwise. ``rerank``: whether the
    best passages are compared with the question once more, token by token."""

    search_method: SearchMethod = "hybrid"
    top_k: int = Field(default=5, ge=1, le=MOST_PASSAGES)
    score_threshold: float | None = Field(default=None, ge=0, le=1)
    rerank: bool = False


class KnowledgeBase(Schema):
    """A knowledge base's configuration."""

    name: Name
    description: str = Field(default="", max_length=2000)
    context: Literal["chatbot", "chatflow", "both"] = "both"
    sources: Annotated[tuple[Source, ...], once_each("id", "Two sources have the ID {}")] = Field(
        min_length=1, max_length=MOST_SOURCES
    )
    chunking_config: ChunkingConfig = ChunkingConfig()
    chunk_edits: Annotated[tuple[ChunkEdit, ...], once_each("id", "Two edits have the ID {}")] = (
        Field(default=(), max_length=2000)
    )
    embedding_config: EmbeddingConfig = EmbeddingConfig()
    vector_store_config: VectorStoreConfig = VectorStoreConfig()
    retrieval_config: RetrievalConfig = RetrievalConfig()
    test_questions: Annotated[
        tuple[TestQuestion, ...], once_each("id", "Two questions have the ID {}")
    ] = Field(default=(), max_length=MOST_QUESTIONS)
