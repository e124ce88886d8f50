"""An application at Discord is pointed at us, and let go of."""

from __future__ import annotations

import logging
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections

from channels_deploy import by_hand, connecting, told
from tests.channels_deploy.messengers.conftest import PUBLIC_URL, on_discord
from tests.support.product import wait_until
from workspaces import credential_testing, credentials
from workspaces.credential_testing import CredentialRefusedError
from workspaces.models import Credential

if TYPE_CHECKING:
    from tests.channels_deploy.messengers.conftest import Bot
    from tests.servers.discord import DiscordServer
    from workspaces.access import Actor

ME = "/applications/@me"
OTHERS = {"name": "weather", "type": 1, "description": "Tells the weather."}


def test_connecting_adds_the_command_and_the_address(
    discord_bot: Bot, discord: DiscordServer
) -> None:
    row, app = discord_bot.connection, discord.app
    assert app.endpoint == f"{PUBLIC_URL}/webhooks/discord/{discord_bot.entity.pk}/{row.path}"
    command = app.commands["ask"]
    assert [(each["name"], each["required"]) for each in command["options"]] == [("message", True)]
    assert row.facts == {
        "application_id": app.id,
        "application_name": "PrivexBot",
        "public_key": app.public_key,
        "webhook_url": app.endpoint,
        "command_id": command["id"],
    }


def test_the_deployment_says_how_to_invite_it(discord_bot: Bot, discord: DiscordServer) -> None:
    found = told.results(discord_bot.entity)["discord"]
    assert found["status"] == "success"
    assert found["webhook_url"] == discord.app.endpoint
    assert found["install_url"].startswith("https://discord.com/oauth2/authorize?client_id=")
    assert discord.app.id in found["install_url"]
    assert discord.app.token not in str(found)


def test_other_commands_stay(on_the_net: DiscordServer, alice: Actor) -> None:
    on_the_net.app.add(OTHERS, on_the_net.now())
    bot = on_discord(alice, on_the_net.app)
    bot.connect()
    assert {*on_the_net.app.commands} == {"weather", "ask"}
    connecting.sync(bot.entity, {})
    bot.connect()
    assert {*on_the_net.app.commands} == {"weather"}


def test_connecting_twice_changes_nothing(discord_bot: Bot, discord: DiscordServer) -> None:
    before = discord_bot.connection.facts
    by_hand.retry(discord_bot.entity, "discord")
    assert discord_bot.connect().facts == before
    assert len(discord.app.created) == 1


def test_an_address_is_tried_before_it_is_taken(discord_bot: Bot, discord: DiscordServer) -> None:
    assert discord.routine_check()


def test_a_wrong_token_is_told_as_such_at_once(on_the_net: DiscordServer, alice: Actor) -> None:
    bot = on_discord(alice, on_the_net.app, values={"bot_token": "wrong.token.indeed"})
    row = bot.connect()
    assert (row.status, row.error) == ("error", "Invalid bot token")
    assert len(on_the_net.calls) == on_the_net.invalid_requests == 1


def test_an_address_that_discord_cannot_reach_is_told(
    on_the_net: DiscordServer, alice: Actor
) -> None:
    on_the_net.lead(PUBLIC_URL, "http://127.0.0.1:9")
    row = on_discord(alice, on_the_net.app).connect()
    assert row.status == "error"
    assert row.error.startswith("Discord cannot use this server's address")
    assert "could not be verified" in row.error
    assert on_the_net.app.endpoint is None


def test_two_bots_on_one_application_are_refused_in_words(
    discord_bot: Bot, discord: DiscordServer, alice: Actor
) -> None:
    second = on_discord(alice, discord.app).connect()
    assert (second.status, second.error) == (
        "error",
        "PrivexBot answers for another bot already. Use an application of its own.",
    )
    assert second.facts == {}
    assert str(discord_bot.entity.pk) in str(discord.app.endpoint)


@pytest.mark.parametrize("name", ["application_id", "public_key"])
def test_a_credential_of_two_applications_is_refused(
    on_the_net: DiscordServer, alice: Actor, name: str
) -> None:
    other = on_the_net.application("Other")
    values = {"application_id": other.id, "public_key": other.public_key}
    row = on_discord(alice, on_the_net.app, values={name: values[name]}).connect()
    assert row.status == "error"
    assert row.error == "The credential's application ID or public key is not the bot token's."


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_what_may_pass_is_tried_again(on_the_net: DiscordServer, alice: Actor, status: int) -> None:
    on_the_net.rule(ME, "status", nth=1, status=status)
    bot = on_discord(alice, on_the_net.app)
    assert bot.connect().status == "pending"
    by_hand.retry(bot.entity, "discord")
    assert bot.connect().status == "success"


@pytest.mark.parametrize("fault", ["reset", "bad_json", "half_body", "huge"])
def test_garbage_is_no_answer(on_the_net: DiscordServer, alice: Actor, fault: Any) -> None:
    on_the_net.rule(ME, fault, nth=1)
    row = on_discord(alice, on_the_net.app).connect()
    assert (row.status, row.attempts) == ("pending", 1)


def test_a_limit_of_a_day_is_waited_for(on_the_net: DiscordServer, alice: Actor) -> None:
    on_the_net.app.created = [on_the_net.now()] * 200
    bot = on_discord(alice, on_the_net.app)
    again = connecting.attempt(bot.connection.pk)
    assert again
    assert again > 80_000
    bot.connection.refresh_from_db()
    assert "daily application command creates" in bot.connection.error


