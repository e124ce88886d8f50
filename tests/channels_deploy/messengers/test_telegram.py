"""Telegram from setWebhook to an answer, against a server that behaves as Telegram's does."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone
from kombu.exceptions import OperationalError

from channels_deploy import by_hand, connecting, examining, told
from channels_deploy.models import Chat
from conversations.models import Conversation
from tests.channels_deploy.messengers.conftest import PUBLIC_URL, on_telegram
from tests.servers.faults import Answer
from tests.servers.model import Reply
from tests.servers.telegram import flood, refusal
from workspaces.models import Credential

if TYPE_CHECKING:
    from tests.channels_deploy.messengers.conftest import Bot
    from tests.servers.model import ModelServer
    from tests.servers.telegram import TelegramServer
    from workspaces.access import Actor

SEND = "sendMessage"


def texts(telegram: TelegramServer) -> list[str]:
    """What people see of the messages that were sent."""
    return [message["shown"] for message in telegram.sent]


# Connecting


def test_connecting_sets_the_webhook(bot: Bot, telegram: TelegramServer) -> None:
    row = bot.connection
    address = f"{PUBLIC_URL}/webhooks/telegram/{bot.entity.pk}/{row.path}"
    assert row.facts["bot_username"] == "acme_help_bot"
    assert telegram.webhook.url == address
    assert telegram.webhook.secret == row.webhook_secret
    assert telegram.webhook.allowed == ["message", "callback_query"]
    assert [command["command"] for command in telegram.commands] == ["start"]
    shown = told.results(bot.entity)["telegram"]
    assert (shown["webhook_url"], shown["bot_username"]) == (address, "@acme_help_bot")


def test_connecting_twice_changes_nothing(bot: Bot, telegram: TelegramServer) -> None:
    before = telegram.webhook
    by_hand.retry(bot.entity, "telegram")
    assert bot.connect().status == "success"
    assert telegram.webhook == before


@pytest.mark.parametrize("token", ["123:wrong", "no-token-at-all", "0:zero"])
def test_a_wrong_token_is_told_as_such_and_asked_once(
    telegram: TelegramServer, alice: Actor, token: str
) -> None:
    row = on_telegram(alice, token=token).connect()
    assert (row.status, row.error) == ("error", "Invalid bot token")
    assert len(telegram.calls) == 1


def test_a_token_of_no_form_may_be_answered_as_an_address_that_is_none(
    telegram: TelegramServer, alice: Actor
) -> None:
    """Before Telegram's own server stands one that knows no such address."""
    answer = refusal(404, "Not Found")
    telegram.rule("getMe", "status", status=answer.status, body=answer.body)
    row = on_telegram(alice).connect()
    assert (row.status, row.error) == ("error", "Invalid bot token")


def test_that_telegram_refused_a_token_is_kept_until_it_takes_it(
    telegram: TelegramServer, alice: Actor
) -> None:
    bot = on_telegram(alice)
    credential = Credential.objects.get()
    found = []
    for telegram.revoked in (True, False):
        by_hand.retry(bot.entity, "telegram")
        found.append(bot.connect().status)
        credential.refresh_from_db()
        found.append(credential.refusal)
    assert found == ["error", "Invalid bot token", "success", ""]
    telegram.revoked = True
    examining.examine(bot.connection.pk)
    credential.refresh_from_db()
    assert credential.refusal == "Invalid bot token"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        pytest.param(flood(2), "Too Many Requests: retry after 2", id="429"),
        pytest.param(Answer(500, {"ok": False, "description": "restart"}), "restart", id="500"),
        pytest.param(
            refusal(409, "Conflict: terminated by other setWebhook"), "other setWebhook", id="409"
        ),
    ],
)
def test_what_passes_is_tried_again(
    telegram: TelegramServer, alice: Actor, answer: Answer, words: str
) -> None:
    telegram.rule(
        "setWebhook", "status", status=answer.status, body=answer.body, headers=answer.headers
    )
    bot = on_telegram(alice)
    again = connecting.attempt(bot.connection.pk)
    bot.connection.refresh_from_db()
    assert (again, bot.connection.status) == (2, "pending")
    assert words in bot.connection.error


