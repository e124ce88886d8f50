"""Discord from an application's address to an answer, against a server that behaves as Discord's
does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conversations.models import Conversation
from tests.servers.discord_payloads import GUILD, PERSON, asked

if TYPE_CHECKING:
    from tests.channels_deploy.messengers.conftest import Bot
    from tests.servers.discord import DiscordServer
    from tests.servers.model import ModelServer


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
