"""Who the visitor is, as the site's server says in a signed token."""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING, Any

import jwt
import pytest

from channels_deploy.identity import new_secret
from conversations.models import Conversation
from tests.channels_deploy.conftest import ORIGIN
from tests.channels_deploy.test_identity import signed

if TYPE_CHECKING:
    from tests.channels_deploy.conftest import Website
    from tests.servers.model import ModelServer
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = 3600


@pytest.fixture
def secret(shop: Website, alice: Actor) -> str:
    return new_secret(alice, shop.entity)


def token(secret: str, **claims: Any) -> str:
    """What the site's server hands to its page; a claim that is None is left out."""
    now = int(time.time())
    given = {"sub": "user-7", "name": "Ana", "email": "ana@example.com", "iat": now}
    whole = given | {"exp": now + HOUR} | claims
    return jwt.encode({name: c for name, c in whole.items() if c is not None}, secret, "HS256")


def unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """A token as nobody's library would make it."""
    parts = (base64.urlsafe_b64encode(json.dumps(p).encode()).decode() for p in (header, claims))
    return ".".join((*(part.rstrip("=") for part in parts), ""))


async def refusal(shop: Website, given: str) -> dict[str, Any]:
    response = await shop.call("session", {"identity": {"identityToken": given}})
    assert response.status_code == 403
    assert response["Access-Control-Allow-Origin"] == ORIGIN
    found: dict[str, Any] = response.json()
    return found


async def test_who_a_token_names_is_believed(
    shop: Website, secret: str, parrot: ModelServer
) -> None:
    beside = {"name": "Mallory", "user_id": "user-8", "hash": "wrong"}
    await shop.open(identity=beside | {"identityToken": token(secret)})
    await shop.ask("Hello")
    conversation = await Conversation.objects.aget()
    known = {"user_id": "user-7", "name": "Ana", "email": "ana@example.com", "verified": True}
    assert conversation.visitor == known


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": None, "user_id": "user-7"},
        {"sub": None, "user_id": 7},
        {"sub": 7},
        {"iat": None, "name": None},
        {"aud": ["others", "{entity}"]},
        {"aud": "{key}"},
    ],
    ids=["user_id", "a number", "a number as sub", "the least", "for the bot", "for the key"],
)
async def test_a_token_says_it_in_any_usual_way(
    shop: Website, secret: str, claims: dict[str, Any]
) -> None:
    names = {"entity": str(shop.entity.pk), "key": shop.connection.public_key}
    if "aud" in claims:
        said = claims["aud"]
        is_list = isinstance(said, list)
        claims = {"aud": [s.format(**names) for s in said] if is_list else said.format(**names)}
    await shop.open(identity={"identityToken": token(secret, **claims)})


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"exp": None}, "until when it is good"),
        ({"exp": 4_000_000_000}, "at most 24 hours ahead"),
        ({"exp": float("inf")}, "cannot be read"),
        ({"exp": [1]}, "cannot be read"),
        ({"iat": 4_000_000_000}, "not good yet"),
        ({"sub": None}, "must name the user"),
        ({"sub": "u" * 201}, "must name the user"),
        ({"aud": "somebody"}, "for somebody else"),
        ({"aud": {"a": 1}}, "for somebody else"),
        ({"name": "A" * 5000}, "too long"),
    ],
    ids=["endless", "long", "inf", "list", "later", "nobody", "long id", "aud", "odd aud", "large"],
)
async def test_what_a_token_lacks_is_told(
    shop: Website, secret: str, claims: dict[str, Any], words: str
) -> None:
    assert words in (await refusal(shop, token(secret, **claims)))["detail"]


async def test_only_our_way_of_signing_counts(shop: Website, secret: str) -> None:
    claims = {"sub": "user-7", "exp": int(time.time()) + HOUR}
    deep = "[" * 2500
    others = [
        token("another secret of some length, at least"),
        token(secret)[:-4],
        unsigned({"alg": "none", "typ": "JWT"}, claims),
        unsigned({"alg": "nOnE"}, claims),
        jwt.encode(claims, secret, "HS512"),
        "x.y.z",
        f"{base64.urlsafe_b64encode(deep.encode()).decode().rstrip('=')}.e30.e30",
    ]
    for each in others:
        assert "identity token" in (await refusal(shop, each))["detail"]


async def test_without_a_secret_no_token_is_right(shop: Website) -> None:
    assert "no identity secret" in (await refusal(shop, token("x" * 40)))["detail"]


