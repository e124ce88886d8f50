"""When a source of a live base is read again."""

from django.db import models

from knowledge.models.base import KnowledgeBase


class SourceRefresh(models.Model):
    """One source that is read again by itself. ``error`` says why the last time failed."""

    base = models.ForeignKey(KnowledgeBase, models.CASCADE, related_name="refreshes")
    source_id = models.CharField(max_length=64)
    every = models.CharField(max_length=10)
    due_at = models.DateTimeField()
    refreshed_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("base", "source_id"), name="one_refresh_per_source"),
        )
        indexes = (models.Index(fields=("due_at",), name="refreshes_due"),)

    def __str__(self) -> str:
        return f"{self.base_id} {self.source_id} {self.every}"
