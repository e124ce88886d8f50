"""The application at Discord: whose token it is, its command, and where its interactions go."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from channels_deploy.channel import ChannelError
from channels_deploy.channels.discord import api, interactions

if TYPE_CHECKING:
    from collections.abc import Mapping

    Values = Mapping[str, str]

LONGEST_DESCRIPTION, LONGEST_QUESTION = 100, 6000
TEXT = 3
# What a credential may say of the application beside the token, as Discord calls it.
KNOWN = {"application_id": "id", "public_key": "verify_key"}
ME = "/applications/@me"


def recognised(values: Values) -> str:
    """Whose token it is, for somebody who stores it; raises ``ChannelError``."""
    name = facts(values)["application_name"]
    return _("Discord takes the bot token, for %(application)s.") % {"application": name}


def id_of(values: Values) -> str:
    """The application's id as the credential says it, or as the token begins; empty where neither
    does. An application of before 2017 has another id than its bot, which the token names."""
    if values.get("application_id"):
        return values["application_id"]
    first = values.get("bot_token", "").partition(".")[0]
    try:
        found = urlsafe_b64decode(f"{first}==").decode("ascii")
    except ValueError:
        return ""
    return found if found.isdigit() else ""


def facts(values: Values) -> dict[str, str]:
    """The application that the token belongs to, with the key of its signatures. Raises
    ``ChannelError``."""
    found = told(values)
    for name, called in KNOWN.items():
        given = values.get(name, "")
        if given and given.lower() != str(found.get(called, "")).lower():
            words = _("The credential's application ID or public key is not the bot token's.")
            raise ChannelError(words, permanent=True)
    return {
        "application_id": str(found.get("id", "")),
        "application_name": str(found.get("name", "")),
        "public_key": str(found.get("verify_key", "")),
    }


def told(values: Values) -> dict[str, Any]:
    """The application as Discord tells of it. Raises ``ChannelError``."""
    return api.certainly(values, "GET", ME)


def point_at(values: Values, url: str | None) -> None:
    """Give it an address, which Discord tries meanwhile, or none. Raises ``ChannelError``."""
    try:
        api.certainly(values, "PATCH", ME, {"interactions_endpoint_url": url})
    except api.RefusedError as error:
        if error.code != api.INVALID_FORM:
            raise
        words = _("Discord cannot use this server's address, which has to be public: %(reason)s")
        raise ChannelError(words % {"reason": error}, permanent=True) from None


def add_command(values: Values, application_id: str, name: str) -> str:
    """Add the command, or change the one of its name; gives its id. Others stay. Raises
    ``ChannelError``."""
    made = api.certainly(values, "POST", _commands(application_id), _command(name))
    return str(made.get("id", ""))


def has_command(values: Values, application_id: str, command_id: str) -> bool:
    """Whether the command that was added is there. Raises ``ChannelError``."""
    if not application_id or not command_id:
        return False
    try:
        api.certainly(values, "GET", f"{_commands(application_id)}/{command_id}")
    except api.RefusedError as error:
        if error.status != api.NOT_FOUND:
            raise
        return False
    return True


def remove_command(values: Values, application_id: str, command_id: str) -> None:
    """Raises ``ChannelError``, unless it is gone already."""
    try:
        api.certainly(values, "DELETE", f"{_commands(application_id)}/{command_id}")
    except api.RefusedError as error:
        if error.status != api.NOT_FOUND:
            raise


def _commands(application_id: str) -> str:
    return f"/applications/{application_id}/commands"


def _command(name: str) -> dict[str, Any]:
    question = {
        "name": interactions.OPTION,
        "description": _("What you want to know"),
        "type": TEXT,
        "required": True,
        "max_length": LONGEST_QUESTION,
    }
    return {
        "name": interactions.ASK,
        "type": interactions.TYPED,
        "description": (_("Ask %(bot)s") % {"bot": name})[:LONGEST_DESCRIPTION],
        "options": [question],
    }
