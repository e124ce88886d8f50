"""How much one person may ask over a channel, and all of them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from common.limits import Limit
from conversations.limits import AnswerLimit, of_public_answers, too_many

if TYPE_CHECKING:
    from uuid import UUID

PER_CHAT = RateLimitItemPerMinute(30)
# More than a person writes. Another program that answers to every answer would go on for ever.
PER_CHAT_HOUR = RateLimitItemPerHour(300)
PER_REFUSAL = RateLimitItemPerMinute(1)
PER_CONNECTION = RateLimitItemPerMinute(10)


def of_chat(entity_id: UUID, session_id: str) -> list[Limit]:
    """What is counted for each message of a chat."""
    whose = ("chat", str(entity_id), session_id)
    return [
        Limit(PER_CHAT, whose, too_many()),
        AnswerLimit(PER_CHAT_HOUR, whose, too_many()),
        *of_public_answers(entity_id),
    ]


def of_refusals(chat_id: UUID) -> Limit:
    """What is counted for each time that somebody is told of a limit in a chat."""
    return Limit(PER_REFUSAL, ("refusal", str(chat_id)))


def of_checks(connection_id: UUID) -> list[Limit]:
    """What is counted for each look at a connection that somebody asks for."""
    return [Limit(PER_CONNECTION, ("examine", str(connection_id)), _("Too many checks."))]
