"""Whoever asked for work that is done in the background, as plain JSON and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404

from workspaces.actor import Actor
from workspaces.membership_access import member_of
from workspaces.models import Role, User

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workspaces.models import Workspace


def noted(actor: Actor) -> dict[str, Any]:
    """What is kept of ``actor`` with the work."""
    return {"user": actor.user.pk if actor.user else None, "label": actor.label}


def asked_by(data: Mapping[str, Any], workspace: Workspace) -> Actor:
    """Whoever asked for it, with the role that they have now; a key may still do what it began.
    Raises ``Http404`` for somebody who has left."""
    if data["user"] is None:
        return Actor(workspace, Role.EDITOR, data["label"])
    user = User.objects.filter(pk=data["user"]).first()
    if user is None:
        raise Http404("There is no such person.")
    return member_of(user, workspace.slug)
