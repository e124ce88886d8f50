"""From a person and a workspace's address to an actor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from workspaces.actor import Actor
from workspaces.models import Membership, Role

if TYPE_CHECKING:
    from workspaces.models import User


def member_of(user: User, slug: str) -> Actor:
    """``user`` as a member of the workspace ``slug``; raises ``Http404`` for all others."""
    membership = (
        Membership.objects.filter(user=user, workspace__slug=slug)
        .select_related("workspace")
        .first()
    )
    if membership is None:
        raise Http404("There is no such workspace.")
    return Actor(membership.workspace, Role(membership.role), user.email, user=user)
