"""What a workspace or a person may do only so often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from limits import RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute

from common.limits import Limit

if TYPE_CHECKING:
    from workspaces.actor import Actor
    from workspaces.models import User

INVITATIONS = RateLimitItemPerHour(60)
TESTS = RateLimitItemPerMinute(10)


def of_invitations(actor: Actor) -> Limit:
    return Limit(INVITATIONS, ("invite", str(actor.workspace_id)))


def of_tests(actor: Actor) -> Limit:
    """Trying credentials at their services."""
    return Limit(TESTS, ("credential-test", str(actor.workspace_id)))


def of_foundings(owner: User) -> Limit:
    """Making workspaces, whatever became of them."""
    return Limit(RateLimitItemPerDay(settings.WORKSPACES_PER_PERSON), ("found", str(owner.pk)))
