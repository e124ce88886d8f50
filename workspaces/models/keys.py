"""Keys for the API."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workspaces.models.people import Workspace
from workspaces.names import LONGEST_NAME, NameField


def key_label(name: str) -> str:
    """What a key called ``name`` is called where people are named too: a person whose name has such
    quotes is never called by it alone."""
    return gettext("Key “%(name)s”") % {"name": name}


class ApiKey(models.Model):
    """A key for the API: only its hash is kept. ``subject_id`` is the assistant of a chat key.

    A key may never do more than the person who made it, and goes when they go; a key made from the
    shell (``created_by`` None) stands for the workspace itself.
    """

    class Scope(models.TextChoices):
        MANAGE = "manage", _("Manage the workspace")
        CHAT = "chat", _("Chat with one bot")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="api_keys")
    name = NameField(_("name"), max_length=LONGEST_NAME)
    prefix = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64)
    scope = models.CharField(max_length=10, choices=Scope.choices)
    subject_id = models.UUIDField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(
                name="a_chat_key_has_a_subject",
                condition=models.Q(scope="manage") | models.Q(subject_id__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} (pxb_{self.prefix}…)"

    @property
    def label(self) -> str:
        return key_label(self.name)

    @property
    def is_usable(self) -> bool:
        """Neither revoked nor past its date. The door also asks if its maker is still a member."""
        expired = self.expires_at is not None and self.expires_at <= timezone.now()
        return self.revoked_at is None and not expired