def test_letting_go_takes_the_address_and_the_command_back(
    discord_bot: Bot, discord: DiscordServer
) -> None:
    connecting.sync(discord_bot.entity, {})
    assert discord_bot.connect().status == "disabled"
    assert (discord.app.endpoint, discord.app.commands) == (None, {})


def test_letting_go_twice_is_no_fault(discord_bot: Bot, discord: DiscordServer) -> None:
    discord.app.commands.clear()
    discord.app.endpoint = None
    connecting.sync(discord_bot.entity, {})
    assert discord_bot.connect().status == "disabled"


def test_what_others_set_up_since_stays(discord_bot: Bot, discord: DiscordServer) -> None:
    discord.app.endpoint = "https://elsewhere.example/discord"
    connecting.sync(discord_bot.entity, {})
    assert discord_bot.connect().status == "disabled"
    assert discord.app.endpoint == "https://elsewhere.example/discord"
    assert {*discord.app.commands} == {"ask"}


def test_a_revoked_token_holds_up_no_farewell(discord_bot: Bot, discord: DiscordServer) -> None:
    discord.app.is_revoked = True
    connecting.sync(discord_bot.entity, {})
    assert discord_bot.connect().status == "disabled"
    assert discord.invalid_requests == 1


@pytest.mark.parametrize("meanwhile", ["its name is asked for", "its address is set"])
def test_an_application_that_is_being_connected_is_let_go_too(
    discord_bot: Bot, discord: DiscordServer, alice: Actor, meanwhile: str
) -> None:
    """The credential changes from the first to the second, and on to the third while a worker is
    at the second."""
    first, second, third = discord.app, discord.application("Two"), discord.application("Three")
    stored = Credential.objects.get()
    # The first is let go by one call of each kind.
    method = "GET" if meanwhile == "its name is asked for" else "PATCH"
    discord.rule(f"{method} /api/v10{ME}", "delay", nth=2, seconds=3)
    before = len(discord.called(f"{method} /api/v10{ME}"))
    credentials.replace(alice, stored, {"bot_token": second.token})

    def work() -> None:
        connecting.attempt(discord_bot.connection.pk)
        connections.close_all()

    worker = Thread(target=work)
    worker.start()
    wait_until(lambda: len(discord.called(f"{method} /api/v10{ME}")) == before + 2)
    credentials.replace(alice, stored, {"bot_token": third.token})
    worker.join()
    row = type(discord_bot.connection).objects.get()
    assert (row.status, row.error, row.parting) == ("success", "", "")
    assert (first.endpoint, first.commands) == (None, {})
    assert (second.endpoint, second.commands) == (None, {})
    assert third.endpoint == row.facts["webhook_url"]


def test_each_credential_that_a_release_named_meanwhile_is_let_go(
    discord_bot: Bot, discord: DiscordServer, alice: Actor
) -> None:
    first, second, third = discord.app, discord.application("Two"), discord.application("Three")
    for app in (second, third):
        values = {"bot_token": app.token}
        stored = credentials.create(alice, name=app.name, kind="discord", values=values)
        config = {"bot_token": str(stored.pk), "webhook_url": None}
        connecting.sync(discord_bot.entity, {"discord": config})
        # As if a worker had come so far with the one before.
        second.endpoint = first.endpoint
    assert discord_bot.connect().status == "success"
    assert (first.endpoint, first.commands) == (None, {})
    assert (second.endpoint, second.commands) == (None, {})
    assert third.endpoint == discord_bot.connection.facts["webhook_url"]


def test_a_bot_that_is_deleted_while_it_is_connected_anew_lets_go_of_both(
    discord_bot: Bot, discord: DiscordServer, alice: Actor
) -> None:
    first, second = discord.app, discord.application("Two")
    credentials.replace(alice, Credential.objects.get(), {"bot_token": second.token})
    # As if a worker had come so far.
    second.endpoint = first.endpoint
    connecting.withdraw(discord_bot.entity.pk)
    connecting.attempt(discord_bot.connection.pk)
    assert (first.endpoint, first.commands) == (None, {})
    assert (second.endpoint, second.commands) == (None, {})


def test_a_bot_that_is_deleted_lets_go(discord_bot: Bot, discord: DiscordServer) -> None:
    connecting.withdraw(discord_bot.entity.pk)
    connecting.attempt(discord_bot.connection.pk)
    assert (discord.app.endpoint, discord.app.commands) == (None, {})


def test_a_credential_is_tried(discord_bot: Bot, discord: DiscordServer, alice: Actor) -> None:
    found = credential_testing.test(alice, Credential.objects.get())
    assert (found.ok, found.message) == (True, "Discord takes the bot token, for PrivexBot.")
    with pytest.raises(CredentialRefusedError, match="Invalid bot token"):
        credential_testing.credential_testers.get("discord")({"bot_token": "no"})


def test_no_secret_is_logged(
    discord_bot: Bot, discord: DiscordServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    discord.rule(ME, "reset")
    by_hand.retry(discord_bot.entity, "discord")
    row = discord_bot.connect()
    assert discord.app.token not in caplog.text + row.error
