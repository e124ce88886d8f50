"""Which pages may talk to an assistant, and what their browsers are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings

from channels_deploy import connecting
from channels_deploy.door import is_own
from tests.channels_deploy.conftest import ORIGIN, Website, on_website
from tests.servers.model import Reply

if TYPE_CHECKING:
    from tests.servers.model import ModelServer
    from workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)

ADMITTED = (
    "https://shop.example",
    "https://SHOP.example",
    "https://shop.example:8443",
    "https://www.shop.example",
    "https://a.b.shop.example",
)
REFUSED = (
    "http://shop.example",
    "https://evilshop.example",
    "https://shop.example.evil.io",
    "https://shop.example@evil.io",
    "https://evil.io/https://shop.example",
    "https://evil.io#shop.example",
    "https://sh\u043ep.example".encode().decode("latin-1"),
    "https://shop-example",
    "file://shop.example",
    "null",
    "shop.example",
    "https://",
)


@pytest.mark.parametrize("origin", ADMITTED)
async def test_an_allowed_page_may_open_a_session(shop: Website, origin: str) -> None:
    shop.origin = origin
    response = await shop.call("session", {})
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == origin


@pytest.mark.parametrize("origin", REFUSED)
async def test_any_other_page_may_not(shop: Website, origin: str) -> None:
    shop.origin = origin
    for method in ("POST", "OPTIONS"):
        response = await shop.call("session", {}, method)
        assert response.status_code == 403
        assert response["Content-Type"] == "application/problem+json"
        _tells_nothing(response)


def _tells_nothing(response: Any) -> None:
    assert "Access-Control-Allow-Origin" not in response
    assert "Origin" in response["Vary"]


@pytest.mark.parametrize("path", ["session", "messages", "feedback", "leads"])
async def test_every_address_asks_where_the_call_comes_from(shop: Website, path: str) -> None:
    await shop.open()
    for origin in (None, "https://evil.io"):
        shop.origin = origin
        response = await shop.call(path, {})
        assert response.status_code == 403
        _tells_nothing(response)


async def test_a_browser_is_told_in_advance(shop: Website) -> None:
    response = await shop.call("messages", method="OPTIONS")
    assert response.status_code == 204
    assert response["Access-Control-Allow-Origin"] == ORIGIN
    assert response["Access-Control-Allow-Methods"] == "POST"
    assert response["Access-Control-Allow-Headers"] == "authorization, content-type"
    assert response["Access-Control-Max-Age"] == "600"


async def test_every_answer_is_shared_with_the_page_and_never_its_cookies(
    shop: Website, parrot: ModelServer
) -> None:
    parrot.reply(Reply("Hello."))
    opened = await shop.call("session", {})
    wrong = await shop.call("session", {"surprise": 1})
    unauthenticated = await shop.call("messages", {"message": "Hi"})
    await shop.open()
    streamed = await shop.call("messages", {"message": "Hi"})
    unknown = await shop.call("feedback", {"message_id": "x", "value": "up"})
    _ = [chunk async for chunk in streamed.streaming_content]
    answers = (opened, wrong, unauthenticated, streamed, unknown)
    assert [a.status_code for a in answers] == [200, 422, 401, 200, 404]
    for answer in answers:
        assert answer["Access-Control-Allow-Origin"] == ORIGIN
        assert "Origin" in answer["Vary"]
        assert "Access-Control-Allow-Credentials" not in answer
        assert not answer.cookies


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        ("https://evil.io", "evil.io may not show the chat. In the builder, add it to"),
        ("http://shop.example", "shop.example may show the chat over https only."),
        ("null", "A page without a domain, such as a file, cannot show the chat."),
    ],
)
async def test_any_page_may_read_why_it_is_refused(shop: Website, origin: str, words: str) -> None:
    shop.origin = origin
    response = await shop.call("reason", method="GET")
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == "no-store"
    assert response.json()["detail"].startswith(words)
    assert (await shop.call("reason", {})).status_code == 405


async def test_an_admitted_page_has_no_reason_to_read(shop: Website) -> None:
    assert (await shop.call("reason", method="GET")).json() == {"detail": None}


async def test_an_empty_list_disables_the_widget_and_says_so(acme: Workspace) -> None:
    shop = await sync_to_async(on_website)(acme, domains=[])
    response = await shop.call("session", {})
    assert response.status_code == 403
    assert "no domain is allowed" in response.json()["detail"]


async def test_the_hosted_page_needs_no_entry(acme: Workspace) -> None:
    shop = await sync_to_async(on_website)(acme, domains=[])
    shop.origin = settings.PUBLIC_URL
    assert (await shop.call("session", {})).status_code == 200


def test_the_own_origin_goes_by_any_name_of_this_machine_and_no_other(settings: Any) -> None:
    settings.PUBLIC_URL = "http://localhost:8000"
    assert is_own("http://localhost:8000")
    assert is_own("http://127.0.0.1:8000")
    assert not is_own("http://127.0.0.1:8001")
    assert not is_own("https://localhost:8000")
    settings.PUBLIC_URL = "https://bot.example"
    assert is_own("https://bot.example")
    assert not is_own("https://bot.example.evil.io")
    assert not is_own("http://bot.example")
    assert not is_own("https://bot.example:bad")


async def test_a_change_is_in_force_with_the_next_message(
    shop: Website, parrot: ModelServer
) -> None:
    await shop.open()
    await shop.ask("Hello")
    sync = sync_to_async(connecting.sync)
    await sync(shop.entity, {"website": {"allowed_domains": ["other.example"]}})
    assert (await shop.call("messages", {"message": "Hi"})).status_code == 403
    await sync(shop.entity, {})
    assert (await shop.call("messages", {"message": "Hi"})).status_code == 404


async def test_a_deleted_assistant_answers_nobody(shop: Website) -> None:
    await shop.open()
    await sync_to_async(connecting.withdraw)(shop.entity.pk)
    assert (await shop.call("messages", {"message": "Hi"})).status_code == 404


async def test_only_posts_are_answered(shop: Website) -> None:
    for method in ("GET", "PUT", "DELETE"):
        response = await shop.call("session", method=method)
        assert response.status_code == 405
        assert response["Content-Type"] == "application/problem+json"


async def test_an_unknown_key_is_nothing(shop: Website) -> None:
    shop.connection.public_key = "pk_unknown"
    response = await shop.call("session", {})
    assert response.status_code == 404
    _tells_nothing(response)
