"""The Discord channel: an application whose command and buttons come to an endpoint of ours."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_deploy.channel import ChannelError, Limit
from channels_deploy.channels.discord import api, interactions, signatures
from channels_deploy.channels.discord.messages import calling, message
from channels_deploy.dialects import dialect_of
from channels_deploy.messenger import Messenger, NotAuthenticError
from channels_deploy.webhooks import needs_https, webhook_url
from common.schema import Schema
from conversations.turn import Done

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from channels_deploy.channel import Config
    from channels_deploy.dialects.part import Part
    from channels_deploy.messenger import Call, Reading
    from channels_deploy.models import Connection

LONGEST_DESCRIPTION, LONGEST_QUESTION = 100, 6000
TEXT = 3
INSTALL = "https://discord.com/oauth2/authorize"
# To see channels, and to write in them and in their threads.
RIGHTS = 1 << 10 | 1 << 11 | 1 << 38
# What a credential may say of the application beside the token, as Discord calls it.
KNOWN = {"application_id": "id", "public_key": "verify_key"}


class DiscordSettings(Schema):
    """``bot_token`` is a credential's id, never the token; ``webhook_url`` is set on deploy."""

    bot_token: str | None = None
    webhook_url: str | None = None


class Discord(Messenger):
    name = "discord"
    label = gettext_lazy("Discord bot")
    short = "Discord"
    icon = "message-circle"
    help = gettext_lazy("A bot that people ask with /ask, in servers and in direct messages.")
    settings = DiscordSettings
    credential_field = "bot_token"
    tells_progress = True

    def limit(self, config: Config) -> Limit | None:
        if not config.get("bot_token"):
            missing = _("Discord has no bot token, so it cannot be connected")
            return Limit(_("No bot token"), missing, _("Choose a bot token"), "bot_token")
        return needs_https(self.short)

    def summary(self, connection: Connection) -> str:
        return _("Answers /ask as %(bot)s.") % {"bot": connection.facts.get("application_name", "")}

    def look_up(self, connection: Connection, values: Mapping[str, str]) -> dict[str, Any]:
        """Discord tries our address before it takes it, with the application's key."""
        application = api.application(values)
        _agree(values, application)
        facts = {
            "application_id": str(application.get("id", "")),
            "application_name": str(application.get("name", "")),
            "public_key": str(application.get("verify_key", "")),
            "webhook_url": webhook_url(connection),
        }
        self._only_one(connection, facts)
        return facts

    def _only_one(self, connection: Connection, facts: Mapping[str, Any]) -> None:
        """An application has one address: whoever connects it second would silence the first."""
        rows = type(connection).objects.filter(channel=self.name, enabled=True, status="success")
        same = rows.filter(facts__application_id=facts["application_id"])
        if same.exclude(pk=connection.pk).exists():
            words = _("%(bot)s answers for another bot already. Use an application of its own.")
            raise ChannelError(words % {"bot": facts["application_name"]}, permanent=True)

    def connect(self, connection: Connection, values: Mapping[str, str]) -> dict[str, Any]:
        facts = connection.facts
        path = f"/applications/{facts['application_id']}/commands"
        command = api.certainly(values, "POST", path, _command(facts["application_name"]))
        _point(values, facts["webhook_url"])
        return {**facts, "command_id": str(command.get("id", ""))}

    def withdraw(self, connection: Connection, values: Mapping[str, str]) -> None:
        facts = connection.facts
        points_at = api.application(values).get("interactions_endpoint_url")
        # Somebody may have given the application another address meanwhile, with a command of the
        # same name.
        if points_at and points_at != facts.get("webhook_url"):
            return
        if command := facts.get("command_id"):
            _remove(values, f"/applications/{facts['application_id']}/commands/{command}")
        if points_at:
            _point(values, None)

    def result(self, connection: Connection) -> dict[str, Any]:
        facts = connection.facts
        application_id = facts.get("application_id", "")
        rights = {"scope": "bot applications.commands", "permissions": str(RIGHTS)}
        query = urlencode({"client_id": application_id, **rights})
        return {
            "webhook_url": facts.get("webhook_url", ""),
            "application_id": application_id,
            "application_name": facts.get("application_name", ""),
            "install_url": f"{INSTALL}?{query}" if application_id else "",
        }

    def check(self, connection: Connection, values: Mapping[str, str], call: Call) -> None:
        signatures.check(str(connection.facts.get("public_key", "")), call)
        told = interactions.parsed(call.body).application_id
        if told != connection.facts.get("application_id"):
            raise NotAuthenticError

    def read(self, connection: Connection, call: Call) -> Reading:
        is_away = connection.status == connection.Status.ERROR
        return interactions.read(interactions.parsed(call.body), is_away=is_away)

    def parts(self, answer: Done) -> Sequence[Part]:
        return dialect_of(self.name).parts(answer)

    def show(self, values: Mapping[str, str], address: Mapping[str, Any], so_far: str) -> bool:
        parts = self.parts(Done(so_far))
        if parts:
            api.ask(None, "PATCH", _original(address), message(parts[0]))
        return len(parts) <= 1

    def send(
        self, values: Mapping[str, str], address: Mapping[str, Any], part: Part, number: int
    ) -> str:
        if "token" not in address:
            sent = api.ask(values, "POST", _channel(address), _for(address, part, number))
        elif number:
            sent = api.ask(None, "POST", _interaction(address), message(part))
        else:
            sent = api.ask(None, "PATCH", _original(address), message(part))
        return str(sent.get("id", ""))

    def repeats(self, address: Mapping[str, Any], number: int) -> bool:
        return "token" in address and not number

    def silence(self, *, with_person: bool) -> str:
        if with_person:
            return _("Your message has reached our team. Somebody will answer you here.")
        return _("Your message has arrived.")


def _agree(values: Mapping[str, str], application: Mapping[str, Any]) -> None:
    for name, called in KNOWN.items():
        given, found = values.get(name, ""), str(application.get(called, ""))
        if given and given.lower() != found.lower():
            words = _("The credential's application ID or public key is not the bot token's.")
            raise ChannelError(words, permanent=True)


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


def _point(values: Mapping[str, str], url: str | None) -> None:
    """Give the application an address, which Discord tries meanwhile, or none."""
    try:
        api.certainly(values, "PATCH", "/applications/@me", {"interactions_endpoint_url": url})
    except api.RefusedError as error:
        if error.code != api.INVALID_FORM:
            raise
        words = _("Discord cannot use this server's address, which has to be public: %(reason)s")
        raise ChannelError(words % {"reason": error}, permanent=True) from None


def _remove(values: Mapping[str, str], path: str) -> None:
    try:
        api.certainly(values, "DELETE", path)
    except api.RefusedError as error:
        if error.status != api.NOT_FOUND:
            raise


def _interaction(address: Mapping[str, Any]) -> str:
    """Raises ``ChannelError`` where Discord would not take it any more, which is not to be tried:
    whoever does it often is shut out."""
    if time.time() > address["until"]:
        raise ChannelError(_("It came too late to be answered."), permanent=True)
    return f"/webhooks/{address['application_id']}/{quote(address['token'], safe='')}"


def _original(address: Mapping[str, Any]) -> str:
    """The message that says that an answer follows."""
    return f"{_interaction(address)}/messages/@original"


def _channel(address: Mapping[str, Any]) -> str:
    return f"/channels/{quote(str(address.get('channel_id')), safe='')}/messages"


def _for(address: Mapping[str, Any], part: Part, number: int) -> dict[str, Any]:
    user = address.get("user_id")
    return calling(user, part) if user and not number else message(part)