async def test_an_expired_token_is_refused_and_the_visitor_is_anonymous(
    shop: Website, secret: str, parrot: ModelServer
) -> None:
    old = token(secret, exp=int(time.time()) - HOUR)
    assert (await refusal(shop, old))["type"] == "urn:privexbot:problem:identity-token-expired"
    await shop.open()
    await shop.ask("Hello")
    assert (await Conversation.objects.aget()).visitor == {}


async def test_a_conversation_goes_on_after_its_token_has_expired(
    shop: Website, secret: str, parrot: ModelServer
) -> None:
    opened = await shop.open(identity={"identityToken": token(secret)})
    old = token(secret, exp=int(time.time()) - HOUR)
    again = await shop.open(identity={"identityToken": old}, token=opened["token"])
    assert again["session_id"] == opened["session_id"]
    others = token(secret, sub="user-8", exp=int(time.time()) - HOUR)
    body = {"identity": {"identityToken": others}, "token": opened["token"]}
    assert (await shop.call("session", body)).status_code == 403


async def test_another_user_s_token_begins_another_conversation(shop: Website, secret: str) -> None:
    opened = await shop.open(identity={"identityToken": token(secret)})
    given = {"identityToken": token(secret, sub="user-8")}
    other = await shop.open(identity=given, token=opened["token"])
    assert other["session_id"] != opened["session_id"]


async def test_what_nobody_vouched_for_does_not_outlive_a_token(shop: Website, secret: str) -> None:
    opened = await shop.open(identity={"user_id": "user-7"})
    old = token(secret, exp=int(time.time()) - HOUR)
    body = {"identity": {"identityToken": old}, "token": opened["token"]}
    assert (await shop.call("session", body)).status_code == 403


async def test_a_signed_user_id_alone_still_does(shop: Website, secret: str) -> None:
    await shop.open(identity=signed(secret, "user-7"))


async def test_an_empty_token_says_nothing(shop: Website, secret: str, parrot: ModelServer) -> None:
    await shop.open(identity={"identityToken": ""})
    await shop.ask("Hello")
    assert (await Conversation.objects.aget()).visitor == {}


async def test_the_secret_is_in_no_refusal(shop: Website, secret: str) -> None:
    bad = token("another secret of some length, at least")
    assert secret not in json.dumps(await refusal(shop, bad))


async def test_what_of_a_person_cannot_be_stored_is_left_out(
    shop: Website, secret: str, parrot: ModelServer
) -> None:
    odd = token(secret, name="A\ud800na", email="\0")
    await shop.open(identity={"identityToken": odd})
    await shop.ask("Hello")
    known = {"user_id": "user-7", "name": "Ana", "verified": True}
    assert (await Conversation.objects.aget()).visitor == known


@pytest.mark.parametrize("half", ["\0", "\ud800"], ids=["NUL", "half a character"])
async def test_a_user_who_cannot_be_stored_is_nobody_else(
    shop: Website, secret: str, half: str
) -> None:
    said = await refusal(shop, token(secret, sub=f"user-7{half}"))
    assert "must name the user" in said["detail"]


async def test_whoever_was_checked_is_called_nothing_that_was_not(
    shop: Website, secret: str, parrot: ModelServer
) -> None:
    """By what a visitor's browser tells before the token, after it, or by a pass from before."""
    boss = {"name": "The boss", "email": "boss@example.com"}
    checked = {"user_id": "user-7", "verified": True}
    await shop.open(identity=boss)
    await shop.ask("Hello")
    stranger = shop.token
    await shop.open(
        token=stranger, identity={"identityToken": token(secret, name=None, email=None)}
    )
    await shop.ask("It is me")
    assert (await Conversation.objects.aget()).visitor == checked
    for held in (stranger, shop.token):
        await shop.open(token=held, identity=boss)
        await shop.ask("Do as I say")
        assert (await Conversation.objects.aget()).visitor == checked
    await shop.open(token=shop.token, identity={"identityToken": token(secret, name="Ana")})
    await shop.ask("Ana it is")
    called = {"name": "Ana", "email": "ana@example.com"}
    assert (await Conversation.objects.aget()).visitor == checked | called
    await shop.open(token=shop.token, identity=boss | {"user_id": "user-7"})
    await shop.ask("I am nobody")
    claimed = boss | {"user_id": "user-7", "verified": False}
    assert (await Conversation.objects.aget()).visitor == claimed
