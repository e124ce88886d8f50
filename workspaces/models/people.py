"""People, workspaces, and who is a member of which in which role."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.names import LONGEST_NAME, NameField


class Role(models.IntegerChoices):
    """What a member may do; each role may do what the lower ones may."""

    VIEWER = 10, _("Viewer")
    EDITOR = 20, _("Editor")
    ADMIN = 30, _("Admin")
    OWNER = 40, _("Owner")


class UserManager(BaseUserManager["User"]):
    """Makes users who sign in with their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_verified(email, password, is_staff=True, is_superuser=True, **fields)

    def create_verified(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user whose e-mail address needs no proof: whoever calls this vouches for it."""
        user = self.create_user(email, password, **fields)
        addresses = apps.get_model("account", "EmailAddress")._default_manager  # noqa: SLF001
        addresses.create(user=user, email=user.email, verified=True, primary=True)
        return user


class User(AbstractUser):
    """A person. There is no user name: the e-mail address is the login."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    name = NameField(_("name"), max_length=LONGEST_NAME, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()  # type: ignore[misc,assignment]

    def __str__(self) -> str:
        return self.name or self.email


class Workspace(models.Model):
    """Owns everything: drafts, assistants, knowledge, keys, conversations."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = NameField(_("name"), max_length=LONGEST_NAME)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Membership", related_name="workspaces"
    )

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role in a workspace."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.PositiveSmallIntegerField(choices=Role.choices, default=Role.VIEWER)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "user"), name="one_membership_per_person"),
        )

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"
