"""How much one person may ask over a channel, and all of them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from common.limits import Limit

if TYPE_CHECKING:
    from uuid import UUID

PER_CHAT = RateLimitItemPerMinute(30)
PER_CONNECTION = RateLimitItemPerMinute(10)


def of_chat(entity_id: UUID, session_id: str) -> list[Limit]:
    """What is counted for each message of a chat."""
    limits = [Limit(PER_CHAT, ("chat", str(entity_id), session_id), _("Too many messages."))]
    if most := settings.WEBSITE_MESSAGES_PER_HOUR:
        full = _("This chat has reached its limit of messages an hour.")
        limits.append(Limit(RateLimitItemPerHour(most), ("public", str(entity_id)), full))
    return limits


def of_checks(connection_id: UUID) -> list[Limit]:
    """What is counted for each look at a connection that somebody asks for."""
    return [Limit(PER_CONNECTION, ("examine", str(connection_id)), _("Too many checks."))]
