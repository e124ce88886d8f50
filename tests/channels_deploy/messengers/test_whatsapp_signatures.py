"""What Meta asks and posts is believed when it is proved."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from channels_deploy.channels.whatsapp import WhatsApp
from channels_deploy.messenger import Call, NotAuthenticError
from tests.servers.whatsapp_payloads import (
    as_bytes,
    event,
    of_messages,
    signature,
    text,
)
from workspaces import credentials

if TYPE_CHECKING:
    from tests.channels_deploy.messengers.conftest import Bot
    from tests.servers.whatsapp import WhatsAppServer
    from workspaces.access import Actor

HEADER = "X-Hub-Signature-256"


def address(bot: Bot) -> str:
    return f"/webhooks/whatsapp/{bot.entity.pk}/{bot.connection.path}"


def ask(bot: Bot, **query: str) -> Any:
    known = {
        "hub.mode": "subscribe",
        "hub.challenge": "1158201444",
        "hub.verify_token": bot.connection.webhook_secret,
    }
    given = {**known, **{name.replace("_", ".", 1): value for name, value in query.items()}}
    return Client().get(address(bot), given)


def post(bot: Bot, body: bytes, signed: str) -> Any:
    headers = {HEADER: signed} if signed else {}
    kind = "application/json"
    return Client().post(address(bot), body, content_type=kind, headers=headers)


def hello(meta: WhatsAppServer) -> bytes:
    value = of_messages(meta.business.metadata, [meta.message(text("Hello"))])
    return as_bytes(event(meta.business.waba_id, [value], "messages"))


def test_metas_question_is_answered_as_it_was_asked(market: Bot) -> None:
    answer = ask(market)
    assert (answer.status_code, answer.content) == (200, b"1158201444")
    assert answer["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    "query",
    [
        {"hub_verify_token": "wrong"},
        {"hub_verify_token": "schlüssel"},
        {"hub_mode": "unsubscribe"},
        {"hub_challenge": "<script>alert(1)</script>"},
        {"hub_challenge": "1" * 101},
        {"hub_challenge": "١٢٣"},
        {"hub_challenge": ""},
    ],
    ids=["token", "letters", "mode", "page", "long", "arabic", "none"],
)
def test_a_question_that_is_not_metas_is_refused(market: Bot, query: dict[str, str]) -> None:
    assert ask(market, **query).status_code == 403


def test_what_is_not_signed_as_meta_signs_is_refused(market: Bot, meta: WhatsAppServer) -> None:
    body = hello(meta)
    right = signature(meta.business.app_secret, body)
    sha1 = hmac.new(meta.business.app_secret.encode(), body, hashlib.sha1).hexdigest()
    wrong = [
        "",
        right.removeprefix("sha256="),
        f"sha1={sha1}",
        right.upper(),
        right[:-1],
        right.replace("sha256=", "sha256=é"),
        signature("another secret", body),
        signature("", body),
        signature(meta.business.app_secret, body + b" "),
    ]
    assert [post(market, body, each).status_code for each in wrong] == [401] * len(wrong)
    assert not market.inbound
    assert post(market, body, right).status_code == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff"], ids=["none", "half", "list", "bytes"])
def test_a_malformed_body_is_refused_by_its_signature_first(
    market: Bot, meta: WhatsAppServer, body: bytes
) -> None:
    assert post(market, body, "sha256=0").status_code == 401
    right = signature(meta.business.app_secret, body)
    assert post(market, body, right).status_code == 400


def test_without_a_secret_nothing_is_believed(market: Bot, meta: WhatsAppServer) -> None:
    body = hello(meta)
    call = Call("POST", {HEADER.lower(): signature("", body)}, {}, body)
    with pytest.raises(NotAuthenticError):
        WhatsApp().check(market.connection, {"app_secret": ""}, call)


def test_a_credential_that_is_gone_makes_meta_come_again(
    market: Bot, meta: WhatsAppServer, alice: Actor
) -> None:
    credentials.delete(alice, alice.workspace.credentials.get(kind="whatsapp"))
    body = hello(meta)
    right = signature(meta.business.app_secret, body)
    assert post(market, body, right).status_code == 503


def test_another_bots_address_is_not_there(market: Bot) -> None:
    assert Client().get(f"{address(market)}x").status_code == 404
