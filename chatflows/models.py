"""A deployed chatflow, and what starts it besides a message in the chat."""

from __future__ import annotations

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assistants.models import AssistantEntity
from drafts.models import Entity


class Chatflow(AssistantEntity):
    """Has nothing of its own: its nodes and edges are in its release."""

    class Meta:
        verbose_name = _("chatflow")
        verbose_name_plural = _("chatflows")


def new_token() -> str:
    """The part of a webhook's address that nobody can guess: 192 bits."""
    return secrets.token_urlsafe(24)


class Webhook(models.Model):
    """The address that starts a live flow. One that is not ``enabled`` is kept for a release that
    has such a start again. ``last_error`` says why its last call came to nothing."""

    entity = models.OneToOneField(Entity, models.CASCADE, related_name="webhook")
    token = models.CharField(max_length=40, unique=True, default=new_token)
    enabled = models.BooleanField(_("switched on"), default=True)
    last_run_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(_("error"), max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.entity)

    @property
    def url(self) -> str:
        """The address as callers use it."""
        return f"{settings.PUBLIC_URL}/hooks/v1/{self.token}"


class Delivery(models.Model):
    """One call of a webhook that its sender gave a name (``key``), or that is answered before it
    has run. Begun once, whatever becomes of it.

    ``payload`` is what it brings until it begins; ``answer`` what the sender got, and gets again.
    A run that has not ended at ``lease_until`` was interrupted.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    key = models.CharField(max_length=255, null=True, blank=True)  # noqa: DJ001 (none is no name)
    fingerprint = models.CharField(max_length=64)
    session_id = models.CharField(max_length=120)
    status = models.CharField(max_length=10, choices=Status.choices)
    payload = models.JSONField(default=dict, blank=True)
    answer_status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.JSONField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = (
            models.UniqueConstraint(fields=("webhook", "key"), name="one_delivery_per_key"),
        )
        indexes = (
            models.Index(
                fields=("webhook", "created_at"),
                condition=models.Q(status="waiting"),
                name="deliveries_waiting",
            ),
            models.Index(fields=("created_at",), name="deliveries_by_age"),
        )

    def __str__(self) -> str:
        return self.key or str(self.pk)


class Schedule(models.Model):
    """When a live flow starts by itself. ``running_until`` is when a run that has not ended was
    interrupted; ``last_error`` says why the last one came to nothing."""

    entity = models.OneToOneField(Entity, models.CASCADE, related_name="schedule")
    cron = models.CharField(max_length=200)
    timezone = models.CharField(max_length=60)
    next_run_at = models.DateTimeField(db_index=True)
    last_run_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(_("error"), max_length=500, blank=True)
    running_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.entity}: {self.cron}"
