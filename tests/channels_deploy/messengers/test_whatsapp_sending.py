"""Answers on WhatsApp: in its own form, once, and what became of them."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from channels_deploy import service
from channels_deploy.answering import going_on, sending
from channels_deploy.answering.leases import Lease
from channels_deploy.channels.whatsapp.channel import WhatsApp
from channels_deploy.models import Chat, Connection, Outbound
from tests.servers.whatsapp_forms import refusal
from tests.servers.whatsapp_payloads import PERSON

if TYPE_CHECKING:
    from tests.channels_deploy.messengers.conftest import Bot
    from tests.servers.model import ModelServer
    from tests.servers.whatsapp import WhatsAppServer

CLOSED = (
    "WhatsApp takes no answer later than 24 hours after the person last wrote. They have to write "
    "again first."
)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited before a part was sent again; nobody waits."""
    asked: list[float] = []

    async def sleep(seconds: float) -> None:
        asked.append(seconds)

    real = asyncio.sleep
    stand_in = type("Asyncio", (), {"sleep": staticmethod(sleep), "to_thread": asyncio.to_thread})
    monkeypatch.setattr(sending, "asyncio", stand_in)
    assert asyncio.sleep is real
    return asked


def outcome(bot: Bot) -> list[tuple[str, str]]:
    return [(row.status, row.error) for row in bot.outbound]


def test_a_message_is_read_and_somebody_types(market: Bot, meta: WhatsAppServer) -> None:
    meta.rule("/messages", "status", status=400, nth=2)
    meta.write("Hello")
    market.answer()
    assert meta.read == [market.inbound[0].external_id]
    assert meta.typing == {PERSON}


def test_an_answer_goes_out_as_meta_wants_it(
    market: Bot, meta: WhatsAppServer, model: ModelServer
) -> None:
    model.reply("Three days.")
    meta.write("How long?")
    market.answer()
    row = Outbound.objects.get()
    assert meta.sent[0].body == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": PERSON,
        "type": "text",
        "text": {"body": "Three days.", "preview_url": False},
        "biz_opaque_callback_data": str(row.pk),
    }
    assert (row.status, row.external_id) == ("sent", meta.sent[0].id)


def test_a_long_answer_goes_out_in_parts(
    market: Bot, meta: WhatsAppServer, model: ModelServer
) -> None:
    said = " ".join(f"word{n}" for n in range(1200))
    model.reply(said)
    meta.write("Tell me everything")
    market.answer()
    assert len(meta.sent) > 1
    assert " ".join(sent.text for sent in meta.sent) == said


# What became of it


def test_reports_say_what_became_of_a_part(
    market: Bot, meta: WhatsAppServer, model: ModelServer
) -> None:
    meta.write("Hello")
    market.answer()
    (sent,) = meta.sent
    for told, kept in (("delivered", "delivered"), ("sent", "delivered"), ("read", "read")):
        meta.report(sent, told)
        assert Outbound.objects.get().status == kept
    meta.report(sent, "delivered")
    assert Outbound.objects.get().status == "read"


def test_a_part_that_fails_afterwards_says_why_for_good(
    market: Bot, meta: WhatsAppServer, model: ModelServer
) -> None:
    meta.tells_at_once = False
    meta.write("Hello")
    meta.advance(25 * 3600)
    market.answer()
    assert outcome(market) == [("sent", "")]
    meta.report(meta.sent[0])
    meta.report(meta.sent[0], "delivered")
    assert outcome(market) == [("failed", CLOSED)]


def test_a_report_says_that_what_was_unclear_has_arrived(
    market: Bot, meta: WhatsAppServer, model: ModelServer
) -> None:
    meta.rule("/messages", "half_body", nth=2)
    meta.write("Hello")
    market.answer()
    assert outcome(market) == [("unknown", "WhatsApp did not say what became of it.")]
    meta.report(meta.sent[0], "delivered")
    assert outcome(market) == [("delivered", "")]


def test_a_report_that_overtakes_the_sending_is_kept(
    market: Bot, meta: WhatsAppServer, model: ModelServer
) -> None:
    meta.write("Hello")
    market.answer()
    row = market.outbound[0]
    Outbound.objects.update(status="sending", external_id="")
    meta.report(meta.sent[0], "delivered")
    lease = Lease(row.chat, timezone.now(), WhatsApp(), {}, parts=deque([row]))
    going_on.sent(lease, row, meta.sent[0].id)
    assert outcome(market) == [("delivered", "")]


def test_another_numbers_reports_change_nothing(
    market: Bot, meta: WhatsAppServer, model: ModelServer
) -> None:
    meta.write("Hello")
    market.answer()
    type(market.connection).objects.update(facts={"phone_number_id": "1"})
    meta.report(meta.sent[0], "read")
    assert outcome(market) == [("sent", "")]


# What goes wrong

PERMANENT = {
    3: "Capability or permissions issue. The access token needs",
    10: "Application does not have permission for this action. The access token needs",
    100: "Invalid parameter",
    200: "You do not have the necessary permission to perform this action. The access token needs",
    368: "Temporarily blocked for policies violations",
    131005: "Access denied. The access token needs",
    131008: "Required parameter is missing",
    131009: "Parameter value is not valid",
    131026: "Message Undeliverable.",
    131031: "Business Account locked",
    131047: CLOSED,
    131048: "Too many messages were marked as spam.",
    131051: "Message type is currently not supported.",
}
USUAL, CROWDED = [1, 2, 4, 8], [1, 4, 16, 64]
FOR_NOW = {
    **dict.fromkeys((1, 2, 131000, 131016, 131057, 133004), USUAL),
    **dict.fromkeys((4, 17, 341, 80007, 80008), USUAL),
    **dict.fromkeys((130429, 131056), CROWDED),
}


