"""Who has a conversation while its bot does not."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from conversations.models.conversation import Conversation
from workspaces.models import Membership, Role

if TYPE_CHECKING:
    from workspaces.models import User


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
    """A conversation that people have. ``note`` says why, in the flow's words, where it was the
    flow that handed over (``by_flow``) and no member who stepped in; ``taken_by`` is who has it.
    Until it has ended, the bot answers nothing in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="handoffs")
    note = models.TextField(_("note"), blank=True)
    by_flow = models.BooleanField(_("handed over by the flow"), default=True, db_default=True)
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
