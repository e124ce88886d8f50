"""Who left their name."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from conversations.models.conversation import Conversation
from conversations.releases import labels_of
from conversations.wording import in_words
from conversations.words import LEAD
from drafts.models import Entity
from workspaces.models import Workspace


class Lead(models.Model):
    """Somebody who said who they are. ``consent`` is the sentence they agreed to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="leads")
    entity = models.ForeignKey(Entity, models.CASCADE, related_name="leads")
    conversation = models.OneToOneField(
        Conversation, models.SET_NULL, null=True, blank=True, related_name="lead"
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    fields = models.JSONField(_("fields"), default=dict)
    consent = models.CharField(_("consent"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(fields=("workspace", "-created_at", "-id"), name="leads"),
            GinIndex(LEAD, name="words_of_lead"),
        )

    def __str__(self) -> str:
        return self.name or self.email or str(self.pk)

    @property
    def told(self) -> list[tuple[str, str]]:
        """All that the person told, as pages show it."""
        return in_words(self.fields)

    @property
    def variables(self) -> dict[str, Any]:
        """What the person told in the conversation, beyond the form."""
        return self.conversation.variables if self.conversation else {}

    @property
    def told_more(self) -> list[tuple[str, str]]:
        """All that the person told in the form or the conversation, without what names them."""
        besides = {k: value for k, value in self.variables.items() if k not in self.fields}
        named = {"name", "email"}
        told = {k: v for k, v in self.fields.items() if k not in named} | besides
        return in_words(told, labels_of(self.entity))
