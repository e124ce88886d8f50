"""What people ask on Discord and how they are answered, against a server that behaves as Discord's
does."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from limits import RateLimitItemPerMinute

from channels_deploy import limits
from channels_deploy.answering import inbound, outbound, progress, promises
from channels_deploy.answering.claiming import claim
from channels_deploy.dialects.part import Part
from channels_deploy.models import Chat, Connection, Inbound, Outbound
from conversations.models import Conversation
from tests.channels_deploy.messengers.conftest import on_discord
from tests.conversations.conftest import deployed
from tests.conversations.flow_chat import desk_flow
from tests.servers.discord_interactions import NO_ANSWER
from tests.servers.discord_payloads import CHANNEL, GUILD, PERSON, asked, pressed
from tests.servers.model import Reply

if TYPE_CHECKING:
    from tests.channels_deploy.messengers.conftest import Bot
    from tests.servers.discord import DiscordServer
    from tests.servers.model import ModelServer
    from workspaces.access import Actor

LATER = "/webhooks/"
SUGGESTS = {"enable_follow_up_suggestions": True}


def test_a_question_is_answered_once(
    discord_bot: Bot, discord: DiscordServer, model: ModelServer
) -> None:
    model.reply("Parcels take **three** days.")
    made = discord.interact(asked("How long do parcels take?"))
    assert (made.attempt.status, made.answer, made.is_thinking) == (200, {"type": 5}, True)
    assert discord.replay(made).status == 200
    discord_bot.answer()
    assert (made.said, made.failed) == (["Parcels take **three** days."], "")
    assert [row.status for row in discord_bot.outbound] == ["sent"]
    talk = Conversation.objects.get()
    assert (talk.channel, talk.session_id) == ("discord", f"{GUILD}:{PERSON}")
    assert talk.message_count == 2
    assert talk.visitor == {"user_id": PERSON, "name": "Mason", "user": "@mason"}


def test_each_person_has_a_conversation_in_each_server_and_alone(
    discord_bot: Bot, discord: DiscordServer
) -> None:
    for user, guild in (("7", "1"), ("7", "2"), ("8", "1"), ("7", "")):
        discord.interact(asked("Hello"), user=user, guild=guild)
    assert {*Chat.objects.values_list("session_id", flat=True)} == {"1:7", "2:7", "1:8", "7"}


def test_an_answer_is_shown_as_it_is_given(
    discord_bot: Bot, discord: DiscordServer, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "EVERY", 0.05)
    model.reply(Reply("One two three four", token_ms=300))
    made = discord.interact(asked("Count"))
    discord_bot.answer()
    assert len(made.edits) > 1
    assert all("One two three four".startswith(text) for text in made.edits)
    assert made.said == ["One two three four"]


def test_showing_heeds_the_limits_and_holds_up_nothing(
    discord_bot: Bot, discord: DiscordServer, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "EVERY", 0.01)
    discord.per_token, discord.window = 1, 1.0
    model.reply(Reply("One two three four", token_ms=60))
    made = discord.interact(asked("Count"))
    discord_bot.answer()
    assert made.said == ["One two three four"]
    assert len([call for call in discord.called(LATER) if call.answered == 429]) <= 2


def test_what_is_too_long_comes_in_several_messages(
    discord_bot: Bot, discord: DiscordServer, model: ModelServer
) -> None:
    first, second = "a" * 1500, "b" * 1500
    model.reply(f"{first}\n\n{second}")
    made = discord.interact(asked("Tell me all"))
    discord_bot.answer()
    assert made.said == [first, second]


def test_replies_are_buttons_and_pressing_one_says_it(
    on_the_net: DiscordServer, alice: Actor, model: ModelServer
) -> None:
    discord = on_the_net
    bot = on_discord(alice, discord.app, deployed(alice.workspace, features=SUGGESTS))
    bot.connect()
    model.when("Suggest up to three", '["The red one", "The blue one"]')
    model.reply("Which one?")
    made = discord.interact(asked("I want one"))
    bot.answer()
    assert made.original is not None
    buttons = [each for row in made.original["components"] for each in row["components"]]
    assert [each["label"] for each in buttons] == ["The red one", "The blue one"]
    model.reply("Red it is.")
    press = discord.interact(pressed(buttons[0]["custom_id"]), on=made)
    bot.answer()
    assert press.said == ["Red it is."]
    assert made.said == ["Which one?"]
    assert bot.inbound[1].text == "The red one"


def test_nobody_is_called_and_no_link_unfolds(
    discord_bot: Bot, discord: DiscordServer, model: ModelServer
) -> None:
    model.reply("@everyone look at https://example.com")
    made = discord.interact(asked("Shout"))
    discord_bot.answer()
    sent = discord.called("@original")[-1].json
    assert (sent["allowed_mentions"], sent["flags"]) == ({"parse": []}, 4)
    assert made.original is not None
    assert not made.original["mention_everyone"]


def test_an_answer_that_failed_is_told(
    discord_bot: Bot, discord: DiscordServer, model: ModelServer
) -> None:
    model.default = Reply(status=401, text="sk-secret is wrong")
    made = discord.interact(asked("Hello"))
    discord_bot.answer()
    assert made.said == ["The answer could not be given. Try again in a moment."]
    assert discord_bot.inbound[0].error


def test_who_asks_nothing_is_asked_to(discord_bot: Bot, discord: DiscordServer) -> None:
    made = discord.interact(asked("   "))
    discord_bot.answer()
    assert made.said == ["Please write what you need behind /ask."]


def test_while_a_person_has_it_people_are_told_so(on_the_net: DiscordServer, alice: Actor) -> None:
    bot = on_discord(alice, on_the_net.app, desk_flow(alice.workspace))
    bot.connect()
    on_the_net.interact(asked("A human, please"))
    bot.answer()
    made = on_the_net.interact(asked("Are you there?"))
    bot.answer()
    assert made.said == ["Your message has reached our team. Somebody will answer you here."]


def test_what_a_person_writes_later_goes_to_the_channel(
    discord_bot: Bot, discord: DiscordServer
) -> None:
    say_later(discord_bot, discord, "I have looked it up.")
    assert [(each["channel_id"], each["content"]) for each in discord.posted] == [
        (CHANNEL, f"<@{PERSON}> I have looked it up.")
    ]
    assert discord.posted[0]["allowed_mentions"] == {"parse": [], "users": [PERSON]}


def test_where_the_bot_may_not_write_the_words_say_so(
    discord_bot: Bot, discord: DiscordServer
) -> None:
    discord.app.closed.add(CHANNEL)
    say_later(discord_bot, discord, "I have looked it up.")
    row = discord_bot.outbound[-1]
    assert (row.status, row.error) == ("failed", "The bot may not write there (Missing Access).")
    discord_bot.connection.refresh_from_db()
    assert discord_bot.connection.status == "success"


def say_later(bot: Bot, discord: DiscordServer, text: str) -> None:
    """Have something said that answers nothing, after a question was answered."""
    discord.interact(asked("Hello"))
    bot.answer()
    chat = Chat.objects.get()
    assert "token" not in json.dumps(chat.address)
    outbound.say(chat, [Part(text, text)], chat.address, message_id=None)
    bot.answer()


# What Discord refuses


def test_a_token_that_was_revoked_stops_everything_at_the_first_call(
    discord_bot: Bot, discord: DiscordServer
) -> None:
    discord.app.is_revoked = True
    say_later(discord_bot, discord, "Hello again")
    discord_bot.connection.refresh_from_db()
    row = discord_bot.connection
    assert (row.status, row.error) == ("error", "Invalid bot token")
    assert discord.invalid_requests == 1
    made = discord.interact(asked("Is anybody there?"))
    assert made.said == ["This bot cannot answer now. Try again later."]
    discord_bot.answer()
    assert discord.invalid_requests == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [(404, 10015), (401, 50027), (404, 10062), (404, 10008), (403, 40333), (400, 50006)],
)
def test_what_is_refused_for_good_is_not_tried_again(
    discord_bot: Bot, discord: DiscordServer, status: int, code: int
) -> None:
    body = {"message": "No", "code": code}
    discord.rule("@original", "status", status=status, body=body)
    discord.interact(asked("Hello"))
    make_older(discord_bot, 60)
    discord_bot.answer()
    row = discord_bot.outbound[0]
    assert (row.status, row.attempts) == ("failed", 1)
    assert row.error
    discord_bot.connection.refresh_from_db()
    assert discord_bot.connection.status == "success"


def make_older(bot: Bot, seconds: int) -> None:
    """As if the question had been asked so long ago."""
    for row in bot.inbound:
        row.address["until"] -= seconds
        row.save()


def test_discord_may_read_the_first_answer_after_the_second(
    discord_bot: Bot, discord: DiscordServer
) -> None:
    body = {"message": "Unknown Webhook", "code": 10015}
    discord.rule("@original", "status", nth=1, status=404, body=body)
    made = discord.interact(asked("Hello"))
    discord_bot.answer()
    assert made.said == ["Hello from the model."]


def test_too_many_requests_are_waited_for(discord_bot: Bot, discord: DiscordServer) -> None:
    body = {"message": "You are being rate limited.", "retry_after": 0.05, "global": False}
    discord.rule("@original", "status", nth=1, status=429, body=body)
    made = discord.interact(asked("Hello"))
    discord_bot.answer()
    assert made.said == ["Hello from the model."]
    assert discord_bot.outbound[0].attempts == 2


@pytest.mark.parametrize("fault", ["reset", "half_body", "bad_json", "status"])
def test_the_first_message_is_sent_until_it_is_taken(
    discord_bot: Bot, discord: DiscordServer, fault: Any
) -> None:
    discord.rule("@original", fault, nth=1, status=504 if fault == "status" else 200)
    made = discord.interact(asked("Hello"))
    discord_bot.answer()
    assert made.said == ["Hello from the model."]
    assert [row.status for row in discord_bot.outbound] == ["sent"]


def test_what_may_have_arrived_is_not_said_twice(
    discord_bot: Bot, discord: DiscordServer, model: ModelServer
) -> None:
    model.reply(f"{'a' * 1500}\n\n{'b' * 1500}")
    discord.rule("POST /api/v10/webhooks/", "reset", nth=1, acts=True)
    made = discord.interact(asked("Tell me all"))
    discord_bot.answer()
    assert made.said == ["a" * 1500, "b" * 1500]
    assert [row.status for row in discord_bot.outbound] == ["sent", "unknown"]


# Time


def test_after_a_quarter_of_an_hour_nothing_is_tried(
    discord_bot: Bot, discord: DiscordServer, model: ModelServer
) -> None:
    discord.interact(asked("Hello"))
    Inbound.objects.update(deadline=timezone.now() - timedelta(seconds=1))
    discord_bot.answer()
    row = discord_bot.inbound[0]
    assert (row.status, row.error) == ("failed", "It came too late to be answered.")
    assert not model.chats
    assert not discord.called(LATER)


def test_a_part_that_waited_too_long_is_not_tried(discord_bot: Bot, discord: DiscordServer) -> None:
    made = discord.interact(asked("Hello"))
    make_older(discord_bot, 15 * 60)
    discord_bot.answer()
    assert made.is_thinking
    assert discord_bot.outbound[0].error == "It came too late to be answered."
    assert not discord.called(LATER)


def test_an_answer_that_takes_too_long_is_broken_off_in_words(
    discord_bot: Bot, discord: DiscordServer, model: ModelServer
) -> None:
    model.reply(Reply("First " + "and then " * 100, token_ms=100))
    made = discord.interact(asked("Tell me all"))
    Inbound.objects.update(deadline=timezone.now() + timedelta(seconds=1))
    discord_bot.answer()
    assert made.said[0].startswith("First ")
    assert made.said[0].endswith("The answer took too long.")
    assert discord_bot.inbound[0].error == "The answer took too long."


def test_what_was_interrupted_several_times_is_told_so(
    discord_bot: Bot, discord: DiscordServer, model: ModelServer
) -> None:
    made = discord.interact(asked("Hello"))
    Inbound.objects.update(attempts=inbound.MOST_ATTEMPTS, status="answering")
    discord_bot.answer()
    assert made.said == ["Your message could not be answered. Please send it again."]
    assert discord_bot.inbound[0].error == "Answering it was interrupted several times."
    assert not model.chats


def test_who_died_over_the_first_message_is_followed_by_another(
    discord_bot: Bot, discord: DiscordServer
) -> None:
    made = discord.interact(asked("Hello"))
    discord_bot.answer()
    Outbound.objects.update(status="sending")
    discord_bot.answer()
    assert made.said == ["Hello from the model."]
    assert discord_bot.outbound[0].status == "sent"


def test_while_the_web_process_has_no_connection_people_are_told(
    discord_bot: Bot, discord: DiscordServer
) -> None:
    Connection.objects.update(enabled=False, status="disabled")
    assert discord.interact(asked("Hello")).failed == NO_ANSWER


# What was promised and cannot be kept

AWAY = "This bot cannot answer now. Try again later."


@pytest.mark.parametrize(
    "stopped",
    [
        pytest.param({"status": "error", "error": "Invalid bot token"}, id="failed"),
        pytest.param({"status": "disabled", "enabled": False}, id="switched off"),
        pytest.param({"status": "pending", "enabled": False}, id="being switched off"),
    ],
)
def test_who_sees_it_thinking_when_the_channel_stops_is_told(
    discord_bot: Bot, discord: DiscordServer, stopped: dict[str, Any]
) -> None:
    made = discord.interact(asked("Hello"))
    Connection.objects.update(**stopped)
    discord_bot.answer()
    assert made.is_thinking
    discord.app.is_revoked = True
    calls = len(discord.calls)
    for _ in range(2):
        promises.tell()
    assert made.said == [AWAY]
    assert len(discord.calls) == calls + 1
    assert discord.invalid_requests == 0
    row = discord_bot.inbound[0]
    assert (row.status, row.error) == ("failed", "The channel stopped before it was answered.")


def test_who_waits_until_it_is_too_late_is_told_so(
    discord_bot: Bot, discord: DiscordServer
) -> None:
    made, other = discord.interact(asked("Hello")), discord.interact(asked("Hi"), user="7")
    late = Inbound.objects.filter(external_id=made.id)
    late.update(deadline=timezone.now())
    promises.tell()
    assert made.said == ["Your message could not be answered. Please send it again."]
    assert late.get().error == "It came too late to be answered."
    assert other.is_thinking
    discord_bot.answer()
    assert other.said == ["Hello from the model."]


def test_whom_somebody_is_about_to_answer_is_told_nothing(
    discord_bot: Bot, discord: DiscordServer
) -> None:
    made = discord.interact(asked("Hello"))
    assert claim(1, 1, {}).leases
    Connection.objects.update(status="error")
    promises.tell()
    assert made.is_thinking


@pytest.mark.parametrize("status", [503, 504, 429])
def test_while_discord_is_away_they_are_told_by_the_next_sweep(
    discord_bot: Bot, discord: DiscordServer, status: int
) -> None:
    made, other = discord.interact(asked("Hello")), discord.interact(asked("Hi"), user="7")
    Connection.objects.update(status="error")
    discord.rule("@original", "status", nth=1, status=status)
    promises.tell()
    assert {row.status for row in discord_bot.inbound} == {"waiting"}
    promises.tell()
    assert made.said == other.said == [AWAY]


def test_where_discord_takes_nothing_any_more_nothing_is_tried(
    discord_bot: Bot, discord: DiscordServer
) -> None:
    discord.interact(asked("Hello"))
    make_older(discord_bot, 15 * 60)
    Connection.objects.update(status="error")
    promises.tell()
    assert not discord.called(LATER)
    assert discord_bot.inbound[0].status == "failed"


def test_whoever_waits_for_an_answer_is_told_of_a_limit_each_time(
    discord_bot: Bot, discord: DiscordServer, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PER_CHAT", RateLimitItemPerMinute(1))
    made = [discord.interact(asked("Hello")) for _ in range(3)]
    discord_bot.answer()
    assert ["Too many messages." in each.said[0] for each in made] == [False, True, True]
