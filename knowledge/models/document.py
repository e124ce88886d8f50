"""What a knowledge base holds: documents with the text that was approved in the draft."""

import uuid

from django.db import models

from knowledge.models.base import KnowledgeBase


class Document(models.Model):
    """One file, one text, or one page of a website.

    ``source_id`` names the source of the configuration it came from; ``key`` tells the documents of
    one source apart (a page's address) and is empty where there is only one. ``pages`` is a list of
    ``knowledge.texts.Page`` as plain data; ``content_hash`` is of them alone. ``language`` is the
    text search configuration that its words were indexed with.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    base = models.ForeignKey(KnowledgeBase, models.CASCADE, related_name="documents")
    source_id = models.CharField(max_length=64)
    key = models.CharField(max_length=2000, blank=True)
    name = models.CharField(max_length=300)
    type = models.CharField(max_length=20)
    mime_type = models.CharField(max_length=120, blank=True)
    url = models.CharField(max_length=2000, blank=True)
    pages = models.JSONField(default=list)
    content_hash = models.CharField(max_length=71)
    language = models.CharField(max_length=30, blank=True)
    enabled = models.BooleanField(default=True)
    annotations = models.JSONField(default=dict)
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

    def __str__(self) -> str:
        return self.name
