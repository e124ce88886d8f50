"""Who the visitor is: what the site's server signed is believed, nothing else."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async

from channels_deploy import examining
from channels_deploy.health import health_of
from channels_deploy.identity import has_secret, new_secret
from conversations.models import Conversation
from tests.channels_deploy.conftest import ORIGIN, Website, on_website
from workspaces.models import AuditEntry

if TYPE_CHECKING:
    from tests.servers.model import ModelServer
    from workspaces.access import Actor
    from workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)


def signed(secret: str, user_id: str) -> dict[str, str]:
    """What the site's server hands to its page."""
    return {
        "user_id": user_id,
        "hash": hmac.new(secret.encode(), user_id.encode(), "sha256").hexdigest(),
    }


async def test_who_the_site_signs_for_is_believed(
    shop: Website, alice: Actor, parrot: ModelServer
) -> None:
    secret = await sync_to_async(new_secret)(alice, shop.entity)
    await shop.open(identity=signed(secret, "user-7") | {"name": "Ana"})
    await shop.ask("Hello")
    conversation = await Conversation.objects.aget()
    assert conversation.visitor == {"user_id": "user-7", "name": "Ana", "verified": True}


async def test_a_wrong_signature_is_refused_and_none_is_noted(
    shop: Website, alice: Actor, parrot: ModelServer
) -> None:
    secret = await sync_to_async(new_secret)(alice, shop.entity)
    for identity in (
        signed(secret, "user-7") | {"user_id": "user-8"},
        {"user_id": "u", "hash": "ä"},
        {"user_id": "", "hash": "0" * 64},
    ):
        response = await shop.call("session", {"identity": identity})
        assert response.status_code == 403
        assert response["Access-Control-Allow-Origin"] == ORIGIN
    await shop.open(identity={"user_id": "user-8"})
    await shop.ask("Hello")
    assert (await Conversation.objects.aget()).visitor == {"user_id": "user-8", "verified": False}


async def test_without_a_secret_no_signature_is_right(shop: Website) -> None:
    for guess in ("", str(shop.connection.pk)):
        response = await shop.call("session", {"identity": signed(guess or "x", "user-7")})
        assert response.status_code == 403
    empty = hmac.new(b"", b"user-7", "sha256").hexdigest()
    response = await shop.call("session", {"identity": {"user_id": "user-7", "hash": empty}})
    assert response.status_code == 403


async def test_a_new_secret_voids_the_old_one_and_is_on_record(shop: Website, alice: Actor) -> None:
    assert not await sync_to_async(has_secret)(shop.entity)
    old = await sync_to_async(new_secret)(alice, shop.entity)
    assert await sync_to_async(has_secret)(shop.entity)
    new = await sync_to_async(new_secret)(alice, shop.entity)
    refused = await shop.call("session", {"identity": signed(old, "user-7")})
    assert refused.status_code == 403
    assert (await shop.call("session", {"identity": signed(new, "user-7")})).status_code == 200
    entries = AuditEntry.objects.filter(action__startswith="identity_secret").order_by("pk")
    found = [(entry.action, entry.by, str(entry.details)) async for entry in entries]
    assert [action for action, _by, _details in found] == [
        "identity_secret.made",
        "identity_secret.replaced",
    ]
    assert {by for _action, by, _details in found} == {alice.identity}
    assert not any(secret in str(found) for secret in (old, new))


def test_a_new_secret_leaves_what_was_found_of_the_channel(shop: Website, alice: Actor) -> None:
    found = examining.check(shop.entity, "website")
    for _time in range(2):
        new_secret(alice, shop.entity)
        shop.connection.refresh_from_db()
        assert health_of(shop.connection) == found


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"identity": {}}, "Say who the visitor is"),
        ({"identity": {"userId": "user-7"}}, "Say who the visitor is"),
        ({"identity": {"user_id": "u" * 3000}}, "user_id and hash have at most 200 characters."),
        ({"identity": {}, "variables": {"visitor_name": "A" * 20_000}}, "at most 2,000 characters"),
        ({"variables": {"visitor_name": {"first": "Ana"}}}, "Give a text, a number, true or false"),
    ],
    ids=["nothing", "misspelt", "a long id", "a long variable", "a variable in parts"],
)
async def test_what_the_page_s_author_can_mend_is_refused_in_plain_words(
    shop: Website, body: dict[str, Any], words: str
) -> None:
    refused = await shop.call("session", body)
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert "items" not in refused.content.decode()


async def test_variables_alone_are_told_too(acme: Workspace, parrot: ModelServer) -> None:
    plan = {"name": "seats", "type": "number", "required": True, "collect_before_chat": True}
    shop = await sync_to_async(on_website)(acme, variables=[plan])
    wrong = await shop.call("session", {"identity": {}, "variables": {"seats": "many"}})
    assert wrong.json()["detail"] == "These variables are not valid: seats."
    opened = await shop.open(identity={}, variables={"seats": 3, "unknown": "x"})
    assert opened["collect_needed"] is False
    assert (await shop.open())["collect_needed"] is True


async def test_what_a_page_tells_beside_it_keeps_nobody_out(
    shop: Website, parrot: ModelServer
) -> None:
    odd = {"user_id": 42, "name": None, "email": ["x"], "plan": "gold", "company": {"id": 1}}
    await shop.open(identity=odd | {"name": "A" * 300})
    await shop.ask("Hello")
    visitor = (await Conversation.objects.aget()).visitor
    assert visitor == {"user_id": "42", "name": "A" * 200, "verified": False}