@pytest.mark.parametrize("fault", ["reset", "half_body", "bad_json"])
def test_an_answer_that_is_none_is_asked_for_again(
    telegram: TelegramServer, alice: Actor, fault: Any
) -> None:
    telegram.rule("setWebhook", fault, nth=1)
    bot = on_telegram(alice)
    assert bot.connect().status == "pending"
    assert "Telegram" in bot.connection.error
    assert "7000000001" not in bot.connection.error
    type(bot.connection).objects.update(lease_until=None)
    assert bot.connect().status == "success"


def test_without_https_telegrams_own_words_are_told(
    telegram: TelegramServer, alice: Actor, settings: Any
) -> None:
    settings.PUBLIC_URL = "http://bots.example"
    row = on_telegram(alice).connect()
    assert row.status == "error"
    assert "An HTTPS URL must be provided for webhook" in row.error


def test_one_bot_answers_for_one_assistant(bot: Bot, alice: Actor) -> None:
    second = on_telegram(alice).connect()
    assert second.status == "error"
    assert "@acme_help_bot answers for another bot already" in second.error


def test_switched_off_or_deleted_the_webhook_goes(
    bot: Bot, telegram: TelegramServer, alice: Actor
) -> None:
    connecting.sync(bot.entity, {})
    assert bot.connect().status == "disabled"
    assert not telegram.webhook.url
    other = on_telegram(alice)
    telegram.advance(2)
    assert other.connect().status == "success"
    connecting.withdraw(other.entity.pk)
    alice.workspace.credentials.all().delete()
    connecting.attempt(other.connection.pk)
    assert not telegram.webhook.url
    assert not other.entity.connections.exists()


def test_a_webhook_that_others_set_meanwhile_stays(bot: Bot, telegram: TelegramServer) -> None:
    telegram.webhook.url = "https://elsewhere.example/hook"
    connecting.sync(bot.entity, {})
    assert bot.connect().status == "disabled"
    assert telegram.webhook.url == "https://elsewhere.example/hook"


# Being written to


def test_a_message_is_answered_once(bot: Bot, telegram: TelegramServer, model: ModelServer) -> None:
    model.reply("Parcels take *three* days.")
    delivery = telegram.write("How long do parcels take?")
    assert delivery is not None
    assert (delivery.last.status, delivery.last.body) == (200, b"")
    telegram.again({"update_id": 1, "message": telegram.message("How long do parcels take?")})
    bot.answer()
    bot.answer()
    assert texts(telegram) == ["Parcels take three days."]
    assert telegram.sent[0]["chat_id"] == 501
    assert not telegram.actions
    talk = Conversation.objects.get()
    assert (talk.channel, talk.session_id, talk.message_count) == ("telegram", "501", 2)
    assert talk.visitor == {"user_id": "501", "name": "Ana", "user": "@ana501"}


@pytest.mark.parametrize("secret", ["", "x" * 64], ids=["none", "another"])
def test_who_has_not_the_secret_is_refused(bot: Bot, telegram: TelegramServer, secret: str) -> None:
    update = {"update_id": 9, "message": telegram.message("Hello")}
    assert telegram.again(update, secret).last.status == 401
    assert not bot.inbound


def test_what_is_none_of_its_business_is_taken_and_forgotten(
    bot: Bot, telegram: TelegramServer
) -> None:
    for update in (
        {"update_id": 1, "poll": {"id": "5"}},
        {"update_id": 2, "message": {"message_id": 4}},
        {"update_id": 3, "message": telegram.message("", new_chat_title="Friends")},
        {"update_id": "x", "message": telegram.message("Hello")},
    ):
        assert telegram.again(update).arrived
    assert not bot.inbound


def test_start_greets(bot: Bot, telegram: TelegramServer) -> None:
    telegram.write("/start from-the-website")
    bot.answer()
    assert texts(telegram) == ["Hello! What would you like to know?"]


