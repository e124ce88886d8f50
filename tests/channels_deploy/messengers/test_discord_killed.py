"""Whoever promised an answer on Discord may be killed: somebody else keeps the promise in time."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from channels_deploy.models import Chat
from conversations.models import Message
from tests.channels_deploy.messengers.conftest import PUBLIC_URL, on_discord
from tests.servers.discord_payloads import asked
from tests.support.live import environment

if TYPE_CHECKING:
    from privexbot.embedded.children import Child
    from tests.channels_deploy.messengers.conftest import Bot
    from tests.servers.discord import DiscordServer
    from tests.servers.model import ModelServer
    from workspaces.access import Actor


def die(discord: DiscordServer, model: ModelServer, point: str) -> None:
    """Answer the one chat in another process, which dies at ``point``."""
    own = {
        "CRASH_AT": point,
        "DISCORD_API_URL": f"{discord.url}/api/v10",
        "PUBLIC_URL": PUBLIC_URL,
        "LLM_BASE_URL": model.url,
    }
    command = [sys.executable, "-m", "tests.channels_deploy.messengers.crashing"]
    done = subprocess.run(command, env=environment() | own, check=False, timeout=100)
    assert done.returncode == -9


@pytest.mark.parametrize(
    "point",
    [
        *("answering.claimed", "answering.asked", "answering.kept"),
        *("answering.sending", "answering.sent"),
    ],
)
def test_a_killed_worker_is_followed_by_another(
    discord_bot: Bot, discord: DiscordServer, model: ModelServer, point: str
) -> None:
    made = discord.interact(asked("How long do parcels take?"))
    die(discord, model, point)
    assert made.is_thinking is (point != "answering.sent")
    discord_bot.answer()  # somebody may still be at it
    assert made.is_thinking is (point != "answering.sent")
    Chat.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    discord_bot.answer()
    assert made.said == ["Hello from the model."]
    assert [row.status for row in discord_bot.outbound] == ["sent"]
    assert Message.objects.filter(role="assistant").count() == 1
    assert len(model.chats) == 1


def test_a_worker_answers_by_itself(on_the_net: DiscordServer, alice: Actor, worker: Child) -> None:
    assert worker.alive
    on_discord(alice, on_the_net.app).connect()
    assert on_the_net.until_said(on_the_net.interact(asked("Hello")))
