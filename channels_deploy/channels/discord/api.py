"""Discord's HTTP API: https://docs.discord.com/developers/reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from channels_deploy.channel import ChannelError
from channels_deploy.loose_json import object_at, objects_at
from channels_deploy.service import (
    GATEWAY_TIMEOUT,
    SERVER_FAULTS,
    TOO_MANY,
    UNAUTHORIZED,
    Service,
    repeatable,
    unclear,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from channels_deploy.service import Reply

    Json = Mapping[str, Any]

NOT_FOUND = 404
# Codes of Discord's own: an interaction's token is over or was never one, and what a bot may not.
OVER = frozenset({10015, 10062, 50027})
NO_ACCESS = frozenset({50001, 50007, 50013})
INVALID_FORM = 50035
# Without a name of this form Discord answers nobody.
_service = Service("Discord", f"DiscordBot ({settings.PUBLIC_URL}, 1)")


class RefusedError(ChannelError):
    """Discord's answer to what was asked, by its ``status`` and its own ``code``."""

    def __init__(self, reply: Reply) -> None:
        self.status, self.code = reply.status, reply.data.get("code")
        temporary = reply.status == TOO_MANY or reply.status >= SERVER_FAULTS
        super().__init__(
            _words(reply, self.code), permanent=not temporary, retry_after=_wait(reply)
        )


def ask(
    values: Mapping[str, str] | None, method: str, path: str, json: Json | None = None
) -> dict[str, Any]:
    """What Discord answers to the bot whose token is among ``values``, or to anybody where what is
    asked needs none. Raises ``ChannelError``; ``UnclearError`` where it may have been done."""
    authorization = {} if values is None else {"Authorization": f"Bot {values.get('bot_token')}"}
    reply = _service.ask(method, f"{settings.DISCORD_API_URL}{path}", json, authorization)
    if reply.ok:
        return dict(reply.data)
    if reply.status == UNAUTHORIZED and values is not None:
        raise ChannelError(_("Invalid bot token"), unauthorized=True)
    if reply.status == GATEWAY_TIMEOUT:
        raise unclear("Discord")
    raise RefusedError(reply)


certainly = repeatable(ask)


def _words(reply: Reply, code: object) -> str:
    if code in OVER:
        return _("Discord does not take an answer to this message any more.")
    told = str(reply.data.get("message") or _("Discord answered %d.") % reply.status)
    if code in NO_ACCESS:
        return _("The bot may not write there (%(reason)s).") % {"reason": told}
    details = next(_details(object_at(reply.data, "errors")), "")
    return f"{told}: {details}" if details else told


def _details(errors: Json) -> Iterator[str]:
    """What Discord says is wrong with single fields, which may lie in one another."""
    yield from (str(each["message"]) for each in objects_at(errors, "_errors") if "message" in each)
    for name in errors:
        if inner := object_at(errors, name):
            yield from _details(inner)


def _wait(reply: Reply) -> float | None:
    """Seconds; the body says them more exactly than the header."""
    return reply.retry_after(reply.data.get("retry_after"))
