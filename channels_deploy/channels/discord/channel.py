"""The Discord channel: an application whose command and buttons come to an endpoint of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_deploy.channel import ChannelError
from channels_deploy.channels.discord import (
    api,
    application,
    examining,
    follow_ups,
    interactions,
    signatures,
)
from channels_deploy.channels.discord.messages import calling, message
from channels_deploy.messenger import Messenger, NotAuthenticError
from channels_deploy.rivals import rival
from channels_deploy.webhooks import webhook_url
from common.schema import Schema
from conversations.turn import Done

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from channels_deploy.dialects.part import Part
    from channels_deploy.finding import Finding
    from channels_deploy.messenger import Call, Reading
    from channels_deploy.models import Connection

INSTALL = "https://discord.com/oauth2/authorize"
# To see channels, and to write in them and in their threads.
RIGHTS = 1 << 10 | 1 << 11 | 1 << 38


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
    opens = gettext_lazy("Add it to a server")
    tells_progress = True
    promises = True

    def summary(self, connection: Connection) -> str:
        return _("Answers /ask as %(bot)s.") % {"bot": connection.facts.get("application_name", "")}

    def recognise(self, values: Mapping[str, str]) -> str:
        return application.recognised(values)

    def account(self, values: Mapping[str, str]) -> dict[str, Any]:
        known = application.id_of(values)
        return {"application_id": known} if known else {}

    def look_up(self, connection: Connection, values: Mapping[str, str]) -> dict[str, Any]:
        """Discord tries our address before it takes it, with a signature."""
        found = application.facts(values)
        if rival(connection, "application_id", found["application_id"]):
            words = _("%(bot)s answers for another bot already. Use an application of its own.")
            raise ChannelError(words % {"bot": found["application_name"]}, permanent=True)
        known = connection.facts
        is_same = known.get("application_id") == found["application_id"]
        return {**(known if is_same else {}), **found, "webhook_url": webhook_url(connection)}

    def connect(self, connection: Connection, values: Mapping[str, str]) -> dict[str, Any]:
        facts = connection.facts
        command_id = application.add_command(
            values, facts["application_id"], facts["application_name"]
        )
        application.point_at(values, facts["webhook_url"])
        return {**facts, "command_id": command_id}

    def examine(self, connection: Connection, values: Mapping[str, str]) -> Iterator[Finding]:
        yield from examining.application(
            application.told(values), connection.facts, webhook_url(connection)
        )
        known = application.has_command(
            values,
            str(connection.facts.get("application_id", "")),
            str(connection.facts.get("command_id", "")),
        )
        yield examining.command(is_there=known)
        yield from super().examine(connection, values)

    def withdraw(self, connection: Connection, values: Mapping[str, str]) -> None:
        facts, found = connection.facts, application.told(values)
        address = str(found.get("interactions_endpoint_url") or "")
        # Somebody may have given the application another address meanwhile, with a command of the
        # same name.
        if address and address != facts.get("webhook_url"):
            return
        application_id, name = str(found.get("id", "")), str(found.get("name", ""))
        is_the_known = application_id == facts.get("application_id")
        command_id = facts.get("command_id") if is_the_known else None
        if address and not command_id:
            # Connecting it was broken off. Who adds a command that is there is told its id.
            command_id = application.add_command(values, application_id, name)
        if command_id:
            application.remove_command(values, application_id, command_id)
        if address:
            application.point_at(values, None)

    def address(self, connection: Connection) -> str:
        application_id = connection.facts.get("application_id")
        rights = {"scope": "bot applications.commands", "permissions": str(RIGHTS)}
        query = urlencode({"client_id": application_id, **rights})
        return f"{INSTALL}?{query}" if application_id else ""

    def result(self, connection: Connection) -> dict[str, Any]:
        facts = connection.facts
        return {
            "webhook_url": facts.get("webhook_url", ""),
            "application_id": facts.get("application_id", ""),
            "application_name": facts.get("application_name", ""),
            "install_url": self.address(connection),
        }

    def check(self, connection: Connection, values: Mapping[str, str], call: Call) -> None:
        signatures.check(str(connection.facts.get("public_key", "")), call)
        told = interactions.parsed(call.body).application_id
        if told != connection.facts.get("application_id"):
            raise NotAuthenticError

    def read(self, connection: Connection, call: Call) -> Reading:
        is_away = connection.status == connection.Status.ERROR
        return interactions.read(interactions.parsed(call.body), is_away=is_away)

    def show(self, values: Mapping[str, str], address: Mapping[str, Any], so_far: str) -> bool:
        parts = self.parts(Done(so_far))
        if parts:
            follow_ups.edit(address, message(parts[0]))
        return len(parts) <= 1

    def send(
        self,
        values: Mapping[str, str],
        address: Mapping[str, Any],
        part: Part,
        number: int,
        name: str,
    ) -> str:
        if "token" not in address:
            return _post(values, address, part, number)
        say = follow_ups.add if number else follow_ups.edit
        return say(address, message(part))

    def repeats(self, address: Mapping[str, Any], number: int) -> bool:
        return "token" in address and not number

    def silence(self, *, with_person: bool) -> str:
        if with_person:
            return _("Your message has reached our team. Somebody will answer you here.")
        return _("Your message has arrived.")


def _post(values: Mapping[str, str], address: Mapping[str, Any], part: Part, number: int) -> str:
    """Say something in a channel that answers nothing."""
    user_id = None if number else address.get("user_id")
    written = calling(user_id, part) if user_id else message(part)
    path = f"/channels/{quote(str(address.get('channel_id')), safe='')}/messages"
    return str(api.ask(values, "POST", path, written).get("id", ""))
