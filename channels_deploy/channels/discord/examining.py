"""What Discord tells of an application and its command, as findings. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from channels_deploy.channels.discord.interactions import ASK
from channels_deploy.finding import error, fine, led_elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from channels_deploy.finding import Finding

    Json = Mapping[str, Any]


def application(told: Json, facts: Json, address: str) -> Iterator[Finding]:
    """Whose token it is, whether its signatures can be checked, and where its messages go."""
    yield _token(told, facts)
    yield _key(told, facts)
    now = str(told.get("interactions_endpoint_url") or "")
    yield led_elsewhere(_("Interactions address"), now, address, "Discord")


def _token(told: Json, facts: Json) -> Finding:
    checked, named = _("Bot token"), {"name": str(told.get("name", ""))}
    if str(told.get("id", "")) == str(facts.get("application_id", "")):
        return fine(checked, _("Discord takes it, for %(name)s.") % named)
    found = _("It is the token of %(name)s, which is another application than the connected one.")
    return error(checked, found % named, _("Connect again to use that one."), "connect")


def _key(told: Json, facts: Json) -> Finding:
    checked = _("Public key")
    if str(told.get("verify_key", "")) == str(facts.get("public_key", "")):
        return fine(checked, _("It is the one by which calls are checked."))
    found = _("It has changed, so that no call of Discord's is believed.")
    return error(checked, found, _("Connect again to use the new one."), "connect")


def command(*, is_there: bool) -> Finding:
    """Whether people can ask it."""
    checked, named = _("Command"), {"name": f"/{ASK}"}
    if is_there:
        return fine(checked, _("%(name)s is there.") % named)
    found = _("%(name)s is gone: nobody can ask the bot.") % named
    return error(checked, found, _("Connect again to add it."), "connect")
