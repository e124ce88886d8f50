"""A connection is looked at from end to end: what is said, what is kept, and who is told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from channels_deploy import by_hand, connecting, examining
from channels_deploy.health import health_of
from channels_deploy.models import Chat, Connection
from channels_deploy.states import states
from common.problems import Problem
from tests.channels_deploy.messengers.conftest import on_telegram
from tests.servers.telegram import TOKEN
from workspaces import credentials
from workspaces.models import AuditEntry, Credential

if TYPE_CHECKING:
    from channels_deploy.finding import Finding
    from tests.channels_deploy.messengers.conftest import Bot
    from tests.servers.discord import DiscordServer
    from tests.servers.telegram import TelegramServer
    from tests.servers.whatsapp import WhatsAppServer
    from workspaces.access import Actor

# No service of a test's public address is there: that is another test's affair.
ADDRESS = {"Public address", "Name", "Certificate", "This server"}


def looked(bot: Bot) -> dict[str, Finding]:
    """What is found now at the service, by what was looked at."""
    health = examining.check(bot.entity, bot.connection.channel)
    return {each.checked: each for each in health.findings if each.checked not in ADDRESS}


def problems(bot: Bot) -> dict[str, Finding]:
    return {name: each for name, each in looked(bot).items() if each.level != "ok"}


def noted() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action="channel.failed"))


# Telegram


def test_a_bot_that_works_is_in_order(bot: Bot, telegram: TelegramServer) -> None:
    found = looked(bot)
    assert {each.level for each in found.values()} == {"ok"}
    assert found["Bot token"].found == "Telegram takes it, for @acme_help_bot."
    assert found["Webhook"].found == "Telegram calls this server."
    assert not telegram.called("setWebhook")[1:]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        pytest.param("", "no address of ours any more", id="lost"),
        pytest.param(
            "https://else.example/bot777:SECRET", "calls else.example instead", id="taken"
        ),
    ],
)
def test_a_webhook_that_is_gone_is_told_and_left(
    bot: Bot, telegram: TelegramServer, url: str, words: str
) -> None:
    telegram.webhook.url = url
    finding = problems(bot)["Webhook"]
    assert (finding.level, finding.action) == ("error", "connect")
    assert words in finding.found
    assert "SECRET" not in finding.found
    assert telegram.webhook.url == url


def test_connecting_again_takes_it_back_and_ends_what_was_found(
    bot: Bot, telegram: TelegramServer
) -> None:
    telegram.advance(5)
    telegram.webhook.url = "https://else.example/"
    looked(bot)
    bot.connection.refresh_from_db()
    [state] = states([bot.connection])
    assert (state.status_words, state.can_retry) == ("Needs attention", True)
    by_hand.retry(bot.entity, "telegram")
    assert bot.connect().status == "success"
    assert health_of(bot.connection) is None
    assert "Webhook" not in problems(bot)


def test_messages_that_wait_are_counted_with_what_telegram_says(
    bot: Bot, telegram: TelegramServer
) -> None:
    Connection.objects.filter(pk=bot.connection.pk).update(enabled=False, status="disabled")
    telegram.write("Hello?")
    Connection.objects.filter(pk=bot.connection.pk).update(enabled=True, status="success")
    finding = problems(bot)["Deliveries"]
    assert finding.level == "error"
    assert "1 message waits since deliveries fail" in finding.found
    assert "Wrong response from the webhook: 404 Error" in finding.found
    telegram.write("And now?")
    assert problems(bot)["Deliveries"].level == "warning"


def test_kinds_of_messages_that_somebody_else_left_out_are_named(
    bot: Bot, telegram: TelegramServer
) -> None:
    telegram.webhook.allowed = ["message"]
    assert "callback_query" in problems(bot)["Kinds of messages"].found


def test_a_refused_token_is_shown_to_the_service_once(bot: Bot, telegram: TelegramServer) -> None:
    telegram.revoked = True
    before = len(telegram.calls)
    first, second = problems(bot), problems(bot)
    assert len(telegram.calls) == before + 1
    assert first["Credential"].found == "Invalid bot token"
    assert second["Credential"].action == "credentials"
    assert "not tried again" in second["Credential"].found


def test_a_replaced_token_is_tried_again(bot: Bot, telegram: TelegramServer, alice: Actor) -> None:
    telegram.revoked = True
    problems(bot)
    telegram.revoked = False
    stored = Credential.objects.get(kind="telegram")
    credentials.replace(alice, stored, name="New", values={"bot_token": f"{TOKEN}x"})
    bot.connect()
    assert problems(bot)["Credential"].found == "Invalid bot token"


def test_nothing_that_is_kept_holds_a_secret(bot: Bot, telegram: TelegramServer) -> None:
    telegram.rule("getWebhookInfo", "status", status=400, body={"description": f"no {TOKEN}"})
    looked(bot)
    bot.connection.refresh_from_db()
    kept = str(bot.connection.health)
    assert "no ••••" in kept
    for secret in (TOKEN, bot.connection.webhook_secret, bot.connection.path):
        assert secret not in kept


# Discord


def test_discord_is_in_order_until_its_address_or_command_is_gone(
    discord_bot: Bot, discord: DiscordServer
) -> None:
    assert problems(discord_bot) == {}
    discord.app.commands.clear()
    discord.app.endpoint = "https://else.example/interactions"
    found = problems(discord_bot)
    assert found["Command"].found == "/ask is gone: nobody can ask the bot."
    assert "calls else.example instead" in found["Interactions address"].found
    assert {each.action for each in found.values()} == {"connect"}


def test_discord_hears_of_a_refused_token_once(discord_bot: Bot, discord: DiscordServer) -> None:
    discord.app.is_revoked = True
    for _time in range(3):
        assert problems(discord_bot)["Credential"].level == "error"
    assert discord.invalid_requests == 1


# WhatsApp


def test_whatsapp_tells_of_the_number_and_where_messages_go(
    market: Bot, meta: WhatsAppServer
) -> None:
    assert problems(market) == {}
    meta.business.quality, meta.business.status = "RED", "FLAGGED"
    meta.business.override = ""
    found = problems(market)
    assert {name: each.level for name, each in found.items()} == {
        "Number": "error",
        "Quality": "warning",
        "Webhook": "error",
    }


def test_chats_that_can_only_be_answered_after_a_new_message_are_counted(market: Bot) -> None:
    long_ago = timezone.now() - timedelta(hours=25)
    Chat.objects.create(connection=market.connection, session_id="old", heard_at=long_ago)
    assert looked(market)["24-hour window"].found.startswith("1 chat is older than a day")


# Who is told, and when it happens by itself


def test_that_it_turned_bad_is_noted_once(bot: Bot, telegram: TelegramServer) -> None:
    telegram.webhook.url = ""
    for _time in range(2):
        examining.examine(bot.connection.pk)
    [entry] = noted()
    assert (entry.by, entry.target) == ("PrivexBot", bot.entity.name)
    assert entry.details["channel"] == "Telegram"


def test_each_live_connection_is_looked_at_once_an_hour(bot: Bot) -> None:
    assert [examining.sweep(), examining.sweep()] == [1, 0]
    Connection.objects.update(examine_after=timezone.now())
    assert examining.sweep() == 1


def test_of_many_only_a_share_is_looked_at_in_a_minute(bot: Bot) -> None:
    Connection.objects.bulk_create(
        Connection(entity=bot.entity, channel=f"fax{number}", status="success")
        for number in range(examining.TURNS + 1)
    )
    assert [examining.sweep(), examining.sweep()] == [2, 2]


def test_what_is_not_live_is_not_looked_at(telegram: TelegramServer, alice: Actor) -> None:
    bot = on_telegram(alice)
    assert examining.sweep() == 0
    with pytest.raises(Problem, match="being connected"):
        examining.check(bot.entity, "telegram")
    with pytest.raises(Problem, match="does not use"):
        examining.check(bot.entity, "discord")
    assert telegram.calls == []


def test_what_is_off_says_how_it_comes_on(bot: Bot) -> None:
    by_hand.disable(bot.entity, "telegram")
    with pytest.raises(Problem, match="switched off by hand"):
        examining.check(bot.entity, "telegram")
    by_hand.enable(bot.entity, "telegram")
    connecting.sync(bot.entity, {})
    with pytest.raises(Problem, match="Switch it on in a draft and deploy"):
        examining.check(bot.entity, "telegram")
