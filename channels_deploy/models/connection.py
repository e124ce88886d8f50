"""How an entity is connected to a channel: what was asked for and how far it has come.

A row is also the outbox: a deploy writes it as ``pending`` in its own transaction, and whoever
finds it later (the task woken after the commit, or the sweep) carries on.
"""

from __future__ import annotations

import secrets
import uuid

from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from drafts.models import Entity


def new_public_key() -> str:
    """A key for a web page: it names a connection and opens nothing by itself."""
    return f"pk_{secrets.token_urlsafe(18)}"


def new_path() -> str:
    """The part of an address that cannot be guessed."""
    return secrets.token_urlsafe(24)


class Connection(models.Model):
    """One entity on one channel.

    ``config`` is what the release asks for, ``facts`` what the channel answered (a bot's name).
    ``lease_until`` is until when somebody works on the row, or must wait before the next attempt.
    ``next_attempt_at`` is when it is tried again after a failure that may pass. One that is
    ``paused`` was switched off by a person and stays so whatever releases ask for, one that is
    ``leaving`` goes as soon as it is withdrawn.
    ``identity_seed`` makes a new ``identity_secret`` when it changes.
    ``entity`` is empty once the entity is gone and only the withdrawal is left to do. ``parting``
    are the credentials with which it was connected, encrypted, one a line, where those are not
    there any more.
    ``health`` is what was found when it was last looked at (``examining``), and ``examine_after``
    when it is looked at by itself again.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("Connecting")
        SUCCESS = "success", _("Live")
        ERROR = "error", _("Failed")
        DISABLED = "disabled", _("Off")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey(Entity, models.SET_NULL, null=True, related_name="connections")
    channel = models.CharField(_("channel"), max_length=20)
    enabled = models.BooleanField(_("switched on"), default=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.PENDING
    )
    config = models.JSONField(default=dict)
    facts = models.JSONField(default=dict, blank=True)
    public_key = models.CharField(max_length=40, unique=True, default=new_public_key)
    path = models.CharField(max_length=40, unique=True, default=new_path)
    identity_seed = models.CharField(max_length=40, blank=True, default="")
    parting = models.TextField(blank=True, default="", db_default="", editable=False)
    health = models.JSONField(
        default=dict, blank=True, db_default=models.Value({}, models.JSONField())
    )
    examine_after = models.DateTimeField(null=True, blank=True, editable=False)
    error = models.TextField(_("error"), blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    next_attempt_at = models.DateTimeField(_("tried again at"), null=True, blank=True)
    paused = models.BooleanField(_("switched off by hand"), default=False, db_default=False)
    leaving = models.BooleanField(_("being removed"), default=False, db_default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("channel",)
        constraints = (
            models.UniqueConstraint(
                fields=("entity", "channel"), name="one_connection_per_channel"
            ),
            models.CheckConstraint(
                name="a_live_connection_is_switched_on",
                condition=~models.Q(status="success") | models.Q(enabled=True),
            ),
            models.CheckConstraint(
                name="what_is_paused_or_leaving_is_off",
                condition=models.Q(enabled=False) | models.Q(paused=False, leaving=False),
            ),
        )
        indexes = (
            models.Index(
                fields=("lease_until",),
                condition=models.Q(status="pending"),
                name="connections_waiting",
            ),
            models.Index(
                fields=("examine_after",),
                condition=models.Q(status="success"),
                name="connections_to_examine",
            ),
        )

    def __str__(self) -> str:
        return f"{self.entity or _('Deleted')}: {self.channel}"

    @property
    def identity_secret(self) -> str:
        """Signs who a visitor is, on the site's own server; empty until somebody asks for one.

        Derived from the seed and the server's own key, so that no copy is stored.
        """
        return self._derived("identity", self.identity_seed) if self.identity_seed else ""

    @property
    def webhook_secret(self) -> str:
        """What a service proves itself with when it calls us, where it knows no better way: 64
        hexadecimal digits, derived as ``identity_secret``."""
        return self._derived("webhook", self.path)

    def _derived(self, purpose: str, seed: str) -> str:
        bound = f"{self.pk}:{seed}"
        return salted_hmac(f"privexbot.{purpose}", bound, algorithm="sha256").hexdigest()
