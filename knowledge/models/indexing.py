"""How far each document is in an index: the truth about a run, whoever carries it out."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField

from knowledge.models.document import Document
from knowledge.models.index import Index


class IndexedDocument(models.Model):
    """One document in one index.

    ``fingerprint`` is of what the index's chunks were made from; the document is done when it is
    the document's own. Whoever is at work has it until ``leased_until``. ``failures`` counts the
    attempts at one fingerprint, ``tried``.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        INDEXING = "indexing", _("Being indexed")
        READY = "ready", _("Indexed")
        FAILED = "failed", _("Failed")

    index = models.ForeignKey(Index, models.CASCADE, related_name="documents")
    document = models.ForeignKey(Document, models.CASCADE, related_name="indexed")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    fingerprint = models.CharField(max_length=64, blank=True)
    tried = models.CharField(max_length=64, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    chunks = models.PositiveIntegerField(default=0)
    tokens = models.PositiveBigIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("index", "document"), name="one_state_per_document"),
        )

    def __str__(self) -> str:
        return f"{self.document_id} {self.status}"


class KeptVector(models.Model):
    """A vector that was made for an index and is not in it yet: what a worker that died had done,
    and what was embedded in the draft. Goes when the document is indexed."""

    index = models.ForeignKey(Index, models.CASCADE, related_name="+")
    text_hash = models.CharField(max_length=71)
    embedding = HalfVectorField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("index", "text_hash"), name="one_vector_per_text"),
        )

    def __str__(self) -> str:
        return self.text_hash
