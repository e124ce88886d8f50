"""What is said on channels whose services pass messages on: the work that is left to do, in rows.

An incoming message is kept before its service is answered, each part of an answer before it is
sent. Whoever finds them (the task woken after the commit, or the sweep) carries on.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_deploy.models.connection import Connection
from conversations.models import Conversation


class Chat(models.Model):
    """A person's conversation with an entity, as a service that passes messages on knows it.

    ``session_id`` names it there and among the conversations, ``address`` is what it takes to say
    something there that answers no message.
    ``heard_at`` is when the person last wrote, which some services make answers depend on.
    ``lease_until``: until then somebody is answering, one message after the other, or the service
    wants to be left alone. It goes with its conversation, of which there is none before the first
    answer.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="chats")
    session_id = models.CharField(max_length=120)
    conversation = models.OneToOneField(
        Conversation, models.CASCADE, null=True, blank=True, related_name="chat"
    )
    address = models.JSONField(default=dict, blank=True)
    heard_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("connection", "session_id"), name="one_chat_per_session"
            ),
        )

    def __str__(self) -> str:
        return f"{self.connection}: {self.session_id}"


class Inbound(models.Model):
    """A message that a service passed on, kept before the service is told that it has arrived.

    The same one is delivered more than once: ``external_id`` is the service's name of it. Its
    answer is called ``answer_id`` before it is given, so that after a crash nothing is answered
    twice. ``deadline`` is when an answer would come too late.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ANSWERING = "answering", _("Being answered")
        ANSWERED = "answered", _("Answered")
        FAILED = "failed", _("Failed")

    chat = models.ForeignKey(Chat, models.CASCADE, related_name="inbound")
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="inbound")
    external_id = models.CharField(max_length=200)
    address = models.JSONField(default=dict, blank=True)
    text = models.TextField(blank=True)
    notice = models.TextField(blank=True)
    greets = models.BooleanField(default=False)
    visitor = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    answer_id = models.UUIDField(default=uuid.uuid4)
    error = models.CharField(max_length=500, blank=True)
    deadline = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("connection", "external_id"), name="each_message_arrives_once"
            ),
        )
        indexes = (
            models.Index(
                fields=("chat", "id"),
                condition=models.Q(status__in=("waiting", "answering")),
                name="inbound_to_answer",
            ),
            models.Index(fields=("received_at",), name="inbound_by_age"),
        )

    def __str__(self) -> str:
        return f"{self.connection_id} {self.external_id}"


class Outbound(models.Model):
    """One part of what is said in a chat. What was being sent when a worker died is ``unknown``:
    it may have arrived, so nobody sends it again unless the channel ``repeats`` it. ``number`` is
    its place in the answer, ``part`` a ``dialects.part.Part`` as JSON."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        READ = "read", _("Read")
        UNKNOWN = "unknown", _("Maybe sent")
        FAILED = "failed", _("Not delivered")

    chat = models.ForeignKey(Chat, models.CASCADE, related_name="outbound")
    message_id = models.UUIDField(null=True, blank=True)
    number = models.PositiveSmallIntegerField(default=0)
    part = models.JSONField()
    address = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    external_id = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("id",)
        indexes = (
            models.Index(
                fields=("chat", "id"),
                condition=models.Q(status__in=("waiting", "sending")),
                name="outbound_to_send",
            ),
            models.Index(fields=("message_id",), name="outbound_of_message"),
            models.Index(fields=("chat", "external_id"), name="outbound_by_name"),
            models.Index(fields=("created_at",), name="outbound_by_age"),
        )

    def __str__(self) -> str:
        return f"{self.chat_id} {self.pk}"
