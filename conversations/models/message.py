"""What was said, and what people thought of it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from conversations.models.conversation import Conversation
from conversations.words import SAID

# Answers that did not answer, without those that another one replaced.
UNANSWERED = ~Q(unanswered="") & ~Q(status="replaced")


class Message(models.Model):
    """One side of a turn. ``error`` holds the model's words when the answer failed, ``trace`` what
    went on inside while it was given, ``extras`` the cards and links of an answer. ``author`` is
    the member who wrote it, where a person did: visitors are never told who. ``unanswered`` says
    why an answer did not answer, as far as that can be seen; empty where it did."""

    class Role(models.TextChoices):
        USER = "user", _("Visitor")
        ASSISTANT = "assistant", _("Assistant")
        PERSON = "person", _("Person")

    class Status(models.TextChoices):
        WHOLE = "whole", _("Whole")
        STOPPED = "stopped", _("Stopped by the visitor")
        FAILED = "failed", _("Failed")
        REPLACED = "replaced", _("Replaced by another answer")

    class Unanswered(models.TextChoices):
        FAILED = "failed", _("The answer failed")
        NOTHING_FOUND = "not_found", _("Nothing was found")
        NOTHING_USED = "not_used", _("Nothing that was found was used")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    role = models.CharField(_("who"), max_length=10, choices=Role.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    content = models.TextField(_("text"), blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WHOLE)
    error = models.CharField(_("error"), max_length=500, blank=True)
    citations = models.JSONField(default=list, blank=True)
    sources = models.JSONField(default=list, blank=True)
    release = models.PositiveIntegerField(_("version"), null=True, blank=True)
    model = models.CharField(_("model"), max_length=200, blank=True)
    prompt_tokens = models.PositiveIntegerField(default=0)
    completion_tokens = models.PositiveIntegerField(default=0)
    latency_ms = models.PositiveIntegerField(default=0)
    trace = models.JSONField(default=list, blank=True, db_default=Value([], models.JSONField()))
    extras = models.JSONField(default=dict, blank=True, db_default=Value({}, models.JSONField()))
    unanswered = models.CharField(
        max_length=10, choices=Unanswered.choices, blank=True, default="", db_default=""
    )
    created_at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ("created_at",)
        indexes = (
            models.Index(fields=("conversation", "created_at"), name="transcript"),
            models.Index(fields=("created_at",), name="said_when"),
            models.Index(
                fields=("conversation",), condition=~Q(unanswered=""), name="unanswered_in"
            ),
            models.Index(
                fields=("-created_at",), condition=~Q(unanswered=""), name="unanswered_lately"
            ),
            GinIndex(SAID, name="words_said"),
        )

    def __str__(self) -> str:
        return self.content[:80]


class Feedback(models.Model):
    """What the visitor thought of one answer."""

    class Value(models.TextChoices):
        UP = "up", _("Helpful")
        DOWN = "down", _("Not helpful")

    message = models.OneToOneField(
        Message, models.CASCADE, related_name="feedback", primary_key=True
    )
    value = models.CharField(max_length=4, choices=Value.choices)
    created_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "feedback"

    def __str__(self) -> str:
        return self.get_value_display()
