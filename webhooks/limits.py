"""What a workspace may have sent by hand only so often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from limits import RateLimitItemPerMinute

from common.limits import Limit

if TYPE_CHECKING:
    from workspaces.access import Actor

BY_HAND = RateLimitItemPerMinute(60)


def of_sending(actor: Actor) -> Limit:
    """Test events and redeliveries."""
    return Limit(BY_HAND, ("event", str(actor.workspace_id)), _("Too many were sent by hand."))
