"""Secrets that a workspace keeps for outside services, encrypted at rest."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.models.people import Workspace
from workspaces.names import LONGEST_NAME, NameField

LONGEST_HOST = 253  # of a name in DNS, RFC 1035


class Credential(models.Model):
    """A named set of values. Only ``workspaces.credentials`` turns ``encrypted`` into values.

    ``hint`` is the end of the main secret; ``host`` the one host that the values may be sent to,
    empty when the kind's own service is meant. ``refusal`` is what its service said when it did not
    take the values, when they were last tried; empty where it took them, or nobody has tried.
    """

    class Kind(models.TextChoices):
        TELEGRAM = "telegram", _("Telegram bot")
        DISCORD = "discord", _("Discord bot")
        WHATSAPP = "whatsapp", _("WhatsApp Business")
        LLM = "llm", _("Language model")
        HTTP = "http", _("HTTP service")
        NOTION = "notion", _("Notion")
        GOOGLE = "google", _("Google")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="credentials")
    name = NameField(_("name"), max_length=LONGEST_NAME)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    encrypted = models.TextField(editable=False)
    hint = models.CharField(_("hint"), max_length=20, blank=True)
    host = models.CharField(_("host"), max_length=LONGEST_HOST + len(":65535"), blank=True)
    refusal = models.TextField(blank=True, default="", db_default="", editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name", "created_at")

    def __str__(self) -> str:
        return self.name
