"""Who changed what, and when. Rows are added and never touched again: a trigger sees to it."""

from __future__ import annotations

from typing import Any, Never

from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.models.people import Workspace


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete what is only ever added to."""


class AuditEntry(models.Model):
    """One change. ``details`` hold names and numbers, never a secret.

    Entries outlive their workspace and their people, so nothing here is a real foreign key.
    """

    workspace = models.ForeignKey(
        Workspace, models.DO_NOTHING, db_constraint=False, related_name="audit_entries"
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)
    by = models.CharField(_("who"), max_length=254)
    user_id = models.UUIDField(null=True, blank=True)
    api_key_id = models.UUIDField(null=True, blank=True)
    action = models.CharField(_("what"), max_length=60)
    target = models.CharField(_("on"), max_length=200, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "audit entries"
        indexes = (models.Index(fields=("workspace", "-id"), name="audit_by_workspace"),)

    def __str__(self) -> str:
        return f"{self.by}: {self.action} {self.target}".rstrip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnlyError("The audit log is only added to.")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> Never:
        raise AppendOnlyError("The audit log is only added to.")
