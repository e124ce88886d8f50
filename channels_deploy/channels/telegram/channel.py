"""The Telegram channel: a bot whose updates come to a webhook of ours."""

from __future__ import annotations

import hmac
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_deploy.channel import ChannelError
from channels_deploy.channels.telegram import examining, updates
from channels_deploy.channels.telegram.api import call, certainly
from channels_deploy.channels.telegram.keyboard import markup
from channels_deploy.messenger import Messenger, NotAuthenticError, Reading
from channels_deploy.public_address import Needs
from channels_deploy.rivals import rival
from channels_deploy.webhooks import webhook_url
from common.http import json_object
from common.schema import Schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from channels_deploy.dialects.part import Part
    from channels_deploy.finding import Finding
    from channels_deploy.messenger import Call
    from channels_deploy.models import Connection

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 (a header's name)
UPDATES = ("message", "callback_query")
CANNOT_PARSE = "can't parse entities"
# A bot's, which its token begins with.
_NUMBER = re.compile(r"[0-9]{1,18}")


class TelegramSettings(Schema):
    """``bot_token`` is a credential's id, never the token; ``webhook_url`` is set on deploy."""

    bot_token: str | None = None
    webhook_url: str | None = None


class Telegram(Messenger):
    name = "telegram"
    label = gettext_lazy("Telegram bot")
    short = "Telegram"
    icon = "send"
    help = gettext_lazy("A bot that people write to, alone or in a group.")
    settings = TelegramSettings
    credential_field = "bot_token"
    opens = gettext_lazy("Open in Telegram")
    needs = Needs(ports=(443, 80, 88, 8443))

    def summary(self, connection: Connection) -> str:
        return _("Answers as @%(bot)s.") % {"bot": connection.facts.get("bot_username", "")}

    def recognise(self, values: Mapping[str, str]) -> str:
        bot = str(certainly(values, "getMe").get("username", ""))
        return _("Telegram takes the bot token, for @%(bot)s.") % {"bot": bot}

    def account(self, values: Mapping[str, str]) -> dict[str, Any]:
        number = values.get("bot_token", "").partition(":")[0]
        return {"bot_id": int(number)} if _NUMBER.fullmatch(number) else {}

    def look_up(self, connection: Connection, values: Mapping[str, str]) -> dict[str, Any]:
        bot = certainly(values, "getMe")
        if rival(connection, "bot_id", bot.get("id")):
            words = _("@%(bot)s answers for another bot already. Use a bot token of its own.")
            raise ChannelError(words % {"bot": bot.get("username", "")}, permanent=True)
        return {
            "bot_id": bot.get("id"),
            "bot_username": bot.get("username", ""),
            "bot_name": bot.get("first_name", ""),
            "webhook_url": webhook_url(connection),
        }

    def connect(self, connection: Connection, values: Mapping[str, str]) -> Mapping[str, Any]:
        facts: Mapping[str, Any] = connection.facts
        certainly(
            values,
            "setWebhook",
            url=facts["webhook_url"],
            secret_token=connection.webhook_secret,
            allowed_updates=UPDATES,
        )
        commands = [{"command": "start", "description": _("Begin")}]
        certainly(values, "setMyCommands", commands=commands)
        return facts

    def examine(self, connection: Connection, values: Mapping[str, str]) -> Iterator[Finding]:
        yield examining.bot(certainly(values, "getMe"), connection.facts)
        told = certainly(values, "getWebhookInfo")
        yield from examining.webhook(told, webhook_url(connection), UPDATES)
        yield from super().examine(connection, values)

    def withdraw(self, connection: Connection, values: Mapping[str, str]) -> None:
        # Somebody may have given the bot another webhook meanwhile.
        if certainly(values, "getWebhookInfo").get("url") == connection.facts.get("webhook_url"):
            certainly(values, "deleteWebhook")

    def address(self, connection: Connection) -> str:
        bot = connection.facts.get("bot_username")
        return f"https://t.me/{bot}" if bot else ""

    def result(self, connection: Connection) -> dict[str, Any]:
        bot = connection.facts.get("bot_username")
        return {
            "webhook_url": connection.facts.get("webhook_url", ""),
            "bot_username": f"@{bot}" if bot else "",
        }

    def check(self, connection: Connection, values: Mapping[str, str], call: Call) -> None:
        given = call.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), connection.webhook_secret.encode()):
            raise NotAuthenticError

    def read(self, connection: Connection, call: Call) -> Reading:
        update = json_object(call.body)
        bot = str(connection.facts.get("bot_username", ""))
        return Reading(tuple(updates.arrived(update, bot)))

    def begins_at_once(self, address: Mapping[str, Any]) -> bool:
        """A button that was pressed is shown as busy until it is answered."""
        return bool(address.get("press"))

    def begin(self, values: Mapping[str, str], address: Mapping[str, Any]) -> None:
        if press := address.get("press"):
            with suppress(ChannelError):
                certainly(values, "answerCallbackQuery", callback_query_id=press)
        certainly(values, "sendChatAction", action="typing", **_place(address))

    def send(
        self,
        values: Mapping[str, str],
        address: Mapping[str, Any],
        part: Part,
        number: int,
        name: str,
    ) -> str:
        message: dict[str, Any] = {
            **_place(address),
            **markup(part),
            "link_preview_options": {"is_disabled": True},
        }
        if address.get("reply_to") and not number:
            replied = {"message_id": address["reply_to"], "allow_sending_without_reply": True}
            message["reply_parameters"] = replied
        try:
            sent = call(values, "sendMessage", text=part.text, parse_mode="HTML", **message)
        except ChannelError as error:
            if CANNOT_PARSE not in str(error):
                raise
            sent = call(values, "sendMessage", text=part.plain, **message)
        return str(sent.get("message_id", ""))


def _place(address: Mapping[str, Any]) -> dict[str, Any]:
    place = {"chat_id": address.get("chat_id")}
    return place | ({"message_thread_id": address["thread"]} if address.get("thread") else {})