def test_what_is_no_text_is_answered_politely(bot: Bot, telegram: TelegramServer) -> None:
    telegram.write(voice={"file_id": "f", "duration": 3})
    bot.answer()
    assert texts(telegram) == ["I can read text only. Please write what you need."]


def test_a_caption_is_a_text(bot: Bot, telegram: TelegramServer, model: ModelServer) -> None:
    telegram.write(photo=[{"file_id": "f"}], caption="Is this broken?")
    bot.answer()
    assert model.chats[-1].json["messages"][-1]["content"] == "Is this broken?"


def test_in_a_group_it_answers_whoever_speaks_to_it(
    bot: Bot, telegram: TelegramServer, model: ModelServer
) -> None:
    telegram.in_group("Nice weather")
    telegram.in_group("Ask @acme_help_botanic instead")
    telegram.in_group("@Acme_Help_Bot when do you open?", person=502)
    telegram.in_group("/ask@acme_help_bot where are you?", person=503)
    telegram.in_group("/ask@other_bot where are you?", person=503)
    bot.answer()
    asked = [chat.json["messages"][-1]["content"] for chat in model.chats]
    assert sorted(asked) == ["when do you open?", "where are you?"]
    names = Conversation.objects.values_list("session_id", flat=True)
    assert sorted(names) == ["-100200:502", "-100200:503"]
    assert all(message["reply_parameters"]["message_id"] for message in telegram.sent)


# Answering


def test_an_answer_that_is_too_long_is_split(
    bot: Bot, telegram: TelegramServer, model: ModelServer
) -> None:
    model.reply("\n\n".join(f"Paragraph {n}. " + "word " * 150 for n in range(12)))
    telegram.write("Tell me everything")
    bot.answer()
    assert len(telegram.sent) > 1
    assert all(len(text) <= 4096 for text in texts(telegram))
    assert [row.status for row in bot.outbound] == ["sent"] * len(telegram.sent)


def test_of_many_links_none_is_lost_and_much_markup_is_taken(
    bot: Bot, telegram: TelegramServer, model: ModelServer
) -> None:
    """Telegram reads a hundred of them in a message, and 32 KiB with markup."""
    links = [f"https://shop.example/{number}/{'way/' * 25}" for number in range(110)]
    model.reply(" ".join(f"[{number}]({link})" for number, link in enumerate(links)))
    telegram.write("Show me everything")
    bot.answer()
    assert [link for message in telegram.sent for link in message["links"]] == links
    assert {row.status for row in bot.outbound} == {"sent"}
    assert all("parse_mode" in message for message in telegram.sent)


def test_who_blocked_the_bot_is_not_written_to_again(
    bot: Bot, telegram: TelegramServer, model: ModelServer
) -> None:
    model.reply("\n\n".join("word " * 600 for _ in range(4)))
    telegram.blocked.add(501)
    telegram.write("Hello")
    bot.answer()
    assert len(telegram.called(SEND)) == 1
    assert {row.status for row in bot.outbound} == {"failed"}
    assert "blocked by the user" in bot.outbound[0].error
    bot.connection.refresh_from_db()
    assert bot.connection.status == "success"


def test_a_flood_is_waited_out(bot: Bot, telegram: TelegramServer) -> None:
    answer = flood(1)
    telegram.rule(SEND, "status", nth=1, status=429, body=answer.body, headers=answer.headers)
    telegram.write("Hello")
    bot.answer()
    first, second = telegram.called(SEND)
    assert second.at - first.at >= 1
    assert len(telegram.sent) == 1


def test_a_long_flood_is_waited_out_by_nobody_and_nothing_is_lost(
    bot: Bot, telegram: TelegramServer, model: ModelServer
) -> None:
    answer = flood(3600)
    telegram.rule(SEND, "status", nth=1, status=429, body=answer.body, headers=answer.headers)
    telegram.write("Hello")
    bot.answer()
    telegram.write("Are you there?")
    telegram.write("Hello from somebody else", 502)
    bot.answer()
    assert [message["chat_id"] for message in telegram.sent] == [502]
    assert sorted(row.status for row in bot.outbound) == ["sent", "waiting"]
    chat = Chat.objects.get(session_id="501")
    assert chat.lease_until is not None
    assert timedelta(minutes=59) < chat.lease_until - timezone.now() <= timedelta(hours=1)
    Chat.objects.update(lease_until=timezone.now())
    bot.answer()
    assert [message["chat_id"] for message in telegram.sent] == [502, 501, 501]
    assert {row.status for row in bot.outbound} == {"sent"}


