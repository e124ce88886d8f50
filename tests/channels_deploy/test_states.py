"""What a page says of a channel that is being connected, is live, has failed or is off."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from channels_deploy import channels
from channels_deploy.models import Connection
from channels_deploy.states import ChannelState, all_states

Status = Connection.Status
NOW = timezone.now()


def state_of(**row: Any) -> ChannelState:
    found = Connection(channel="telegram", updated_at=NOW, **row)
    return ChannelState(channels.described("telegram"), found)


@pytest.mark.parametrize(
    ("row", "words", "sentence"),
    [
        ({}, "Queued", "Waiting for its turn"),
        ({"attempts": 1}, "Connecting", "Being connected"),
        (
            {"attempts": 2, "next_attempt_at": NOW, "error": "Bad Gateway"},
            "Tried again soon",
            "Bad Gateway",
        ),
        ({"status": "error", "error": "Invalid bot token"}, "Failed", "Invalid bot token"),
        ({"enabled": False, "paused": True}, "Switching off", "Being withdrawn"),
        ({"enabled": False, "leaving": True}, "Being removed", "Being withdrawn"),
        (
            {"enabled": False, "paused": True, "status": "disabled"},
            "Off",
            "Switched off by hand. It stays off",
        ),
        (
            {"enabled": False, "status": "error", "error": "Timed out"},
            "Not withdrawn",
            "Timed out",
        ),
    ],
)
def test_each_state_has_its_words(row: dict[str, Any], words: str, sentence: str) -> None:
    state = state_of(**row)
    assert state.status_words == words
    assert state.sentence.startswith(sentence)
    assert state.is_bad == bool(row.get("error"))


@pytest.mark.parametrize(
    ("channel", "facts", "words", "address"),
    [
        ("telegram", {"bot_username": "acme_bot"}, "Open in Telegram", "https://t.me/acme_bot"),
        ("whatsapp", {"phone_number": "+1 555-07"}, "Open in WhatsApp", "https://wa.me/155507"),
        (
            "discord",
            {"application_id": "42"},
            "Add it to a server",
            "https://discord.com/oauth2/authorize?client_id=42&",
        ),
        ("zapier", {}, "", ""),
    ],
)
def test_a_live_channel_leads_to_where_people_open_it(
    channel: str, facts: dict[str, str], words: str, address: str
) -> None:
    row = Connection(channel=channel, status="success", facts=facts)
    state = ChannelState(channels.described(channel), row)
    assert state.opens == words
    assert state.address.startswith(address)
    assert bool(state.address) == bool(address)


def test_a_channel_that_was_never_used_says_what_it_is() -> None:
    (unused, *_others) = all_states([Connection(channel="telegram")])
    assert (unused.name, unused.status_words) == ("website", "Not deployed")
    assert unused.sentence == "A chat button on your own pages, and a hosted page."
    assert not any([unused.can_retry, unused.can_remove, unused.can_be_examined])
    assert unused.settings_path == "deployment.channels.website"


def test_without_a_credential_another_try_is_not_offered() -> None:
    chosen = "00000000-0000-0000-0000-000000000001"
    for config in ({}, {"bot_token": chosen}):
        failed = state_of(status=Status.ERROR, error="No credential is chosen.", config=config)
        assert failed.lacks_credential
        assert not failed.can_retry
    withdrawing = state_of(status=Status.ERROR, error="Timed out", enabled=False)
    assert withdrawing.can_retry
