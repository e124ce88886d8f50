"""Who is told of events, and what each of them was sent: the outbox, and the log of it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conversations.models import Conversation, Lead
from drafts.models import Entity
from webhooks.events import EVENTS, labels_of
from workspaces.key_access import usable_keys
from workspaces.models import ApiKey, Membership, Workspace
from workspaces.names import LONGEST_NAME, NameField

if TYPE_CHECKING:
    from workspaces.access import Actor

LONGEST_URL = 2000
LONGEST_EXCERPT = 1000


class Subscriptions(models.QuerySet["Subscription"]):
    def entitled(self) -> Self:
        """Those that still belong to somebody: made with a key that can be used, or by a person who
        is still a member."""
        maker = Membership.objects.filter(
            workspace=OuterRef("workspace"), user=OuterRef("created_by"), user__is_active=True
        )
        by_key = Q(api_key__isnull=False) & Exists(usable_keys().filter(pk=OuterRef("api_key")))
        return self.filter(by_key | Q(api_key=None) & Exists(maker))

    def standing(self) -> Self:
        """Those that have not ended."""
        return self.exclude(status=Subscription.Status.ENDED)

    def told(self) -> Self:
        """Those that events are sent to."""
        there = Q(entity=None) | Q(entity__deleted_at=None)
        return self.entitled().filter(there, status=Subscription.Status.ACTIVE)


class Subscription(models.Model):
    """An address that is told of events, of one bot or of all.

    ``encrypted`` holds the address and the secret that calls are signed with; ``shown_url`` is what
    may be shown of the address. A subscription belongs to the key or the person that made it. One
    of ``zapier`` is made and ended by Zapier: ``fingerprint`` is what it is known by, and one that
    ended is remembered for a while, since Zapier may end it again.

    ``failing_since`` is the first failure after the last success, ``failures`` how many there were
    since; until ``held_until`` nothing is sent.
    """

    class Source(models.TextChoices):
        WEBHOOK = "webhook", _("Webhook")
        ZAPIER = "zapier", _("Zapier")

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")
        DISABLED = "disabled", _("Switched off")
        ENDED = "ended", _("Ended")

    class Reason(models.TextChoices):
        FAILING = "failing", _("Nothing could be delivered for five days.")
        GONE = "gone", _("The receiver answered that the address is gone (410).")
        KEY = "key", _("The API key that made it cannot be used any more.")
        LEFT = "left", _("Whoever made it is no longer a member of the workspace.")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="subscriptions")
    entity = models.ForeignKey(
        Entity, models.CASCADE, null=True, blank=True, related_name="subscriptions"
    )
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    name = NameField(_("name"), max_length=LONGEST_NAME, blank=True)
    events = ArrayField(models.CharField(max_length=40), verbose_name=_("events"))
    encrypted = models.TextField(editable=False)
    shown_url = models.CharField(_("address"), max_length=300)
    fingerprint = models.CharField(max_length=64, null=True, editable=False)  # noqa: DJ001
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.ACTIVE
    )
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    api_key = models.ForeignKey(
        ApiKey, models.CASCADE, null=True, blank=True, related_name="subscriptions"
    )
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    last_attempt_at = models.DateTimeField(_("last attempt"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = Subscriptions.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "fingerprint"), name="one_hook_per_event_and_address"
            ),
        )
        indexes = (
            models.Index(
                fields=("workspace", "-last_attempt_at"),
                condition=Q(last_attempt_at__isnull=False),
                name="workspaces_served",
            ),
        )

    def __str__(self) -> str:
        return self.name or self.shown_url

    @property
    def events_in_words(self) -> str:
        every = len(self.events) == len(EVENTS)
        return gettext("All events") if every else ", ".join(labels_of(self.events))

    @property
    def maker(self) -> str:
        """Whom it belongs to."""
        return self.api_key.label if self.api_key else str(self.created_by or "")

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE

    @property
    def is_zapier(self) -> bool:
        return self.source == self.Source.ZAPIER

    def belongs_to(self, actor: Actor) -> None:
        self.created_by, self.api_key = actor.user, actor.api_key

    def begin_anew(self) -> None:
        """As if nothing had gone wrong."""
        self.status, self.reason = self.Status.ACTIVE, ""
        self.forget_failures()

    def forget_failures(self) -> None:
        self.failures, self.failing_since, self.held_until = 0, None, None


class EventDelivery(models.Model):
    """One event for one subscription: sent until it is taken, then kept for the log.

    ``payload`` is the JSON text as it is sent, ``event_id`` the same for whoever is sent the event.
    ``next_attempt_at`` is when it is due, ``lease_until`` until when a worker has it. What it tells
    of goes with ``conversation`` and ``lead`` when those are deleted.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting")
        SENT = "sent", _("Delivered")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="deliveries")
    conversation = models.ForeignKey(
        Conversation, models.CASCADE, null=True, blank=True, related_name="+"
    )
    lead = models.ForeignKey(Lead, models.CASCADE, null=True, blank=True, related_name="+")
    event_id = models.CharField(_("event"), max_length=40)
    event_type = models.CharField(_("type"), max_length=40)
    is_test = models.BooleanField(_("test"), default=False)
    payload = models.TextField()
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    response_status = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    excerpt = models.TextField(_("beginning of the answer"), blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempted_at = models.DateTimeField(_("last attempt"), null=True, blank=True)
    created_at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name_plural = "event deliveries"
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("subscription", "event_id"), name="one_delivery_per_event"
            ),
        )
        indexes = (
            models.Index(fields=("subscription", "-created_at", "-id"), name="delivery_log"),
            models.Index(
                fields=("subscription", "next_attempt_at"),
                condition=Q(status="pending"),
                name="event_deliveries_due",
            ),
            models.Index(
                fields=("lease_until",),
                condition=Q(status="pending"),
                name="event_deliveries_leased",
            ),
            models.Index(fields=("created_at",), name="event_deliveries_by_age"),
        )

    def __str__(self) -> str:
        return self.event_id

    @property
    def label(self) -> str:
        """What happened, as pages say it."""
        return "".join(labels_of([self.event_type])) or self.event_type

    @property
    def is_pending(self) -> bool:
        return self.status == self.Status.PENDING
