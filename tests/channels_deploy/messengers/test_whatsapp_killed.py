"""Whoever answers on WhatsApp may be killed: another goes on, and nothing is said twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conversations.models import Message
from tests.channels_deploy.messengers.conftest import (
    answer_elsewhere,
    leases_run_out,
    on_whatsapp,
    values_of,
)

if TYPE_CHECKING:
    from privexbot.embedded.children import Child
    from tests.channels_deploy.messengers.conftest import Bot
    from tests.servers.model import ModelServer
    from tests.servers.whatsapp import WhatsAppServer
    from workspaces.access import Actor


def die(meta: WhatsAppServer, model: ModelServer, point: str) -> None:
    """Answer the one chat in another process, which dies at ``point``."""
    assert answer_elsewhere(model, point, WHATSAPP_API_URL=f"{meta.url}/v23.0") == -9


def go_on(bot: Bot) -> None:
    """Another worker, once the lease of the one that died has run out."""
    leases_run_out()
    bot.answer()


@pytest.mark.parametrize("point", ["answering.claimed", "answering.asked"])
def test_what_was_not_sent_yet_is_sent_once(
    market: Bot, meta: WhatsAppServer, model: ModelServer, point: str
) -> None:
    meta.write("How long do parcels take?")
    die(meta, model, point)
    assert not meta.sent
    go_on(market)
    assert [sent.text for sent in meta.sent] == ["Hello from the model."]
    assert Message.objects.filter(role="assistant").count() == 1


@pytest.mark.parametrize(
    ("point", "arrived"),
    [("answering.kept", 0), ("answering.sending", 0), ("answering.sent", 1)],
)
def test_what_may_have_been_sent_is_not_sent_again(
    market: Bot, meta: WhatsAppServer, model: ModelServer, point: str, arrived: int
) -> None:
    meta.write("How long do parcels take?")
    die(meta, model, point)
    go_on(market)
    assert len(meta.sent) == arrived
    assert [row.status for row in market.outbound] == ["unknown"]
    for sent in meta.sent:
        meta.report(sent, "delivered")
        assert [row.status for row in market.outbound] == ["delivered"]


def test_a_worker_answers_by_itself(meta: WhatsAppServer, alice: Actor, worker: Child) -> None:
    assert worker.alive
    assert on_whatsapp(alice, values_of(meta.business)).connect().status == "success"
    meta.write("Hello")
    assert meta.until_said()
