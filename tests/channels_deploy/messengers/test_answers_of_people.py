"""What people answer in the inbox reaches the visitor's messenger, and the inbox says how far."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone
from limits import RateLimitItemPerHour

from channels_deploy import limits
from channels_deploy.models import Chat, Connection, Outbound
from common.problems import Problem
from conversations import handoff
from conversations.models import Conversation
from tests.servers.whatsapp_payloads import PERSON
from tests.support.people import signed_in

if TYPE_CHECKING:
    from tests.channels_deploy.messengers.conftest import Bot
    from tests.servers.model import ModelServer
    from tests.servers.whatsapp import WhatsAppServer
    from workspaces.access import Actor

CLOSED = "WhatsApp takes no answer later than 24 hours after the person last wrote."


@pytest.fixture
def talk(market: Bot, meta: WhatsAppServer, model: ModelServer, alice: Actor) -> Conversation:
    """A conversation on WhatsApp that Alice took over."""
    meta.write("I want a person")
    market.answer()
    conversation = Conversation.objects.get()
    handoff.take_over(alice, conversation.pk)
    return conversation


def after(hours: int) -> None:
    """So long ago the visitor wrote."""
    Chat.objects.update(heard_at=timezone.now() - timedelta(hours=hours))


def inbox(alice: Actor, talk: Conversation, path: str = "") -> str:
    address = f"/w/{alice.workspace.slug}/inbox/{talk.pk}/{path}"
    return signed_in(Client(), alice).get(address).content.decode()


def test_what_a_person_answers_is_sent(
    talk: Conversation, market: Bot, meta: WhatsAppServer, alice: Actor
) -> None:
    said = handoff.answer_as_person(alice, talk.pk, "I am **here**.")
    market.answer()
    assert (meta.sent[-1].to, meta.sent[-1].text) == (PERSON, "I am *here*.")
    assert market.outbound[-1].message_id == said.pk


def test_after_a_day_nothing_can_be_sent(
    talk: Conversation, market: Bot, meta: WhatsAppServer, alice: Actor
) -> None:
    after(24)
    with pytest.raises(Problem, match=CLOSED) as refused:
        handoff.answer_as_person(alice, talk.pk, "Are you there?")
    assert refused.value.status == 409
    assert talk.messages.filter(role="person").count() == 0
    html = inbox(alice, talk)
    assert "No answer can be sent now" in html
    assert CLOSED in html
    meta.write("Yes")
    assert "No answer can be sent now" not in inbox(alice, talk)
    handoff.answer_as_person(alice, talk.pk, "Good.")


def test_the_form_says_why_nothing_was_sent(talk: Conversation, alice: Actor) -> None:
    after(25)
    address = f"/w/{alice.workspace.slug}/inbox/{talk.pk}/answer/"
    client = signed_in(Client(), alice)
    answer = client.post(address, {"text": "Hello?"}, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert f"{CLOSED} They have to write again first. Nothing was sent." in html
    assert "Hello?</textarea>" in html


def test_a_channel_that_is_off_carries_nothing(talk: Conversation, alice: Actor) -> None:
    Connection.objects.update(enabled=False, status="disabled")
    with pytest.raises(Problem, match="WhatsApp is not connected"):
        handoff.answer_as_person(alice, talk.pk, "Hello")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("waiting", "Waiting"),
        ("sending", "Being sent"),
        ("sent", "Sent"),
        ("delivered", "Delivered"),
        ("read", "Read"),
        ("unknown", "Maybe sent: It may have arrived."),
        ("failed", "Not delivered: It may have arrived."),
    ],
)
def test_the_transcript_says_what_became_of_an_answer(
    talk: Conversation, alice: Actor, status: str, words: str
) -> None:
    error = "It may have arrived." if status in {"unknown", "failed"} else ""
    Outbound.objects.update(status=status, error=error)
    assert f"<span>{words}</span>" in inbox(alice, talk)


def test_the_list_says_what_did_not_arrive(talk: Conversation, alice: Actor) -> None:
    rows = f"/w/{alice.workspace.slug}/inbox/"
    client = signed_in(Client(), alice)
    assert "Not delivered" not in client.get(rows).content.decode()
    Outbound.objects.update(status="failed", error="Blocked")
    assert "Not delivered" in client.get(rows).content.decode()


def test_of_an_answer_in_parts_the_worst_is_told(
    talk: Conversation, market: Bot, alice: Actor
) -> None:
    handoff.answer_as_person(alice, talk.pk, "word " * 1200)
    market.answer()
    person = talk.messages.get(role="person")
    parts = Outbound.objects.filter(message_id=person.pk)
    last = parts.last()
    assert last is not None
    parts.update(status="read")
    parts.filter(pk=last.pk).update(status="failed", error="Blocked")
    assert "<span>Not all of it was delivered: Blocked</span>" in inbox(alice, talk)


def test_an_open_page_is_told_what_becomes_of_an_answer(
    talk: Conversation, market: Bot, meta: WhatsAppServer, alice: Actor
) -> None:
    page = inbox(alice, talk)
    news = page[page.index("news/?") :].partition('"')[0].replace("&amp;", "&")
    client = signed_in(Client(), alice)
    address = f"/w/{alice.workspace.slug}/inbox/{talk.pk}/{news}"
    assert client.get(address).status_code == 204
    meta.report(meta.sent[0], "read")
    told = client.get(address).content.decode()
    answered = talk.messages.get(role="assistant")
    assert f'id="receipt-{answered.pk}"' in told
    assert "hx-swap-oob" in told
    assert "<span>Read</span>" in told


def test_a_page_that_was_closed_opens_when_the_visitor_writes(
    talk: Conversation, market: Bot, meta: WhatsAppServer, alice: Actor
) -> None:
    after(30)
    page = inbox(alice, talk)
    news = page[page.index("news/?") :].partition('"')[0].replace("&amp;", "&")
    assert "closed=1" in news
    meta.write("Hello again")
    market.answer()
    told = inbox(alice, talk, news)
    assert 'id="composer" hx-swap-oob="true"' in told
    assert "<textarea" in told


def test_the_bot_s_limit_of_messages_an_hour_does_not_count_while_a_person_has_it(
    talk: Conversation, market: Bot, meta: WhatsAppServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PER_CHAT_HOUR", RateLimitItemPerHour(1))
    for text in ("One", "Two", "Three"):
        meta.write(text)
    market.answer()
    said = talk.messages.filter(role="user").order_by("created_at")
    assert list(said.values_list("content", flat=True))[1:] == ["One", "Two", "Three"]
    assert [row.error for row in market.inbound] == [""] * 4