@pytest.mark.parametrize(
    ("fault", "how"),
    [
        pytest.param("reset", {"acts": True}, id="cut off"),
        pytest.param("half_body", {}, id="half an answer"),
        pytest.param("status", {"status": 504, "acts": True}, id="a gateway gave up"),
    ],
)
def test_what_may_have_arrived_is_not_sent_again(
    bot: Bot, telegram: TelegramServer, fault: Any, how: dict[str, Any]
) -> None:
    telegram.rule(SEND, fault, **how)
    telegram.write("Hello")
    bot.answer()
    bot.answer()
    assert len(telegram.sent) == 1
    assert [row.status for row in bot.outbound] == ["unknown"]


def test_markup_that_telegram_cannot_read_goes_as_plain_text(
    bot: Bot, telegram: TelegramServer, model: ModelServer
) -> None:
    body = {"ok": False, "error_code": 400, "description": "Bad Request: can't parse entities: x"}
    telegram.rule(SEND, "status", nth=1, status=400, body=body)
    model.reply("It is **free**.")
    telegram.write("How much?")
    bot.answer()
    assert texts(telegram) == ["It is free."]
    assert "parse_mode" not in telegram.sent[0]


def test_a_revoked_token_stops_everything_until_it_is_replaced(
    bot: Bot, telegram: TelegramServer, alice: Actor
) -> None:
    telegram.revoked = True
    telegram.write("Hello")
    bot.answer()
    bot.connection.refresh_from_db()
    assert (bot.connection.status, bot.connection.error) == ("error", "Invalid bot token")
    asked = len(telegram.calls)
    telegram.write("Are you there?")
    bot.answer()
    assert len(telegram.calls) == asked
    telegram.revoked = False
    by_hand.retry(bot.entity, "telegram")
    assert bot.connect().status == "success"
    bot.answer()
    assert len(telegram.sent) == 1


def test_what_a_person_reads_when_the_model_fails(
    bot: Bot, telegram: TelegramServer, model: ModelServer
) -> None:
    model.reply(*[Reply(status=500)] * 8)
    telegram.write("Hello")
    bot.answer()
    assert texts(telegram) == ["The answer could not be given. Try again in a moment."]
    assert bot.inbound[0].error


def test_replies_are_buttons_and_a_press_is_a_message(
    telegram: TelegramServer, alice: Actor, model: ModelServer
) -> None:
    prompts = {"welcome_message": "Hello!", "suggested_prompts": ["Where is my parcel?"]}
    bot = on_telegram(alice, appearance=prompts)
    bot.connect()
    telegram.write("/start")
    bot.answer()
    model.reply("It is on its way.")
    telegram.press("Where is my parcel?")
    bot.answer()
    assert texts(telegram) == ["Hello!", "It is on its way."]
    assert model.chats[-1].json["messages"][-1]["content"] == "Where is my parcel?"
    assert len(telegram.pressed) == 1


def test_a_broker_that_is_away_keeps_no_message_out(
    bot: Bot, telegram: TelegramServer, alice: Actor, no_broker: None
) -> None:
    connecting.sync(bot.entity, {"telegram": {**bot.connection.config, "webhook_url": "x"}})
    with pytest.raises(OperationalError):
        connecting.wake(bot.entity)
    body = json.dumps({"update_id": 77, "message": telegram.message("Hello")})
    address = telegram.webhook.url.removeprefix(PUBLIC_URL)
    secret = {"X-Telegram-Bot-Api-Secret-Token": telegram.webhook.secret}
    answer = Client().post(address, body, content_type="application/json", headers=secret)
    assert answer.status_code == 200
    assert [row.text for row in bot.inbound] == ["Hello"]
