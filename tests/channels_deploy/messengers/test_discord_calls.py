"""Who calls as Discord, and what else Discord calls about."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from channels_deploy.models import Inbound
from tests.servers.discord_payloads import asked, interaction, pressed

if TYPE_CHECKING:
    from tests.channels_deploy.messengers.conftest import Bot
    from tests.servers.discord import DiscordServer
    from tests.servers.discord_forms import Json
    from tests.support.live import Live

SIGNATURE, TIMESTAMP = "X-Signature-Ed25519", "X-Signature-Timestamp"


def body_of(discord: DiscordServer, **changes: Any) -> Json:
    made = interaction(discord.app.id, asked("Hello"), "7", "1", is_users_app=False)
    return made | changes


def post(
    bot: Bot, live: Live, discord: DiscordServer, body: bytes | Json, **headers: str | None
) -> httpx.Response:
    """A call that is signed well, but for these ``headers``; None leaves one out."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = discord.app.signed(content, str(int(time.time())))
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    sent = {name: value for name, value in (given | changed).items() if value is not None}
    url = f"{live.url}/webhooks/discord/{bot.entity.pk}/{bot.connection.path}"
    return httpx.post(url, content=content, headers=sent)


def test_a_call_that_is_signed_well_is_taken(
    discord_bot: Bot, discord: DiscordServer, live: Live
) -> None:
    answer = post(discord_bot, live, discord, body_of(discord))
    assert (answer.status_code, answer.json()) == (200, {"type": 5})
    assert answer.headers["content-type"] == "application/json"


BAD_HEADERS: dict[str, dict[str, str | None]] = {
    "no-signature": {SIGNATURE: None},
    "no-timestamp": {TIMESTAMP: None},
    "neither": {SIGNATURE: None, TIMESTAMP: None},
    "empty": {SIGNATURE: ""},
    "zeros": {SIGNATURE: "0" * 128},
    "short": {SIGNATURE: "ab"},
    "long": {SIGNATURE: "ab" * 65},
    "odd": {SIGNATURE: "a" * 127},
    "no-hex": {SIGNATURE: "z" * 128},
    "another-time": {TIMESTAMP: "1700000000"},
    "no-time": {TIMESTAMP: "soon"},
}


@pytest.mark.parametrize("headers", BAD_HEADERS.values(), ids=BAD_HEADERS.keys())
def test_a_call_that_is_signed_badly_is_refused(
    discord_bot: Bot, discord: DiscordServer, live: Live, headers: dict[str, str | None]
) -> None:
    answer = post(discord_bot, live, discord, body_of(discord), **headers)
    assert answer.status_code == 401
    assert answer.json()["status"] == 401
    assert not Inbound.objects.exists()


def test_one_changed_byte_is_refused(discord_bot: Bot, discord: DiscordServer, live: Live) -> None:
    body = json.dumps(body_of(discord)).encode()
    signed = discord.app.signed(body, str(int(time.time())))
    answer = post(discord_bot, live, discord, body.replace(b"Hello", b"Hallo"), **signed)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "timestamp",
    ["", "soon", "1700000000", "9" * 5000, "-1"],
    ids=["none", "words", "years-ago", "long", "negative"],
)
def test_a_signed_time_that_is_none_or_long_ago_is_refused(
    discord_bot: Bot, discord: DiscordServer, live: Live, timestamp: str
) -> None:
    body = json.dumps(body_of(discord)).encode()
    signature = discord.app.key.sign(timestamp.encode() + body).hex()
    headers = {SIGNATURE: signature, TIMESTAMP: timestamp}
    assert post(discord_bot, live, discord, body, **headers).status_code in {400, 401}
    assert not Inbound.objects.exists()


def test_another_application_is_refused(
    discord_bot: Bot, discord: DiscordServer, live: Live
) -> None:
    other = discord.application("Other")
    by_another_key = discord.interact(asked("Hello"), app=other, to=discord.app.endpoint or "")
    in_the_name_of_another = body_of(discord, application_id=other.id)
    assert by_another_key.attempt.status == 401
    assert post(discord_bot, live, discord, in_the_name_of_another).status_code == 401


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"type":2}', b"\xff"], ids=range(6))
def test_what_is_signed_and_is_no_interaction_is_a_bad_request(
    discord_bot: Bot, discord: DiscordServer, live: Live, body: bytes
) -> None:
    answer = post(discord_bot, live, discord, body)
    assert answer.status_code == 400
    assert answer.json()["title"] == "Malformed request"


