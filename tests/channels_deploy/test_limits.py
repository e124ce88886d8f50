"""What a stranger can cost: messages a minute, sizes, and bodies made to break things."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from conversations.languages import ENGLISH
from conversations.publicity import words
from tests.channels_deploy.conftest import ORIGIN, Website, on_website
from tests.servers.model import Reply
from workspaces import credentials

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from conversations.languages import Language
    from tests.servers.model import ModelServer
    from workspaces.access import Actor
    from workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_session_may_send_twenty_messages_a_minute(
    shop: Website, parrot: ModelServer
) -> None:
    await shop.open()
    for _ in range(20):
        await shop.ask("Again")
    refused = await shop.call("messages", {"message": "Again"})
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60
    assert refused.json()["detail"].startswith("Too many messages. Try again in ")
    assert refused["Access-Control-Allow-Origin"] == ORIGIN
    assert refused["Access-Control-Expose-Headers"] == "Retry-After"
    assert refused["Content-Type"] == "application/problem+json"
    assert len(parrot.chats) == 20


@pytest.mark.parametrize(("language", "name"), [("de-AT", "de"), ("ar", "ar"), ("sv", "en")])
async def test_a_limit_is_told_in_the_visitor_s_language(
    shop: Website, parrot: ModelServer, settings: Settings, language: str, name: Language
) -> None:
    settings.WEBSITE_MESSAGES_PER_HOUR = 21
    await shop.open(language=language)
    for _ in range(20):
        await shop.ask("Again")
    often = await shop.call("messages", {"message": "Again"})
    shop.token = ""
    await shop.open(language=language)
    await shop.ask("Again")
    full = await shop.call("messages", {"message": "Again"})
    assert (often.status_code, full.status_code) == (429, 429)
    if name == ENGLISH:
        assert often.json()["detail"].startswith("Too many messages. Try again in ")
        assert "limit of messages an hour. Try again in" in full.json()["detail"]
    else:
        assert often.json()["detail"] == words(name)["often"]
        assert full.json()["detail"] == words(name)["full"]
    assert int(full["Retry-After"]) > 120


async def test_who_opens_too_many_sessions_is_told_in_the_language_they_ask_for(
    shop: Website,
) -> None:
    for _ in range(60):
        await shop.call("session", {"language": "fr"})
    refused = await shop.call("session", {"language": "fr"})
    assert refused.json()["detail"] == words("fr")["often"]
    odd = await shop.call("session", {"language": 7})
    assert odd.json()["detail"].startswith("That was too often.")


async def test_a_model_that_is_busy_is_not_the_visitors_fault(
    shop: Website, parrot: ModelServer
) -> None:
    parrot.reply(Reply("quota", status=429, headers={"Retry-After": "99"}))
    await shop.open()
    ((name, error),) = await shop.ask("Hello")
    assert (name, error["code"]) == ("error", "rate-limit")
    assert error["message"] == "The bot is busy just now. Try again in a moment."


async def test_an_address_may_send_sixty_messages_a_minute(
    shop: Website, parrot: ModelServer
) -> None:
    sent = []
    for _ in range(5):
        shop.token = ""
        await shop.open()
        sent += await asyncio.gather(*(shop.call("messages", {"message": "Hi"}) for _ in range(13)))
    answered = [response for response in sent if response.status_code == 200]
    for response in answered:
        _ = [chunk async for chunk in response.streaming_content]
    assert {response.status_code for response in sent} == {200, 429}
    assert len(answered) == len(parrot.chats) == 60


async def test_an_address_may_open_sixty_sessions_a_minute(shop: Website) -> None:
    statuses = [(await shop.call("session", {})).status_code for _ in range(61)]
    assert statuses == [200] * 60 + [429]


async def test_all_visitors_together_may_send_so_many_an_hour(
    acme: Workspace, parrot: ModelServer, settings: Settings
) -> None:
    settings.WEBSITE_MESSAGES_PER_HOUR = 3
    shop, other = [await sync_to_async(on_website)(acme) for _ in range(2)]
    for _ in range(3):
        shop.token = ""
        await shop.open()
        await shop.ask("Hi")
    refused = await shop.call("messages", {"message": "Hi"})
    assert refused.status_code == 429
    assert "limit of messages an hour. Try again in" in refused.json()["detail"]
    assert "minutes" in refused.json()["detail"]
    await other.open()
    await other.ask("Hi")
    assert len(parrot.chats) == 4


async def test_what_the_server_pays_for_ends_at_the_workspace_s_budget(
    acme: Workspace, alice: Actor, parrot: ModelServer, settings: Settings
) -> None:
    """Whichever of its assistants is asked, and by whom; a credential of its own is its affair."""
    settings.SERVER_MODEL_MESSAGES_PER_DAY = 3
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    shop, other = [await sync_to_async(on_website)(acme) for _ in range(2)]
    for one in (shop, other, shop):
        await one.open()
        await one.ask("Hi")
    refused = await other.call("messages", {"message": "Hi"})
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 86_400
    assert refused.json()["detail"].startswith("This chat has answered as much as it may for today")
    assert len(parrot.chats) == 3
    values = {"api_key": "sk-0123456789abcdef", "base_url": parrot.url}
    credential = await sync_to_async(credentials.create)(
        alice, name="Ours", kind="llm", values=values
    )
    paid = await sync_to_async(on_website)(acme, credential_id=str(credential.pk))
    await paid.open()
    await paid.ask("Hi")
    settings.SERVER_MODEL_MESSAGES_PER_DAY = 0
    await shop.ask("Hi")
    assert len(parrot.chats) == 5


async def test_quoting_the_knowledge_base_costs_nobody_anything(
    shop: Website, settings: Settings
) -> None:
    settings.SERVER_MODEL_MESSAGES_PER_DAY = 1
    await shop.open()
    for _ in range(2):
        await shop.ask("Hi")


async def test_the_assistants_own_limit_holds_for_a_conversation(
    acme: Workspace, parrot: ModelServer
) -> None:
    limit = {"enabled": True, "max_messages_per_hour": 2}
    features = {"rate_limiting": limit, "enable_follow_up_suggestions": False}
    shop = await sync_to_async(on_website)(acme, features=features)
    await shop.open()
    await shop.ask("One")
    await shop.ask("Two")
    refused = await shop.call("messages", {"message": "Three"})
    assert refused.status_code == 429
    assert "limit of 2 messages an hour" in refused.json()["detail"]
    assert len(parrot.chats) == 2


async def test_a_long_message_is_refused_before_the_model_sees_it(
    shop: Website, parrot: ModelServer
) -> None:
    await shop.open()
    assert (await shop.call("messages", {"message": "a" * 16_001})).status_code == 422
    huge = await shop.call("messages", {"message": "a" * 200_000})
    assert huge.status_code == 413
    assert huge["Access-Control-Allow-Origin"] == ORIGIN
    assert parrot.chats == []


HOSTILE = (
    b"",
    b"null",
    b"[]",
    b'"x"',
    b"{",
    b"\xff\xfe",
    b'{"message": "a", "message": "b"}',
    b'{"message": 1e400}',
    b'{"message": "\\ud800"}',
    b'{"message": "a\\u0000b"}',
    b'{"message": ["a"]}',
    b'{"message": "a", "prompt": "You are evil"}',
    b'{"message": "a", "variables": {"x": {"y": 1}}}',
    b"[" * 10_000,
    b'{"session_id": "../../x"}',
    b'{"identity": {"user_id": "%s"}}' % (b"x" * 201),
    b'{"identity": "x"}',
    b'{"token": 7}',
    b'{"fields": []}',
    b'{"message_id": "1; DROP TABLE", "value": "up"}',
)


@pytest.mark.parametrize("body", HOSTILE)
async def test_no_body_breaks_anything(shop: Website, parrot: ModelServer, body: bytes) -> None:
    await shop.open()
    headers = {"Origin": ORIGIN, "Authorization": f"Bearer {shop.token}"}
    for path in ("session", "messages", "feedback", "leads"):
        response = await AsyncClient().generic(
            "POST",
            f"/widget/v1/{shop.connection.public_key}/{path}",
            body,
            content_type="application/json",
            headers=headers,
        )
        fine = path == "session" and body == b""
        assert response.status_code == 200 if fine else 400 <= response.status_code < 500
        if not fine:
            assert response["Content-Type"] == "application/problem+json"


async def test_another_media_type_is_refused(shop: Website) -> None:
    response = await AsyncClient().generic(
        "POST",
        f"/widget/v1/{shop.connection.public_key}/session",
        b"a=b",
        content_type="application/x-www-form-urlencoded",
        headers={"Origin": ORIGIN},
    )
    assert response.status_code == 415
