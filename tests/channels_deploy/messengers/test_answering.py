"""Whatever dies in the midst of it: every message is answered once, in the order of its chat."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from django.db import connections, transaction
from django.utils import timezone
from limits import RateLimitItemPerHour

from channels_deploy import by_hand, limits
from channels_deploy.answering import going_on, inbound, leases, sweeping
from channels_deploy.answering.claiming import claim
from channels_deploy.models import Chat, Connection, Inbound, Outbound
from conversations.models import Conversation, Message
from tests.channels_deploy.messengers.answering import answer_all
from tests.channels_deploy.messengers.conftest import (
    answer_elsewhere,
    leases_run_out,
    on_telegram,
)
from tests.servers.model import Reply
from tests.support.pausing import done_or_waiting
from workspaces.models import Credential

if TYPE_CHECKING:
    from channels_deploy.answering.claiming import Claimed
    from privexbot.embedded.children import Child
    from tests.channels_deploy.messengers.conftest import Bot
    from tests.servers.model import ModelServer
    from tests.servers.telegram import TelegramServer
    from workspaces.access import Actor


def die(telegram: TelegramServer, model: ModelServer, point: str) -> None:
    """Answer the one chat in another process, which dies at ``point``."""
    assert answer_elsewhere(model, point, TELEGRAM_API_URL=telegram.url) == -9


@pytest.mark.parametrize(
    "point",
    ["answering.claimed", "answering.asked", "answering.kept", "answering.sending"],
)
def test_a_killed_worker_is_followed_by_another(
    bot: Bot, telegram: TelegramServer, model: ModelServer, point: str
) -> None:
    telegram.write("Hello")
    die(telegram, model, point)
    bot.answer()  # somebody may still be at it
    assert not telegram.sent
    leases_run_out()
    bot.answer()
    # What was kept may have been sent.
    assert len(telegram.sent) == (point in {"answering.claimed", "answering.asked"})
    assert Message.objects.filter(role="assistant").count() == 1
    assert [row.status for row in bot.inbound] == ["answered"]
    assert len(model.chats) == 1 + (point == "answering.asked" and not Message.objects.exists())


def test_a_message_that_was_sent_by_whoever_died_is_not_sent_again(
    bot: Bot, telegram: TelegramServer, model: ModelServer
) -> None:
    telegram.write("Hello")
    die(telegram, model, "answering.sent")
    leases_run_out()
    bot.answer()
    assert len(telegram.sent) == 1
    assert [row.status for row in bot.outbound] == ["unknown"]


def test_an_answer_that_failed_before_whoever_asked_died_is_told_as_failed(
    bot: Bot, telegram: TelegramServer, model: ModelServer
) -> None:
    telegram.write("Hello")
    model.when("Hello", Reply(status=401))
    die(telegram, model, "answering.asked")
    leases_run_out()
    bot.answer()
    (sent,) = telegram.sent
    assert sent["shown"] == "The answer could not be given. Try again in a moment."
    assert Message.objects.get(role="assistant").status == "failed"


def test_an_answer_that_another_worker_sends_has_its_sources(
    bot: Bot, telegram: TelegramServer, model: ModelServer
) -> None:
    telegram.write("Hello")
    die(telegram, model, "answering.asked")
    cited = {"number": 1, "title": "Returns", "text": "Thirty days.", "url": "https://shop.example"}
    Message.objects.filter(role="assistant").update(content="Thirty [1].", citations=[cited])
    leases_run_out()
    bot.answer()
    (sent,) = telegram.sent
    assert "Returns" in sent["shown"]


def test_a_message_that_kills_whoever_answers_it_is_given_up(
    bot: Bot, telegram: TelegramServer
) -> None:
    telegram.write("Hello")
    Inbound.objects.update(attempts=inbound.MOST_ATTEMPTS)
    bot.answer()
    assert [message["shown"] for message in telegram.sent] == [
        "Your message could not be answered. Please send it again."
    ]
    assert "interrupted several times" in bot.inbound[0].error


def test_messages_of_a_chat_are_answered_in_order_by_many_workers(
    bot: Bot, telegram: TelegramServer, model: ModelServer
) -> None:
    for number in range(6):
        telegram.write(f"Question {number}")

    def work() -> None:
        answer_all()
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(5)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    asked = [chat.json["messages"][-1]["content"] for chat in model.chats]
    assert asked == [f"Question {number}" for number in range(6)]
    assert len(telegram.sent) == 6


def test_of_two_workers_that_ask_for_a_chat_at_once_one_has_it(
    bot: Bot, telegram: TelegramServer
) -> None:
    telegram.write("Hello")

    def ask() -> Claimed:
        try:
            return claim(1, 1, {})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert claim(1, 1, {}).leases
            second = pool.submit(ask)
            done_or_waiting(second)
        assert not second.result().leases


def test_what_cannot_be_answered_now_is_left_to_the_sweep(
    bot: Bot, telegram: TelegramServer
) -> None:
    """Its credential is gone, and nobody has tried yet to connect it without."""
    telegram.write("Hello")
    Credential.objects.all().delete()
    Connection.objects.update(status="pending")
    bot.answer()
    assert [row.status for row in bot.inbound] == ["waiting"]
    until = Chat.objects.get().lease_until
    assert until
    assert until <= timezone.now() + leases.PAUSE


def test_a_message_that_comes_while_the_last_one_is_answered_waits(
    bot: Bot, telegram: TelegramServer, model: ModelServer
) -> None:
    model.when("First", Reply("At last.", first_token_ms=1500))
    telegram.write("First")

    def work() -> None:
        answer_all()
        connections.close_all()

    first = threading.Thread(target=work)
    first.start()
    telegram.wait_for("sendChatAction")
    telegram.write("Second")
    answer_all()  # nothing, since somebody is at it
    first.join()
    assert len(telegram.sent) == 2
    assert Conversation.objects.get().message_count == 4


def test_what_waits_is_found_by_the_sweep_and_what_is_old_is_forgotten(
    bot: Bot, telegram: TelegramServer, redis_clean: None
) -> None:
    telegram.write("Hello", 501)
    bot.answer()
    telegram.write("Too late", 502)
    Inbound.objects.filter(text="Too late").update(received_at=timezone.now() - sweeping.TOO_LATE)
    Outbound.objects.update(created_at=timezone.now() - sweeping.KEPT)
    sweeping.sweep()
    bot.answer()
    assert not Outbound.objects.exists()
    assert Inbound.objects.get(text="Too late").status == "failed"
    assert len(telegram.sent) == 1


def test_of_who_never_was_answered_nothing_stays(bot: Bot, telegram: TelegramServer) -> None:
    telegram.write("Hello")
    long_ago = timezone.now() - sweeping.KEPT
    Chat.objects.update(heard_at=long_ago)
    sweeping.sweep()
    assert Chat.objects.exists()
    Inbound.objects.update(received_at=long_ago)
    sweeping.sweep()
    assert not Chat.objects.exists()


def test_what_could_not_be_sent_for_a_day_is_not_sent_any_more(
    bot: Bot, telegram: TelegramServer, redis_clean: None
) -> None:
    """Nobody waits for it, once the channel is connected again."""
    telegram.write("Hello")
    bot.answer()
    Outbound.objects.update(status="waiting", created_at=timezone.now() - sweeping.TOO_LATE)
    sweeping.sweep()
    bot.answer()
    assert [row.status for row in bot.outbound] == ["failed"]
    assert len(telegram.sent) == 1


def test_a_deleted_conversation_takes_its_chat_along(bot: Bot, telegram: TelegramServer) -> None:
    telegram.write("Hello")
    bot.answer()
    Conversation.objects.all().delete()
    assert not Chat.objects.exists()
    assert not Outbound.objects.exists()


def test_a_worker_answers_by_itself(telegram: TelegramServer, alice: Actor, worker: Child) -> None:
    assert worker.alive
    bot = on_telegram(alice)
    bot.connect()
    telegram.write("/start")
    telegram.wait_for("sendMessage")
    deadline = time.monotonic() + 10
    while bot.outbound[0].status != "sent" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert bot.outbound[0].status == "sent"


def test_of_too_many_messages_a_person_is_told_once(
    bot: Bot, telegram: TelegramServer, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PER_CHAT_HOUR", RateLimitItemPerHour(1))
    for text in ("One", "Two", "Three", "Four"):
        telegram.write(text)
    bot.answer()
    assert len(telegram.sent) == 2
    assert telegram.sent[1]["shown"].startswith("Too many messages.")
    assert [row.error[:18] for row in bot.inbound] == ["", *["Too many messages."] * 3]


def test_what_is_switched_off_meanwhile_answers_nothing_more(
    bot: Bot, telegram: TelegramServer, model: ModelServer
) -> None:
    for text in ("One", "Two"):
        telegram.write(text)
    (lease,) = claim(1, 1, {}).leases
    assert lease.message
    by_hand.disable(bot.entity, "telegram")
    going_on.go_on(lease)
    assert lease.message is None
    assert [row.status for row in bot.inbound] == ["answering", "waiting"]
