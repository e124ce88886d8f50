"""Telegram from setWebhook to an answer, against a server that behaves as Telegram's does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conversations.models import Conversation
from tests.channels_deploy.messengers.conftest import on_telegram

if TYPE_CHECKING:
    from tests.channels_deploy.messengers.conftest import Bot
    from tests.servers.model import ModelServer
    from tests.servers.telegram import TelegramServer
    from workspaces.access import Actor


def test_connecting_sets_the_webhook(bot: Bot, telegram: TelegramServer) -> None:
    row = bot.connection
    assert row.facts["bot_username"] == "acme_help_bot"
    assert (
        telegram.webhook.url == f"https://bots.example/webhooks/telegram/{bot.entity.pk}/{row.path}"
    )
    assert telegram.webhook.secret == row.webhook_secret
    assert telegram.webhook.allowed == ["message", "callback_query"]
    assert [command["command"] for command in telegram.commands] == ["start"]


def test_a_wrong_token_is_told_as_such(telegram: TelegramServer, alice: Actor) -> None:
    bot = on_telegram(alice, token="123:wrong")
    row = bot.connect()
    assert (row.status, row.error) == ("error", "Invalid bot token")
    assert len(telegram.calls) == 1


def test_a_message_is_answered_once(bot: Bot, telegram: TelegramServer, model: ModelServer) -> None:
    model.reply("Parcels take three days.")
    delivery = telegram.write("How long do parcels take?")
    assert delivery is not None
    assert (delivery.last.status, delivery.last.body) == (200, b"")
    telegram.again({"update_id": 1, "message": telegram.message("How long do parcels take?")})
    bot.answer()
    assert [message["shown"] for message in telegram.sent] == ["Parcels take three days."]
    assert telegram.sent[0]["chat_id"] == 501
    talk = Conversation.objects.get()
    assert (talk.channel, talk.session_id, talk.message_count) == ("telegram", "501", 2)
    assert talk.visitor == {"user_id": "501", "name": "Ana", "user": "@ana501"}


@pytest.mark.parametrize("secret", ["", "x" * 64], ids=["none", "another"])
def test_who_has_not_the_secret_is_refused(bot: Bot, telegram: TelegramServer, secret: str) -> None:
    update = {"update_id": 9, "message": telegram.message("Hello")}
    assert telegram.again(update, secret).last.status == 401
    assert not bot.inbound
