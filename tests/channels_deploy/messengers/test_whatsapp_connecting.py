"""A number of WhatsApp is pointed at a bot, and left alone again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from channels_deploy import by_hand, connecting, told
from channels_deploy.channels.whatsapp import WhatsApp
from channels_deploy.models import Connection
from tests.channels_deploy.messengers.conftest import on_whatsapp, values_of
from workspaces import credential_testing

if TYPE_CHECKING:
    from tests.channels_deploy.messengers.conftest import Bot
    from tests.servers.model import ModelServer
    from tests.servers.whatsapp import WhatsAppServer
    from workspaces.access import Actor

NOT_REACHABLE = "Webhook callback URL is not reachable or invalid"


def test_connecting_leads_the_accounts_messages_here(market: Bot, meta: WhatsAppServer) -> None:
    row = market.connection
    address = f"https://bots.example/webhooks/whatsapp/{market.entity.pk}/{row.path}"
    assert (meta.business.override, meta.business.is_subscribed) == (address, True)
    result = told.results(market.entity)["whatsapp"]
    assert (result["status"], result["webhook_url"]) == ("success", address)
    assert (result["phone_number"], result["verified_name"]) == (
        "+1 555-0700001",
        "Jasper's Market",
    )
    assert WhatsApp().summary(row) == "Answers on +1 555-0700001, as Jasper's Market."


def test_what_is_set_already_is_left_as_it_is(market: Bot, meta: WhatsAppServer) -> None:
    by_hand.retry(market.entity, "whatsapp")
    assert market.connect().status == "success"
    assert len(meta.called("POST")) == 1


def test_which_number_it_is_is_known_before_messages_are_led_here(
    meta: WhatsAppServer, alice: Actor
) -> None:
    meta.rule("POST", "status", status=400)
    row = on_whatsapp(alice, values_of(meta.business)).connect()
    assert (row.status, row.error) == ("error", "WhatsApp answered 400.")
    assert row.facts["phone_number_id"] == meta.business.phone_number_id


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"access_token": "EAA-wrong"}, "Invalid access token"),
        ({"access_token": "schlüssel"}, "Invalid access token"),
        ({"app_secret": "another"}, "The app secret is not that of the access token's app."),
        ({"phone_number_id": "404"}, "Object with ID '404' does not exist"),
        ({"phone_number_id": "../me"}, "does not exist"),
        ({"waba_id": "404"}, "Some of the aliases do not exist: 404"),
    ],
    ids=["token", "letters", "secret", "number", "path", "account"],
)
def test_what_is_wrong_with_a_credential_is_told(
    meta: WhatsAppServer, alice: Actor, values: dict[str, str], error: str
) -> None:
    row = on_whatsapp(alice, values_of(meta.business, **values)).connect()
    assert row.status == "error"
    assert error in row.error
    assert meta.business.token not in row.error


def test_an_app_may_insist_on_the_proof_of_its_secret(
    meta: WhatsAppServer, alice: Actor, model: ModelServer
) -> None:
    meta.business.wants_proof = True
    bot = on_whatsapp(alice, values_of(meta.business))
    assert bot.connect().status == "success"
    meta.write("Hello")
    bot.answer()
    assert [sent.text for sent in meta.sent] == ["Hello from the model."]
    connecting.sync(bot.entity, {})
    assert bot.connect().status == "disabled"
    assert not meta.business.is_subscribed
    assert {call.answered for call in meta.calls} == {200}


def test_an_expired_token_and_one_without_rights_are_told(
    meta: WhatsAppServer, alice: Actor
) -> None:
    bot = on_whatsapp(alice, values_of(meta.business))
    meta.business.has_expired = True
    assert bot.connect().error == "Invalid access token"
    meta.business.has_expired, meta.business.may = False, False
    by_hand.retry(bot.entity, "whatsapp")
    assert "The access token needs whatsapp_business_messaging" in bot.connect().error


def test_an_address_that_meta_cannot_reach_is_told(meta: WhatsAppServer, alice: Actor) -> None:
    meta.lead("https://bots.example", "http://127.0.0.1:9")
    row = on_whatsapp(alice, values_of(meta.business)).connect()
    assert (row.status, row.error) == ("error", NOT_REACHABLE)


@pytest.mark.parametrize("fault", ["status", "bad_json", "reset", "half_body", "huge"])
def test_what_may_pass_is_tried_again(meta: WhatsAppServer, alice: Actor, fault: str) -> None:
    meta.rule("subscribed_apps", fault, status=503 if fault == "status" else 0, nth=2)  # type: ignore[arg-type]
    bot = on_whatsapp(alice, values_of(meta.business))
    row = bot.connect()
    assert (row.status, row.attempts) == ("pending", 1)
    assert row.error.startswith("WhatsApp")
    Connection.objects.update(lease_until=None)
    assert bot.connect().status == "success"


def test_metas_request_limit_is_waited_for(meta: WhatsAppServer, alice: Actor) -> None:
    meta.refuse(4, "subscribed_apps", nth=1)
    row = on_whatsapp(alice, values_of(meta.business)).connect()
    assert (row.status, row.error) == ("pending", "Application request limit reached")


def test_two_bots_do_not_share_a_number(market: Bot, meta: WhatsAppServer, alice: Actor) -> None:
    second = on_whatsapp(alice, values_of(meta.business)).connect()
    assert (second.status, second.error) == (
        "error",
        "+1 555-0700001 answers for another bot already. Use another number.",
    )
    assert meta.business.override == market.connection.facts["webhook_url"]


def test_two_bots_do_not_share_a_business_account(
    market: Bot, meta: WhatsAppServer, alice: Actor
) -> None:
    market.connection.facts["phone_number_id"] = "1"
    market.connection.save()
    second = on_whatsapp(alice, values_of(meta.business)).connect()
    assert "Another bot answers on +1 555-0700001, of the same business account" in second.error


def test_withdrawing_ends_the_subscription(market: Bot, meta: WhatsAppServer) -> None:
    connecting.sync(market.entity, {})
    assert market.connect().status == "disabled"
    assert not meta.business.is_subscribed


def test_withdrawing_leaves_alone_what_is_not_ours(market: Bot, meta: WhatsAppServer) -> None:
    meta.business.override = "https://another.example/hook"
    connecting.sync(market.entity, {})
    assert market.connect().status == "disabled"
    assert meta.business.is_subscribed


@pytest.mark.parametrize("code", [190, 803])
def test_where_meta_knows_nothing_of_us_there_is_nothing_to_undo(
    market: Bot, meta: WhatsAppServer, code: int
) -> None:
    meta.refuse(code, "subscribed_apps")
    connecting.sync(market.entity, {})
    row = market.connect()
    assert (row.status, row.error) == ("disabled", "")


def test_a_credential_is_tried(market: Bot, meta: WhatsAppServer, alice: Actor) -> None:
    stored = alice.workspace.credentials.get(kind="whatsapp")
    tested = credential_testing.test(alice, stored)
    assert tested.ok
    words = "WhatsApp takes the access token, for +1 555-0700001 (Jasper's Market)."
    assert tested.message == words
    meta.business.has_expired = True
    tested = credential_testing.test(alice, stored)
    assert (tested.ok, tested.message) == (False, "Invalid access token")
