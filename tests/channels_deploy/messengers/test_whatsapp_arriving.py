"""What people write on WhatsApp: read whatever form it has, kept once, answered."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels_deploy import keeping
from channels_deploy.channels.whatsapp import WhatsApp
from channels_deploy.messenger import Call
from channels_deploy.models import Chat
from conversations.models import Conversation
from tests.servers.whatsapp_payloads import (
    NAME,
    PERSON,
    UNNUMBERED,
    as_bytes,
    button_reply,
    event,
    image,
    list_reply,
    location,
    of_messages,
    quick_reply,
    reaction,
    signature,
    text,
    unsupported,
    voice,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.channels_deploy.messengers.conftest import Bot
    from tests.servers.model import ModelServer
    from tests.servers.whatsapp import WhatsAppServer
    from tests.servers.whatsapp_business import Business

POLITE = "I can read text only. Please write what you need."


def post(bot: Bot, body: bytes, business: Business) -> Any:
    """Post ``body``, signed by the business."""
    address = f"/webhooks/whatsapp/{bot.entity.pk}/{bot.connection.path}"
    headers = {"X-Hub-Signature-256": signature(business.app_secret, body)}
    return Client().post(address, body, content_type="application/json", headers=headers)


def hello(meta: WhatsAppServer, *messages: dict[str, Any]) -> bytes:
    value = of_messages(meta.business.metadata, messages or [meta.message(text("Hello"))])
    return as_bytes(event(meta.business.waba_id, [value], "messages"))


def test_a_message_is_answered(market: Bot, meta: WhatsAppServer, model: ModelServer) -> None:
    model.reply("Parcels take **three** days.")
    delivery = meta.write("Wie lange? 📦 /ä")
    assert (delivery.last.status, delivery.last.body) == (200, b"")
    market.answer()
    assert [sent.text for sent in meta.sent] == ["Parcels take *three* days."]
    assert meta.sent[0].to == PERSON
    talk = Conversation.objects.get()
    assert (talk.channel, talk.session_id, talk.message_count) == ("whatsapp", PERSON, 2)
    assert talk.messages.get(role="user").content == "Wie lange? 📦 /ä"
    known = {"user_id": PERSON, "name": "Kerry Fisher", "phone": f"+{PERSON}"}
    assert talk.visitor == known


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (text("Hello"), "Hello"),
        (quick_reply("YES", "Yes, please"), "Yes, please"),
        (button_reply("b1", "Track parcel"), "Track parcel"),
        (list_reply("r1", "Refund", "Money back"), "Refund"),
        (image("What is this?"), "What is this?"),
    ],
    ids=["text", "quick-reply", "button", "list", "caption"],
)
def test_what_has_words_is_a_question(
    market: Bot, meta: WhatsAppServer, content: dict[str, Any], said: str
) -> None:
    meta.receive(meta.message(content))
    assert [row.text for row in market.inbound] == [said]


@pytest.mark.parametrize(
    "content", [image(), voice(), location(), unsupported()], ids=lambda each: each["type"]
)
def test_what_has_none_is_answered_politely(
    market: Bot, meta: WhatsAppServer, content: dict[str, Any]
) -> None:
    meta.receive(meta.message(content))
    market.answer()
    assert [sent.text for sent in meta.sent] == [POLITE]
    assert not Conversation.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        reaction("wamid.x"),
        {"type": "system", "system": {"body": "Kerry changed to +1"}},
        {"type": "surprise"},
        {"type": "text", "text": {"body": "  "}},
        {"type": "text", "text": []},
        {},
    ],
    ids=["reaction", "system", "surprise", "blank", "odd", "nothing"],
)
def test_what_needs_no_answer_gets_none(
    market: Bot, meta: WhatsAppServer, content: dict[str, Any]
) -> None:
    assert meta.receive(meta.message(content)).last.status == 200
    assert not market.inbound


def test_who_opens_the_chat_is_greeted(market: Bot, meta: WhatsAppServer) -> None:
    meta.receive(meta.message({"type": "request_welcome"}))
    market.answer()
    assert len(meta.sent) == 1


@pytest.mark.parametrize("apart", ["messages", "changes", "entries"])
def test_all_that_comes_at_once_is_read(market: Bot, meta: WhatsAppServer, apart: Any) -> None:
    people = [PERSON, "4915112345678", PERSON]
    made = [meta.message(text(f"Question {n}"), who) for n, who in enumerate(people)]
    meta.receive(*made, apart=apart)
    assert [(row.text, row.chat.session_id) for row in market.inbound] == [
        (f"Question {n}", who) for n, who in enumerate(people)
    ]


def test_another_numbers_messages_are_left_alone(market: Bot, meta: WhatsAppServer) -> None:
    other = meta.another("Other")
    body = as_bytes(
        event("1", [of_messages(other.metadata, [meta.message(text("Hello"))])], "messages")
    )
    assert post(market, body, meta.business).status_code == 200
    assert not market.inbound


def test_somebody_who_hides_their_number_is_answered(
    market: Bot, meta: WhatsAppServer, model: ModelServer
) -> None:
    meta.write("Hello", UNNUMBERED)
    market.answer()
    (sent,) = meta.sent
    assert (sent.body["recipient"], "to" in sent.body) == (UNNUMBERED, False)
    assert Conversation.objects.get().visitor == {"user_id": UNNUMBERED, "name": NAME}


def test_a_message_that_is_delivered_again_is_answered_once(
    market: Bot, meta: WhatsAppServer, model: ModelServer
) -> None:
    first = meta.write("Hello")
    heard = Chat.objects.get().heard_at
    market.answer()
    again = meta.again(first)
    market.answer()
    assert (again.last.status, len(meta.sent)) == (200, 1)
    assert Chat.objects.get().heard_at == heard


def test_a_message_that_comes_a_day_late_is_not_answered(market: Bot, meta: WhatsAppServer) -> None:
    message = meta.message(text("Hello"))
    message["timestamp"] = str(int((timezone.now() - timedelta(hours=25)).timestamp()))
    meta.receive(message)
    market.answer()
    assert [row.error for row in market.inbound] == ["It came too late to be answered."]
    assert not meta.sent


def test_a_thousand_messages_are_kept_in_a_few_statements(
    market: Bot, meta: WhatsAppServer
) -> None:
    made = [meta.message(text(f"Question {n}"), f"1650555{n % 500:04}") for n in range(1000)]
    reading = WhatsApp().read(market.connection, _call(meta, made))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        keeping.keep(market.connection, reading.arrived)
    assert (len(market.inbound), Chat.objects.count()) == (1000, 500)
    assert len(asked) < 10


def _call(meta: WhatsAppServer, messages: list[dict[str, Any]]) -> Call:
    headers: Mapping[str, str] = {}
    return Call("POST", headers, {}, hello(meta, *messages))


def test_a_batch_of_a_thousand_is_taken(market: Bot, meta: WhatsAppServer) -> None:
    made = [meta.message(text(f"Question {n}"), f"1650555{n % 9:04}") for n in range(1000)]
    assert meta.receive(*made).last.status == 200
    assert [row.text for row in market.inbound] == [f"Question {n}" for n in range(1000)]


@pytest.mark.parametrize("code", [[], {}, "131047", 1.5, None], ids=repr)
def test_a_report_that_nobody_expects_is_taken(
    market: Bot, meta: WhatsAppServer, code: object
) -> None:
    failed = {"id": "wamid.1", "status": "failed", "errors": [{"code": code}]}
    value = {"metadata": meta.business.metadata, "statuses": [failed]}
    body = as_bytes(event(meta.business.waba_id, [value], "messages"))
    assert post(market, body, meta.business).status_code == 200
