"""The doors of requests that carry a key: any key, or one for the whole workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.problems import forbidden, unauthenticated
from workspaces.key_access import bearer_of
from workspaces.key_memory import remembered_actor
from workspaces.models import ApiKey

if TYPE_CHECKING:
    from django.http import HttpRequest

    from workspaces.actor import Actor


def holder(request: HttpRequest) -> Actor:
    """Whom the request's key stands for; raises ``Problem`` 401."""
    raw = bearer_of(request)
    if raw is None:
        raise unauthenticated()
    return remembered_actor(raw)


def manager(request: HttpRequest) -> Actor:
    """As ``holder``; raises ``Problem`` 403 for a key that may only chat."""
    actor = holder(request)
    if actor.api_key:
        require_manage(actor.api_key)
    return actor


def require_manage(key: ApiKey) -> None:
    """Raise ``Problem`` 403 unless the key is for the workspace's whole API."""
    if key.scope != ApiKey.Scope.MANAGE:
        raise forbidden("This key may only chat with its assistant. Use a manage key.")
