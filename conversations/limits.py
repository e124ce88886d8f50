"""How much may be asked: per conversation, per address, per assistant."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from common.limits import Limit

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from conversations.runtime import Assistant

# Of an anonymous visitor's browser.
PER_ADDRESS = RateLimitItemPerMinute(60)
PER_PUBLIC_ASSISTANT = RateLimitItemPerMinute(600)
SESSIONS_PER_ADDRESS = RateLimitItemPerMinute(60)
# Of a key's holder, who answers for their own visitors: only a runaway loop meets this one.
PER_ASSISTANT = RateLimitItemPerMinute(60_000)
PREVIEWS_PER_DRAFT = RateLimitItemPerMinute(6_000)


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
        Limit(PER_ADDRESS, ("address", str(entity_id), network(address))),
        Limit(PER_PUBLIC_ASSISTANT, ("public", str(entity_id))),
    ]


def of_sessions(entity_id: UUID, address: str) -> list[Limit]:
    """How many sessions one address may open."""
    return [Limit(SESSIONS_PER_ADDRESS, ("sessions", str(entity_id), network(address)))]


def of_key(entity_id: UUID) -> list[Limit]:
    return [Limit(PER_ASSISTANT, ("key", str(entity_id)))]


def of_draft(draft_id: str) -> list[Limit]:
    return [Limit(PREVIEWS_PER_DRAFT, ("draft", draft_id))]


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
