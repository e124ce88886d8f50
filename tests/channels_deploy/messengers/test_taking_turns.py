"""Which chats a worker takes, when it looks for them, and what it leaves."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone

from channels_deploy.answering import going_on, loop, sweeping
from channels_deploy.answering.claiming import claim
from channels_deploy.answering.talking import talk
from channels_deploy.channels.telegram.channel import Telegram
from channels_deploy.models import Chat, Connection, Inbound
from conversations.erasing import erase_conversation
from conversations.models import Conversation
from tests.channels_deploy.messengers.conftest import on_telegram
from tests.servers.model import Reply
from tests.support.pausing import Pause

if TYPE_CHECKING:
    from collections.abc import Sequence

    from channels_deploy.answering.leases import Lease
    from conversations.turn import Done
    from tests.channels_deploy.messengers.conftest import Bot
    from tests.servers.model import ModelServer
    from tests.servers.telegram import TelegramServer
    from workspaces.access import Actor

# They run as long as their process.
LOOPS: list[loop.AnswerLoop] = []
LONG_ANSWER = "| a | b |\n| --- | --- |\n" + "| one | two |\n" * 200


def waiting(connection: Connection, many: int) -> None:
    """As if so many people had written, one after the other."""
    for number in range(many):
        chat = Chat.objects.create(
            connection=connection,
            session_id=str(number),
            address={"chat_id": number},
            heard_at=timezone.now(),
        )
        Inbound.objects.create(
            chat=chat,
            connection=connection,
            external_id=str(number),
            address=chat.address,
            text="Hello",
        )


def sessions(leases: Sequence[Lease]) -> list[tuple[Any, str]]:
    return sorted((lease.owner, lease.chat.session_id) for lease in leases)


@pytest.fixture
def others(bot: Bot, mallory: Actor) -> Connection:
    """A bot of another workspace."""
    other = on_telegram(mallory, token="8:other").connection
    Connection.objects.filter(pk=other.pk).update(status="success")
    return other


def test_each_workspace_has_its_turn(
    bot: Bot, others: Connection, alice: Actor, mallory: Actor
) -> None:
    waiting(bot.connection, 4)
    waiting(others, 2)
    mine, theirs = alice.workspace_id, mallory.workspace_id
    first, all_taken = claim(3, 50, {})
    assert all_taken
    assert sessions(first) == sorted([(mine, "0"), (mine, "1"), (theirs, "0")])
    rest, all_taken = claim(50, 50, {})
    assert not all_taken
    assert sessions(rest) == sorted([(mine, "2"), (mine, "3"), (theirs, "1")])


def test_a_workspace_has_so_many_places_and_no_more(
    bot: Bot, others: Connection, alice: Actor, mallory: Actor
) -> None:
    waiting(bot.connection, 4)
    waiting(others, 2)
    mine, theirs = alice.workspace_id, mallory.workspace_id
    taken, all_taken = claim(50, 3, {mine: 2})
    assert not all_taken
    assert sessions(taken) == sorted([(mine, "0"), (theirs, "0"), (theirs, "1")])


def test_what_there_was_no_place_for_is_answered_when_there_is_one(
    bot: Bot, telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "MOST", 2)
    for person in range(601, 606):
        telegram.write("Hello", person)
    look()
    telegram.wait_for("sendMessage", 5)
    finished()
    assert sorted(sent["chat_id"] for sent in telegram.sent) == [601, 602, 603, 604, 605]


def test_what_a_workspace_had_no_place_for_is_answered_too(
    bot: Bot, telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "EACH", 1)
    for person in range(601, 604):
        telegram.write("Hello", person)
    look()
    telegram.wait_for("sendMessage", 3)
    finished()


def look() -> None:
    """Have what waits answered as a worker has, in a loop of its own."""
    answers = loop.AnswerLoop()
    LOOPS.append(answers)
    answers.look()


def finished() -> None:
    """Return when nobody is at any chat any more."""
    deadline = time.monotonic() + 10
    while Chat.objects.exclude(lease_until=None).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Chat.objects.exclude(lease_until=None).exists()


def test_what_comes_while_a_chat_is_let_go_of_is_not_forgotten(
    bot: Bot, telegram: TelegramServer
) -> None:
    telegram.write("First")
    (lease,) = claim(1, 1, {}).leases
    assert lease.message
    Inbound.objects.update(status="answered")
    pause = Pause("SELECT EXISTS")
    with ThreadPoolExecutor(1) as pool:
        ending = pool.submit(pause.run, lambda: going_on.go_on(lease))
        assert pause.reached.wait(10)
        telegram.write("Second")
        pause.end()
        ending.result()
    assert (lease.over, lease.more) == (True, True)


def test_who_was_erased_since_the_message_was_taken_is_not_begun_anew(
    bot: Bot, telegram: TelegramServer, alice: Actor, model: ModelServer
) -> None:
    telegram.write("Hello")
    bot.answer()
    telegram.write("Do you know me?")
    (lease,) = claim(1, 1, {}).leases
    erase_conversation(alice, Conversation.objects.get().pk)
    assert async_to_sync(talk)(lease) is False
    assert not Conversation.objects.exists()
    assert not Chat.objects.exists()
    assert len(telegram.sent) == 1
    assert len(model.chats) == 1


def test_a_long_answer_is_written_apart_from_what_others_wait_for(
    bot: Bot, telegram: TelegramServer, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Elsewhere than where all chats of a worker go on: there would be a loop."""
    loops: list[bool] = []
    write = Telegram.parts

    def parts(self: Telegram, answer: Done) -> Any:
        loops.append(in_a_loop())
        return write(self, answer)

    monkeypatch.setattr(Telegram, "parts", parts)
    model.reply(Reply(LONG_ANSWER))
    telegram.write("Tell me all")
    look()
    telegram.wait_for("sendMessage")
    finished()
    assert loops == [False]


def in_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def test_the_sweep_gives_up_the_oldest_first_and_so_many_at_once(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, redis_clean: None
) -> None:
    waiting(bot.connection, 3)
    long_ago = timezone.now() - 2 * sweeping.TOO_LATE
    for age, session in enumerate("021"):
        rows = Inbound.objects.filter(chat__session_id=session)
        rows.update(received_at=long_ago + age * sweeping.TOO_LATE / 10)
    monkeypatch.setattr(sweeping, "MOST", 2)
    sweeping.sweep()
    failed = Inbound.objects.filter(status="failed")
    assert sorted(failed.values_list("chat__session_id", flat=True)) == ["0", "2"]