@pytest.mark.parametrize(("code", "words"), PERMANENT.items(), ids=map(str, PERMANENT))
def test_what_does_not_pass_is_told_and_not_sent_again(
    market: Bot, meta: WhatsAppServer, model: ModelServer, code: int, words: str
) -> None:
    meta.write("Hello")
    meta.refuse(code)
    market.answer()
    ((status, error),) = outcome(market)
    assert (status, error.startswith(words)) == ("failed", True)
    assert len(meta.called("/messages")) == 2
    assert Connection.objects.get().status == "success"


@pytest.mark.parametrize(("code", "expected"), FOR_NOW.items(), ids=map(str, FOR_NOW))
def test_what_passes_is_waited_for(
    market: Bot,
    meta: WhatsAppServer,
    model: ModelServer,
    waits: list[float],
    *,
    code: int,
    expected: list[int],
) -> None:
    meta.write("Hello")
    meta.refuse(code)
    market.answer()
    assert [round(wait / 1.05) for wait in waits] == pytest.approx(expected, abs=4)
    assert [row.status for row in market.outbound] == ["failed"]


def test_what_has_passed_is_sent(
    market: Bot, meta: WhatsAppServer, model: ModelServer, waits: list[float]
) -> None:
    model.reply("Three days.")
    meta.write("Hello")
    for nth in (2, 3):
        meta.refuse(131056, nth=nth)
    market.answer()
    assert [sent.text for sent in meta.sent] == ["Three days."]
    assert len(waits) == 2


def test_a_wait_that_meta_asks_for_is_kept(
    market: Bot, meta: WhatsAppServer, model: ModelServer, waits: list[float]
) -> None:
    answer = refusal(4)
    rule: dict[str, Any] = {"status": 429, "body": answer.body, "headers": {"Retry-After": "30"}}
    meta.write("Hello")
    meta.rule("/messages", "status", nth=2, **rule)
    market.answer()
    assert 30 <= waits[0] <= 33
    assert len(meta.sent) == 1


def test_a_token_that_is_not_taken_any_more_stops_the_channel(
    market: Bot, meta: WhatsAppServer, model: ModelServer
) -> None:
    meta.write("Hello")
    meta.business.has_expired = True
    market.answer()
    row = Connection.objects.get()
    assert (row.status, row.error) == ("error", "Invalid access token")
    calls = len(meta.calls)
    meta.write("Hello?")
    market.answer()
    assert len(meta.calls) == calls


@pytest.mark.parametrize("code", [0, 102, 190])
def test_every_error_of_a_token_stops_the_channel(
    market: Bot, meta: WhatsAppServer, model: ModelServer, code: int
) -> None:
    meta.write("Hello")
    meta.refuse(code)
    market.answer()
    row = Connection.objects.get()
    assert (row.status, row.error) == ("error", "Invalid access token")


@pytest.mark.parametrize("fault", ["reset", "half_body", "bad_json", "huge", "hang"])
def test_what_may_have_arrived_is_never_sent_again(
    market: Bot,
    meta: WhatsAppServer,
    model: ModelServer,
    monkeypatch: pytest.MonkeyPatch,
    fault: Any,
) -> None:
    monkeypatch.setattr(service, "TIMEOUT", (5, 2))
    meta.write("Hello")
    meta.rule("/messages", fault, nth=2)
    market.answer()
    market.answer()
    assert outcome(market) == [("unknown", "WhatsApp did not say what became of it.")]
    assert len(meta.called("/messages")) == 2


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_gateway_that_gives_up_says_nothing_of_the_message(
    market: Bot, meta: WhatsAppServer, model: ModelServer, status: int
) -> None:
    meta.write("Hello")
    meta.rule("/messages", "status", status=status, nth=2)
    market.answer()
    assert [row.status for row in market.outbound] == ["unknown"]


@pytest.mark.parametrize("status", [403, 404, 429])
def test_an_answer_that_is_not_metas_is_told_by_its_number(
    market: Bot, meta: WhatsAppServer, model: ModelServer, waits: list[float], status: int
) -> None:
    meta.write("Hello")
    meta.rule("/messages", "status", status=status)
    market.answer()
    assert outcome(market) == [("failed", f"WhatsApp answered {status}.")]
    assert len(waits) == (4 if status == 429 else 0)


def test_a_worker_that_dies_while_it_sends_leaves_it_unclear(
    market: Bot, meta: WhatsAppServer, model: ModelServer
) -> None:
    meta.write("Hello")
    market.answer()
    Outbound.objects.update(status="sending")
    meta.write("And now?")
    market.answer()
    first, second = market.outbound
    assert (first.status, second.status) == ("unknown", "sent")
    assert len(meta.sent) == 2


def test_a_worker_that_dies_while_it_waits_loses_nothing(
    market: Bot, meta: WhatsAppServer, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(_seconds: float) -> None:
        raise KeyboardInterrupt

    meta.write("Hello")
    meta.refuse(131056, nth=2)
    with monkeypatch.context() as patched:
        stand_in = type("Asyncio", (), {"sleep": staticmethod(die), "to_thread": asyncio.to_thread})
        patched.setattr(sending, "asyncio", stand_in)
        with pytest.raises(KeyboardInterrupt):
            market.answer()
    assert outcome(market) == [("waiting", "")]
    Chat.objects.update(lease_until=None)
    market.answer()
    assert [row.status for row in market.outbound] == ["sent"]
