"""What can be chosen on WhatsApp: buttons, a list that opens, and what comes back of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from channels_deploy.channels.whatsapp import WhatsApp
from conversations.turn import Done
from tests.channels_deploy.messengers.conftest import values_of
from tests.servers.whatsapp_payloads import PERSON, button_reply, list_reply

if TYPE_CHECKING:
    from tests.channels_deploy.messengers.conftest import Bot
    from tests.servers.model import ModelServer
    from tests.servers.whatsapp import WhatsAppServer


def sent(market: Bot, meta: WhatsAppServer, answer: Done) -> list[dict[str, Any]]:
    """The messages of an answer, as Meta took them."""
    meta.write("What is there?")
    channel = WhatsApp()
    values = values_of(meta.business)
    for number, part in enumerate(channel.parts(answer)):
        channel.send(values, {"to": PERSON}, part, number, f"{number}")
    return [each.body for each in meta.sent]


def test_three_replies_are_buttons(market: Bot, meta: WhatsAppServer) -> None:
    (body,) = sent(market, meta, Done("What now?", follow_ups=("Track", "Refund", "A person")))
    assert body["type"] == "interactive"
    assert body["interactive"]["type"] == "button"
    replies = [each["reply"]["title"] for each in body["interactive"]["action"]["buttons"]]
    assert replies == ["Track", "Refund", "A person"]


def test_more_replies_open_as_a_list(market: Bot, meta: WhatsAppServer) -> None:
    texts = tuple(f"Question number {n}" for n in range(6))
    (body,) = sent(market, meta, Done("What now?", follow_ups=texts))
    assert body["interactive"]["type"] == "list"
    rows = body["interactive"]["action"]["sections"][0]["rows"]
    assert [row["title"] for row in rows] == list(texts)


@pytest.mark.parametrize("count", [1, 5, 12], ids=["one", "some", "many"])
def test_replies_that_fit_no_button_stand_in_the_text(
    market: Bot, meta: WhatsAppServer, count: int
) -> None:
    texts = tuple(f"{'A reply that is far too long for a button, ' * 2}{n}" for n in range(count))
    bodies = sent(market, meta, Done("What now?", follow_ups=texts))
    assert "far too long for a button" in str(bodies)


def test_a_long_answer_has_its_buttons_at_the_end(market: Bot, meta: WhatsAppServer) -> None:
    bodies = sent(market, meta, Done("Some words. " * 500, follow_ups=("Yes", "No")))
    assert [body["type"] for body in bodies[:-1]] == ["text"] * (len(bodies) - 1)
    assert bodies[-1]["type"] == "interactive"


def test_what_was_chosen_is_answered(market: Bot, meta: WhatsAppServer, model: ModelServer) -> None:
    meta.receive(meta.message(button_reply("Refund", "Refund")))
    meta.receive(meta.message(list_reply("Track", "Track")))
    market.answer()
    assert [row.text for row in market.inbound] == ["Refund", "Track"]
    assert len(meta.sent) == 2
