"""API keys as Django REST framework sees them. Default-deny: every API view asks for a key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import SAFE_METHODS, BasePermission

from common.problems import forbidden
from workspaces.access import bearer_of
from workspaces.key_doors import require_manage
from workspaces.key_memory import remembered_actor
from workspaces.models import ApiKey, Role

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView

    from workspaces.access import Actor


@dataclass(frozen=True)
class KeyHolder:
    """``request.user`` of an API request."""

    actor: Actor
    is_authenticated: bool = True

    @property
    def pk(self) -> Any:
        """What a throttle counts by."""
        return self.actor.api_key.pk if self.actor.api_key else None


class ApiKeyAuthentication(BaseAuthentication):
    """``Authorization: Bearer pxb_…`` and no other carrier: no cookie, no query string."""

    def authenticate(self, request: Request) -> tuple[KeyHolder, ApiKey] | None:
        raw = bearer_of(request)
        if raw is None:
            return None
        actor = remembered_actor(raw)
        assert actor.api_key
        return KeyHolder(actor), actor.api_key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class ChatScope(BasePermission):
    """Any valid key; the view asks ``may_chat_with`` about the assistant."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, ApiKey)


class ManageScope(ChatScope):
    """A key for the workspace's API, of somebody who may do what the method does."""

    at_least_to_read = Role.VIEWER
    at_least_to_change = Role.EDITOR

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.auth, ApiKey):
            return False
        require_manage(request.auth)
        needed = (
            self.at_least_to_read if request.method in SAFE_METHODS else self.at_least_to_change
        )
        if not actor_of(request).may(needed):
            raise forbidden(f"Whoever made this key needs the role {needed.label} for this.")
        return True


class AdminToChange(ManageScope):
    """As ``ManageScope``, for what admins manage."""

    at_least_to_change = Role.ADMIN


class ForAdmins(AdminToChange):
    """As ``ManageScope``, for what only admins may see."""

    at_least_to_read = Role.ADMIN


def actor_of(request: Request) -> Actor:
    """Whom the request's key stands for."""
    holder = request.user
    assert isinstance(holder, KeyHolder)
    return holder.actor