CHANGES: dict[str, Json] = {
    "an-unknown-type": {"type": 99},
    "type-no-number": {"type": "two"},
    "nobody": {"member": None, "user": None},
    "no-token": {"token": ""},
    "data-no-object": {"data": [1]},
    "options-no-list": {"data": {"name": "ask", "options": 1}},
    "id-no-text": {"id": {"$gt": 1}},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_an_interaction_of_another_form_is_a_bad_request(
    discord_bot: Bot, discord: DiscordServer, live: Live, change: Json
) -> None:
    answer = post(discord_bot, live, discord, body_of(discord, **change))
    assert answer.status_code == 400
    assert not Inbound.objects.exists()


def test_an_interaction_that_comes_again_is_kept_once(
    discord_bot: Bot, discord: DiscordServer
) -> None:
    made = discord.interact(asked("Hello"))
    assert [discord.replay(made).json for _ in range(5)] == [{"type": 5}] * 5
    assert Inbound.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"data": {"name": "weather", "type": 1}}, "This bot answers /ask and nothing else."),
        ({"data": {"name": "ask", "type": 3}}, "This bot answers /ask and nothing else."),
        ({"type": 5}, "This form is not used any more. Write with /ask."),
    ],
    ids=["another-command", "a-menu", "a-form"],
)
def test_what_we_do_not_offer_is_told_to_the_person_alone(
    discord_bot: Bot, discord: DiscordServer, live: Live, changes: Json, told: str
) -> None:
    answer = post(discord_bot, live, discord, body_of(discord, **changes)).json()
    assert (answer["type"], answer["data"]["content"], answer["data"]["flags"]) == (4, told, 64)
    assert not Inbound.objects.exists()


def test_while_somebody_types_nothing_is_suggested(
    discord_bot: Bot, discord: DiscordServer, live: Live
) -> None:
    answer = post(discord_bot, live, discord, body_of(discord, type=4)).json()
    assert answer == {"type": 8, "data": {"choices": []}}


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (
            {"components": [{"components": [{"custom_id": "a1", "label": "The red one"}]}]},
            "The red one",
        ),
        ({"components": []}, "a1"),
        ({"components": [{"components": [{"custom_id": "b"}, 7]}]}, "a1"),
    ],
    ids=["labelled", "without", "odd"],
)
def test_a_button_says_what_is_on_it(
    discord_bot: Bot, discord: DiscordServer, live: Live, message: Json, text: str
) -> None:
    changes = {"type": 3, "data": pressed("a1"), "message": message}
    assert post(discord_bot, live, discord, body_of(discord, **changes)).status_code == 200
    assert Inbound.objects.get().text == text


def test_the_address_needs_its_secret_part_or_none(
    discord_bot: Bot, discord: DiscordServer
) -> None:
    plain = f"https://bots.example/webhooks/discord/{discord_bot.entity.pk}"
    assert discord.interact(asked("One"), to=plain).attempt.status == 200
    assert discord.interact(asked("Two"), to=f"{plain}/wrong").attempt.status == 404
    assert discord.interact(asked("Three"), to=f"{plain}").attempt.status == 200


def test_a_signature_is_refused_whatever_the_method(discord_bot: Bot, live: Live) -> None:
    url = f"{live.url}/webhooks/discord/{discord_bot.entity.pk}"
    assert httpx.get(url).status_code == 401
    assert httpx.put(url).status_code == 405


def test_the_token_of_an_interaction_is_shown_nowhere(
    discord_bot: Bot, discord: DiscordServer, caplog: pytest.LogCaptureFixture
) -> None:
    discord.rule("@original", "status", status=404, body={"message": "Gone", "code": 10015})
    made = discord.interact(asked("Hello"))
    discord_bot.answer()
    assert made.token not in caplog.text
    assert made.token not in discord_bot.outbound[0].error
    assert made.token not in json.dumps(discord_bot.outbound[0].chat.address)
