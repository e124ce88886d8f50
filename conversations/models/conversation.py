"""One visitor's exchange with one assistant."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Value
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conversations.releases import labels_of, told_in
from conversations.wording import channel_label, in_words
from conversations.words import PERSON
from drafts.models import Entity
from workspaces.models import Workspace

if TYPE_CHECKING:
    from conversations.latest import Latest
    from conversations.matches import Match
    from conversations.models.handoff import Handoff


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
    # Where it says what was looked for, of one that was read with ``with_matches``.
    match: Match | None = None

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
            models.Index(fields=("workspace", "-created_at", "-id"), name="conversations_by_start"),
            GinIndex(PERSON, name="words_of_person"),
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
