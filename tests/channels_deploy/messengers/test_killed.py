"""A worker that is killed over an answer is followed by another, which knows what is left to do."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from channels_deploy.answering import chats
from channels_deploy.models import Chat
from conversations.models import Message
from tests.channels_deploy.messengers.elsewhere import answering
from tests.servers.discord_payloads import asked
from tests.servers.model import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from privexbot.embedded.children import Child
    from tests.channels_deploy.messengers.conftest import Bot
    from tests.servers.discord import DiscordServer
    from tests.servers.model import ModelServer

PATIENCE = 30.0


def kill_once(when: Callable[[], bool], discord: DiscordServer, model: ModelServer) -> None:
    """Kill a worker at the moment ``when`` it has come so far; its lease runs out."""
    services = {"LLM_BASE_URL": model.url, "DISCORD_API_URL": f"{discord.url}/api/v10"}
    with answering(Chat.objects.get(), **services) as process:
        deadline = time.monotonic() + PATIENCE
        while not when():
            assert process.poll() is None, "it ended before it was killed"
            assert time.monotonic() < deadline, "it never came so far"
            time.sleep(0.02)
        process.kill()
    assert Chat.objects.filter(lease_until__gt=timezone.now()).exists()
    Chat.objects.update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_worker_that_is_killed_while_the_model_answers_is_followed(
    discord_bot: Bot, discord: DiscordServer, model: ModelServer
) -> None:
    model.reply(Reply(hang=True), "Three days.")
    made = discord.interact(asked("How long do parcels take?"))
    kill_once(lambda: bool(model.chats), discord, model)
    assert made.is_thinking
    discord_bot.answer()
    assert made.said == ["Three days."]
    assert Message.objects.count() == 2


def test_a_worker_that_is_killed_while_discord_is_told_is_followed(
    discord_bot: Bot, discord: DiscordServer, model: ModelServer
) -> None:
    discord.rule("@original", "hang", nth=1)
    made = discord.interact(asked("How long do parcels take?"))
    kill_once(lambda: bool(discord.called("@original")), discord, model)
    assert made.is_thinking
    discord_bot.answer()
    assert made.said == ["Hello from the model."]
    assert [row.status for row in discord_bot.outbound] == ["sent"]
    assert len(model.chats) == 1


def test_while_somebody_is_at_it_nobody_else_is(discord_bot: Bot, discord: DiscordServer) -> None:
    made = discord.interact(asked("Hello"))
    lease = chats.claim(Chat.objects.get().pk)
    assert lease is not None
    discord_bot.answer()
    assert made.is_thinking
    chats.release(lease)
    discord_bot.answer()
    assert made.said == ["Hello from the model."]


@pytest.mark.parametrize("status", ["waiting", "answering"])
def test_the_sweep_hands_what_was_left_to_a_worker(
    discord_bot: Bot, discord: DiscordServer, worker: Child, status: str
) -> None:
    """The web process wakes the worker that runs; what it lost is found by the sweep."""
    made = discord.interact(asked("Hello"))
    discord_bot.inbound[0].chat.inbound.filter(status="waiting").update(status=status)
    chats.sweep()
    assert discord.until_said(made)
    assert worker.alive
