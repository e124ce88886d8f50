"""What was said with deployed assistants, what people thought of it, and who left their name."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conversations.releases import labels_of, told_in
from conversations.wording import channel_label, in_words
from drafts.models import Entity
from workspaces.models import Membership, Role, Workspace

if TYPE_CHECKING:
    from conversations.latest import Latest
    from workspaces.models import User


class Conversation(models.Model):
    """One visitor's exchange with one assistant on one channel.

    ``session_id`` is the name that the channel gives it; the same name on another channel or with
    another assistant is another conversation. ``visitor`` is what the channel says of the person;
    ``state`` what the assistant keeps from message to message, ``state_before`` what it had kept
    before the last one, which may have to be answered again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="conversations")
    entity = models.ForeignKey(Entity, models.CASCADE, related_name="conversations")
    channel = models.CharField(_("channel"), max_length=20)
    session_id = models.CharField(_("session"), max_length=120)
    visitor = models.JSONField(_("visitor"), default=dict, blank=True)
    variables = models.JSONField(_("variables"), default=dict, blank=True)
    state = models.JSONField(default=dict, blank=True, db_default=Value({}, models.JSONField()))
    state_before = models.JSONField(
        default=dict, blank=True, db_default=Value({}, models.JSONField())
    )
    opening = models.CharField(_("first message"), max_length=200, blank=True)
    message_count = models.PositiveIntegerField(_("messages"), default=0)
    created_at = models.DateTimeField(_("started"))
    last_message_at = models.DateTimeField(_("last message"))
    # What was said last, of a conversation that was read with ``with_latest``.
    latest: Latest | None = None

    class Meta:
        ordering = ("-last_message_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("entity", "channel", "session_id"), name="one_conversation_per_session"
            ),
        )
        indexes = (
            models.Index(fields=("workspace", "-last_message_at", "-id"), name="inbox"),
            models.Index(fields=("entity", "-last_message_at"), name="inbox_of_assistant"),
        )

    def __str__(self) -> str:
        return self.opening or self.session_id

    @property
    def channel_label(self) -> str:
        return channel_label(self.channel)

    @property
    def person(self) -> str:
        """Who the visitor is, as far as anybody said: first of all whoever can be trusted."""
        told = told_in(self.entity, self.state)
        lead, facts = getattr(self, "lead", None), {**told, **self.variables, **self.visitor}
        named = [facts.get(name) for name in ("name", "user", "email", "user_id")]
        left = [lead.name, lead.email] if lead else []
        names = named + left if self.is_verified else left + named
        return next((str(name) for name in names if name), gettext("Visitor"))

    @property
    def is_verified(self) -> bool:
        """Whether the website's server vouched for the visitor."""
        return self.visitor.get("verified") is True

    @property
    def open_handoff(self) -> Handoff | None:
        """The one that has not ended, of a conversation that was read with ``OPEN_HANDOFFS``."""
        found: list[Handoff] = getattr(self, "open_handoffs", [])
        return found[0] if found else None

    @property
    def known(self) -> list[tuple[str, str]]:
        """What is known of the visitor, as pages show it."""
        told = told_in(self.entity, self.state)
        return in_words({**told, **self.visitor, **self.variables}, labels_of(self.entity))


class Message(models.Model):
    """One side of a turn. ``error`` holds the model's words when the answer failed, ``trace`` what
    went on inside while it was given, ``extras`` the cards and links of an answer. ``author`` is
    the member who wrote it, where a person did: visitors are never told who."""

    class Role(models.TextChoices):
        USER = "user", _("Visitor")
        ASSISTANT = "assistant", _("Assistant")
        PERSON = "person", _("Person")

    class Status(models.TextChoices):
        WHOLE = "whole", _("Whole")
        STOPPED = "stopped", _("Stopped by the visitor")
        FAILED = "failed", _("Failed")
        REPLACED = "replaced", _("Replaced by another answer")

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
    created_at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ("created_at",)
        indexes = (models.Index(fields=("conversation", "created_at"), name="transcript"),)

    def __str__(self) -> str:
        return self.content[:80]


class Handoffs(QuerySet["Handoff"]):
    """Handoffs, with whether somebody has them: who was removed from the workspace, or may only
    read now, answers nothing any more."""

    def open(self) -> Handoffs:
        return self.filter(ended_at=None).annotate(is_held=self._held())

    def waiting(self) -> Handoffs:
        """Those that nobody has."""
        return self.open().filter(~self._held())

    def taken(self) -> Handoffs:
        """Those that somebody has."""
        return self.open().filter(self._held())

    def _held(self) -> Exists:
        able = Membership.objects.filter(
            workspace=OuterRef("conversation__workspace"),
            user=OuterRef("taken_by"),
            role__gte=Role.EDITOR,
        )
        return Exists(able)


class Handoff(models.Model):
    """A conversation that a flow handed to people. ``note`` says why, in the flow's words;
    ``taken_by`` is who answered first. Until it has ended, the flow answers nothing in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="handoffs")
    note = models.TextField(_("note"), blank=True)
    since = models.DateTimeField(_("since"))
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    objects = Handoffs.as_manager()

    class Meta:
        ordering = ("-since",)
        constraints = (
            models.UniqueConstraint(
                fields=("conversation",), condition=Q(ended_at=None), name="one_open_handoff"
            ),
        )
        indexes = (models.Index(fields=("conversation", "-since"), name="handoffs"),)

    def __str__(self) -> str:
        return self.note[:80] or str(self.since)

    @property
    def holder(self) -> User | None:
        """Who has the conversation, of one that was read as ``open``; None while it waits."""
        return self.taken_by if getattr(self, "is_held", False) else None


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
        indexes = (models.Index(fields=("workspace", "-created_at", "-id"), name="leads"),)

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
