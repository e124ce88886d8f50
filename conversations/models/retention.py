"""How long a workspace keeps what was said."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.models import Workspace


class Retention(models.Model):
    """Conversations in which nothing was said for ``days`` are deleted. A workspace without such a
    row keeps all of them."""

    workspace = models.OneToOneField(
        Workspace, models.CASCADE, related_name="retention", primary_key=True
    )
    days = models.PositiveSmallIntegerField(_("days"))

    def __str__(self) -> str:
        return str(self.days)
