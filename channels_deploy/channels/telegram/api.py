"""Telegram's Bot API: https://core.telegram.org/bots/api."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from channels_deploy.channel import ChannelError
from channels_deploy.loose_json import object_at
from channels_deploy.service import (
    GATEWAY_TIMEOUT,
    SERVER_FAULTS,
    TOO_MANY,
    Service,
    repeatable,
    unclear,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from channels_deploy.service import Reply

# What the API answers for a token that is none, or not any more.
NO_TOKEN = frozenset({401, 404})
# And to whoever is overtaken by another one who sets the bot's webhook.
CONFLICT = 409
_service = Service("Telegram")


def call(values: Mapping[str, str], method: str, **arguments: Any) -> Any:
    """The result of a method. Raises ``ChannelError`` with Telegram's own words, ``UnclearError``
    where it may have been carried out."""
    token = values.get("bot_token", "")
    reply = _service.ask("POST", f"{settings.TELEGRAM_API_URL}/bot{token}/{method}", arguments)
    if reply.status in NO_TOKEN:
        raise ChannelError(_("Invalid bot token"), unauthorized=True)
    if reply.ok and reply.data.get("ok") is True:
        return reply.data.get("result")
    if reply.ok or reply.status == GATEWAY_TIMEOUT:
        raise unclear("Telegram")
    raise _error(reply)


certainly = repeatable(call)


def _error(reply: Reply) -> ChannelError:
    words = str(reply.data.get("description") or _("Telegram answered %d.") % reply.status)
    if reply.status == TOO_MANY:
        return ChannelError(words, retry_after=_wait(reply))
    passes = reply.status >= SERVER_FAULTS or reply.status == CONFLICT
    return ChannelError(words, permanent=not passes)


def _wait(reply: Reply) -> float | None:
    return reply.retry_after(object_at(reply.data, "parameters").get("retry_after"))
