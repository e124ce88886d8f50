"""What is searched: generations of a base's index, their chunks, vectors and word postings.

Chunks live here whatever the vector store is. ``Embedding`` belongs to the store ``pgvector`` and
is a table of its own, because a scan over vectors must not wade through texts. Postings are the
inverted file of BM25: without foreign keys, written and removed only by ``knowledge.index``.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField

from knowledge.models.base import KnowledgeBase
from knowledge.models.document import Document


class Index(models.Model):
    """One generation of a base's index: all vectors are of one embedder.

    ``chunks`` and ``length`` (the sum of the chunks' lengths) are what BM25 needs to know of the
    whole; ``languages`` are the text search configurations its documents were read with.
    ``embedding`` is the choice of a model that the configuration made, ``embedder`` the name of the
    space that its vectors live in.
    """

    class Store(models.TextChoices):
        PGVECTOR = "pgvector", "pgvector"
        QDRANT = "qdrant", "Qdrant"

    base = models.ForeignKey(KnowledgeBase, models.CASCADE, related_name="indexes")
    embedding = models.JSONField(default=dict)
    embedder = models.CharField(_("embedding model"), max_length=300)
    dimensions = models.PositiveSmallIntegerField()
    store = models.CharField(max_length=20, choices=Store.choices, default=Store.PGVECTOR)
    chunks = models.BigIntegerField(default=0)
    length = models.BigIntegerField(default=0)
    languages = ArrayField(models.CharField(max_length=30), default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    # Since when another one answers in its place.
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "indexes"

    def __str__(self) -> str:
        return f"{self.base} · {self.embedder} · {self.pk}"


class Chunk(models.Model):
    """A passage as it is found and shown.

    ``start`` and ``end`` are characters of the page's text. Where a larger passage is handed over
    in the chunk's place, ``parent_page`` and ``parent_start`` say where that begins. ``text_hash``
    is of the text that was embedded. ``terms`` and ``frequencies`` belong together and give its
    exact BM25 score without a look into the postings; ``length`` is the sum of ``frequencies``.
    """

    index = models.ForeignKey(Index, models.CASCADE, related_name="+", db_index=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="chunks")
    position = models.PositiveIntegerField()
    page = models.PositiveIntegerField(default=1)
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    text = models.TextField()
    headings = ArrayField(models.TextField(), default=list)
    question = models.TextField(blank=True)
    parent_page = models.PositiveIntegerField(null=True)
    parent_start = models.PositiveIntegerField(null=True)
    tokens = models.PositiveIntegerField(default=0)
    enabled = models.BooleanField(default=True)
    text_hash = models.CharField(max_length=71)
    length = models.PositiveIntegerField(default=0)
    terms = ArrayField(models.BigIntegerField(), default=list)
    frequencies = ArrayField(models.PositiveSmallIntegerField(), default=list)

    class Meta:
        ordering = ("document", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("index", "document", "position"), name="one_chunk_per_position"
            ),
        )
        # Whether a text has a vector already is asked for each document that comes.
        indexes = (models.Index(fields=("index", "text_hash"), name="chunks_by_text"),)

    def __str__(self) -> str:
        return self.text[:80]


class Embedding(models.Model):
    """A chunk's vector. What filters it is repeated here, so that a scan joins nothing."""

    chunk = models.OneToOneField(Chunk, models.CASCADE, primary_key=True, related_name="+")
    index = models.ForeignKey(Index, models.CASCADE, related_name="+")
    document_id = models.UUIDField(db_index=True)
    enabled = models.BooleanField(default=True)
    embedding = HalfVectorField()

    def __str__(self) -> str:
        return str(self.pk)


class Term(models.Model):
    """A lexeme of one index and how many of its chunks hold it.

    The key is a hash of index and lexeme (``knowledge_term_id`` in the database), so that whoever
    writes or asks knows it without looking.
    """

    id = models.BigIntegerField(primary_key=True)
    index = models.ForeignKey(Index, models.CASCADE, related_name="+")
    lexeme = models.TextField()
    frequency = models.IntegerField(default=0)

    def __str__(self) -> str:
        return self.lexeme


class Posting(models.Model):
    """That a chunk holds a term, and how much it means there: BM25's part of the frequency.

    The key's order gives the postings of a term by weight. The weight is reckoned with a length
    that is the same for all, so nothing has to be written again when an index grows: it chooses
    candidates; their scores are exact.
    """

    pk = models.CompositePrimaryKey("term_id", "weight", "chunk_id")
    term_id = models.BigIntegerField()
    weight = models.FloatField()
    chunk_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.term_id} in {self.chunk_id}"
