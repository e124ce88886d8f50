"""How much may be asked: per conversation, address, person and assistant; and in a workspace for
which the server pays. Settings say how much; where one is 0, there is no limit."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from limits import RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute

from common.limits import Limit

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest
    from limits import RateLimitItem

    from conversations.runtime import Assistant
    from workspaces.access import Actor

# Of an anonymous visitor's browser.
PER_ADDRESS = RateLimitItemPerMinute(60)
SESSIONS_PER_ADDRESS = RateLimitItemPerMinute(60)
# Of a program that looks for what people said.
READS_PER_SESSION = RateLimitItemPerMinute(60)


class AnswerLimit(Limit):
    """Counts what a bot answers, and nothing that is passed on to a person."""


def of_conversation(assistant: Assistant, entity_id: UUID, session_id: str) -> list[Limit]:
    """The assistant's own limit, none when it has none."""
    if assistant.messages_per_hour is None:
        return []
    detail = _("This conversation has reached its limit of %(most)s messages an hour.")
    item = RateLimitItemPerHour(assistant.messages_per_hour)
    key = ("conversation", str(entity_id), session_id)
    return [Limit(item, key, detail % {"most": assistant.messages_per_hour})]


def of_visitor(entity_id: UUID, address: str) -> list[Limit]:
    """What a website's visitors may ask, each and together."""
    return [
        Limit(PER_ADDRESS, ("address", str(entity_id), network(address)), too_many()),
        *of_public_answers(entity_id),
    ]


def of_public_answers(entity_id: UUID) -> list[Limit]:
    """What a bot answers people whom nobody answers for, on all channels together."""
    most = settings.WEBSITE_MESSAGES_PER_HOUR
    full = _("This chat has reached its limit of messages an hour.")
    key = ("public", str(entity_id))
    return [AnswerLimit(RateLimitItemPerHour(most), key, full)] if most else []


def too_many() -> str:
    """What a visitor is told who sends faster than a person would."""
    return _("Too many messages.")


def of_sessions(entity_id: UUID, address: str) -> list[Limit]:
    """How many sessions one address may open."""
    return [Limit(SESSIONS_PER_ADDRESS, ("sessions", str(entity_id), network(address)))]


def of_key(entity_id: UUID) -> list[Limit]:
    """Of a key's holder, who answers for their own visitors: a runaway loop meets this one."""
    return _up_to(settings.API_MESSAGES_PER_MINUTE, RateLimitItemPerMinute, ("key", str(entity_id)))


def of_reader(entity_id: UUID, session_id: str) -> list[Limit]:
    """Of who reads what people said in one session."""
    return [Limit(READS_PER_SESSION, ("reader", str(entity_id), session_id))]


def of_preview(actor: Actor, draft_id: str) -> list[Limit]:
    """What one person, or one key, may try on a draft."""
    most = settings.PREVIEWS_PER_MINUTE
    detail = _("A preview answers at most %(most)s messages a minute.") % {"most": most}
    return _up_to(most, RateLimitItemPerMinute, ("preview", draft_id, actor.identity), detail)


def of_server_work(workspace_id: UUID, *, public: bool = False) -> list[Limit]:
    """What the server pays for: each question to its own model, and whatever else a workspace has
    that do. ``public``: a stranger is told, who can do nothing about it."""
    if public:
        return _of_server(workspace_id, _("This chat has answered as much as it may for today."))
    detail = _(
        "This workspace has had its %(most)s messages a day from the server's own model. With "
        "a credential of yours for the model there is no such limit."
    )
    return _of_server(workspace_id, detail % {"most": settings.SERVER_MODEL_MESSAGES_PER_DAY})


def _of_server(workspace_id: UUID, detail: str) -> list[Limit]:
    most = settings.SERVER_MODEL_MESSAGES_PER_DAY
    return _up_to(most, RateLimitItemPerDay, ("server-model", str(workspace_id)), detail)


def _up_to(
    most: int, item: type[RateLimitItem], key: tuple[str, ...], detail: str = ""
) -> list[Limit]:
    return [Limit(item(most), key, detail)] if most else []


def network(address: str) -> str:
    """Whom an address stands for: in IPv6 a whole /64, which one person has at their disposal."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if found.version == 4:  # noqa: PLR2004 (the protocol's number)
        return str(found)
    return str(ipaddress.ip_network((found, 64), strict=False))


def address_of(request: HttpRequest) -> str:
    """The visitor's address. Behind a proxy, the server has put the right one there."""
    return str(request.META.get("REMOTE_ADDR", ""))
