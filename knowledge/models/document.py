"""What a knowledge base holds: documents with the text that was approved in the draft."""

import uuid

from django.db import models

from drafts.models import Release
from knowledge.models.base import KnowledgeBase


class Described(models.Model):
    """One file, one text, or one page of a website or of Notion.

    ``source_id`` names the source of the configuration it came from; ``key`` tells the documents of
    one source apart (a page's address) and is empty where there is only one.
    """

    source_id = models.CharField(max_length=64)
    key = models.CharField(max_length=2000, blank=True)
    name = models.CharField(max_length=300)
    type = models.CharField(max_length=20)
    mime_type = models.CharField(max_length=120, blank=True)
    url = models.CharField(max_length=2000, blank=True)
    enabled = models.BooleanField(default=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Document(Described):
    """A document of the live base.

    ``pages`` is a list of ``knowledge.texts.Page`` as plain data; ``content_hash`` is of them
    alone. ``language`` is the text search configuration that its words were indexed with.
    ``fingerprint`` is of all that its chunks depend on: where the chunks of an index were made from
    another one, they are made anew. One with ``removed_at`` is not enabled, and goes as soon as a
    worker has taken it out of the index.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    base = models.ForeignKey(KnowledgeBase, models.CASCADE, related_name="documents")
    pages = models.JSONField(default=list)
    content_hash = models.CharField(max_length=71)
    language = models.CharField(max_length=30, blank=True)
    chunking = models.JSONField(default=dict)
    chunk_edits = models.JSONField(default=list)
    annotations = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name", "key")
        constraints = (
            models.UniqueConstraint(
                fields=("base", "source_id", "key"), name="one_document_per_key"
            ),
        )
        indexes = (
            models.Index(
                fields=("base",), condition=models.Q(enabled=False), name="disabled_documents"
            ),
        )


class DocumentText(models.Model):
    """The pages of a released document, never changed: releases that have the same text share it.

    A page with ``"approved": false`` was left out by whoever read it. ``content_hash`` is of all,
    ``bytes`` the size of them as JSON: what the text counts of what a workspace may keep.
    """

    base = models.ForeignKey(KnowledgeBase, models.CASCADE, related_name="texts")
    content_hash = models.CharField(max_length=71)
    pages = models.JSONField()
    bytes = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("base", "content_hash"), name="one_text_per_hash"),
        )
        # Their sum is asked for whenever something is brought.
        indexes = (models.Index(fields=("base",), include=("bytes",), name="bytes_of_texts"),)

    def __str__(self) -> str:
        return self.content_hash


class ReleasedDocument(Described):
    """What one release was made of, so that it can come back. Those that are not ``enabled`` were
    kept without being searched."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="documents")
    text = models.ForeignKey(DocumentText, models.CASCADE, related_name="+")

    class Meta:
        indexes = (models.Index(fields=("release",), name="documents_of_release"),)
