"""What a draft becomes: an entity with numbered, immutable releases, and the record of deploys."""

from __future__ import annotations

import secrets
import uuid
from typing import TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.models import Workspace

# What stands in the place of a draft's id where there was none.
ROLLBACK, AMENDMENT = "rollback_", "amendment_"
ONE_PER_KEY = "one_deploy_per_idempotency_key"
E_co = TypeVar("E_co", bound="Entity", covariant=True)


class Living(models.Manager[E_co]):
    """Entities that were not deleted."""

    def get_queryset(self) -> models.QuerySet[E_co]:
        return super().get_queryset().filter(deleted_at=None)


class Entity(models.Model):
    """Something deployed. ``kind`` names its draft type; subclasses add what only they have.

    One foreign key to this table serves channels, conversations and leads of every kind. One with
    ``deleted_at`` is gone for everybody: only whoever removes what it held asks ``with_deleted``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="entities")
    kind = models.CharField(max_length=20)
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    live_release = models.ForeignKey(
        "Release", models.RESTRICT, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = Living()
    with_deleted = models.Manager()  # noqa: DJ012 (no field)

    class Meta:
        ordering = ("-updated_at",)
        verbose_name_plural = "entities"
        indexes = (
            models.Index(fields=("workspace", "kind", "-updated_at"), name="entity_list"),
            models.Index(
                fields=("deleted_at",),
                condition=models.Q(deleted_at__isnull=False),
                name="entities_to_remove",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Release(models.Model):
    """One deployed version of an entity: its parsed configuration, never changed.

    The database refuses every update (a trigger); a release goes only together with its entity.
    """

    entity = models.ForeignKey(Entity, models.CASCADE, related_name="releases")
    number = models.PositiveIntegerField()
    configuration = models.JSONField()
    schema_version = models.PositiveSmallIntegerField(default=1)
    note = models.CharField(max_length=200, blank=True)
    created_by = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("entity", "number"), name="one_release_per_number"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="releases_count_from_one"
            ),
        )

    def __str__(self) -> str:
        return f"{self.entity} v{self.number}"


class Deployment(models.Model):
    """That a draft was deployed: written in the deploy's own transaction, so it is exactly-once.

    ``draft_id`` is unique; a second deploy of the same draft finds this row and its answer.
    """

    draft_id = models.CharField(max_length=80, unique=True)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    entity = models.ForeignKey(Entity, models.CASCADE, related_name="deployments")
    release = models.ForeignKey(Release, models.CASCADE, related_name="+")
    draft_version = models.PositiveIntegerField()
    idempotency_key = models.CharField(max_length=255, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "idempotency_key"),
                condition=~models.Q(idempotency_key=""),
                name=ONE_PER_KEY,
            ),
        )
        indexes = (
            models.Index(
                fields=("created_at",),
                condition=models.Q(handed_over_at__isnull=True),
                name="deploys_to_hand_over",
            ),
        )

    def __str__(self) -> str:
        return self.draft_id

    @property
    def has_draft(self) -> bool:
        """Whether it was a draft that went live: going back to an old release, and what changes the
        live one in one place, need none."""
        return not self.draft_id.startswith((ROLLBACK, AMENDMENT))


def random_slug(name_slug: str) -> str:
    """``name_slug`` with a random tail, for when the plain one is taken."""
    return f"{name_slug[:70] or 'assistant'}-{secrets.token_hex(3)}"
