"""The door for API keys: from the text of a key to whom it stands for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from common.problems import unauthenticated
from workspaces import keys
from workspaces.actor import Actor
from workspaces.models import ApiKey, Membership, Role

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

# How exactly "last used" is kept: a write for each request would cost more than it tells.
USE_NOTED_EVERY = timedelta(minutes=1)
ROLE_OF_SCOPE = {ApiKey.Scope.MANAGE: Role.ADMIN, ApiKey.Scope.CHAT: Role.VIEWER}


def bearer_of(request: HttpRequest) -> str | None:
    """The key that a request carries; None without an ``Authorization`` header.

    Raises ``Problem`` 401 when the header is of another kind.
    """
    header = request.headers.get("Authorization")
    if header is None:
        return None
    kind, _, raw = header.partition(" ")
    if kind.lower() != "bearer":
        raise unauthenticated("Send the API key as: Authorization: Bearer pxb_…")
    return raw.strip()


def actor_for_key(raw: str) -> Actor:
    """Whom a key's text stands for; raises ``Problem`` 401 for every other text."""
    parts = keys.split(raw)
    key = usable_keys().filter(prefix=parts[0]).first() if parts else None
    if parts is None or key is None or not keys.matches(key, parts[1]):
        raise unauthenticated("This API key is not valid, has expired or was revoked.")
    _note_use(key)
    role = ROLE_OF_SCOPE[ApiKey.Scope(key.scope)]
    if key.created_by_id is not None:
        role = Role(min(role, key.maker_role))
    return Actor(key.workspace, role, key.label, api_key=key)


def may_chat_with(actor: Actor, entity_id: UUID) -> bool:
    """Whether the actor's key opens this assistant: any for ``manage``, its own for ``chat``."""
    key = actor.api_key
    return key is None or key.scope == ApiKey.Scope.MANAGE or key.subject_id == entity_id


def is_still_good(key_id: UUID) -> bool:
    return usable_keys().filter(pk=key_id).exists()


def usable_keys() -> QuerySet[Any]:
    """Keys that open a door, with ``maker_role``: one made by a person works while they are an
    active member."""
    maker = Membership.objects.filter(
        workspace=OuterRef("workspace"), user=OuterRef("created_by"), user__is_active=True
    )
    return (
        ApiKey.objects.select_related("workspace")
        .annotate(maker_role=Subquery(maker.values("role")[:1]))
        .filter(revoked_at=None)
        .exclude(expires_at__lte=timezone.now())
        .exclude(created_by__isnull=False, maker_role=None)
    )


def _note_use(key: ApiKey) -> None:
    now = timezone.now()
    if key.last_used_at is None or now - key.last_used_at > USE_NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
