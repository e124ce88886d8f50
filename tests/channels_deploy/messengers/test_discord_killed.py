"""Whoever promised an answer on Discord may be killed: somebody else keeps the promise in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conversations.models import Message
from tests.channels_deploy.messengers.conftest import (
    answer_elsewhere,
    leases_run_out,
    on_discord,
)
from tests.servers.discord_payloads import asked

if TYPE_CHECKING:
    from privexbot.embedded.children import Child
    from tests.channels_deploy.messengers.conftest import Bot
    from tests.servers.discord import DiscordServer
    from tests.servers.model import ModelServer
    from workspaces.access import Actor


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
    assert answer_elsewhere(model, point, DISCORD_API_URL=f"{discord.url}/api/v10") == -9
    assert made.is_thinking is (point != "answering.sent")
    discord_bot.answer()  # somebody may still be at it
    assert made.is_thinking is (point != "answering.sent")
    leases_run_out()
    discord_bot.answer()
    assert made.said == ["Hello from the model."]
    assert [row.status for row in discord_bot.outbound] == ["sent"]
    assert Message.objects.filter(role="assistant").count() == 1
    assert len(model.chats) == 1


def test_a_worker_answers_by_itself(on_the_net: DiscordServer, alice: Actor, worker: Child) -> None:
    assert worker.alive
    on_discord(alice, on_the_net.app).connect()
    assert on_the_net.until_said(on_the_net.interact(asked("Hello")))
