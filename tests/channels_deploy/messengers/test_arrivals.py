"""Whose first message waits for its answer is somebody of whom something is kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from channels_deploy.answering.claiming import claim
from channels_deploy.answering.leases import release
from channels_deploy.models import Chat, Inbound
from common.problems import Problem
from conversations import people
from conversations.models import Conversation
from tests.servers.whatsapp_payloads import PERSON
from tests.support.people import signed_in
from workspaces import keys

if TYPE_CHECKING:
    from tests.channels_deploy.messengers.conftest import Bot
    from tests.servers.model import ModelServer
    from tests.servers.whatsapp import WhatsAppServer
    from workspaces.access import Actor

SAID = "Where is my parcel?"


@pytest.fixture
def waiting(market: Bot, meta: WhatsAppServer) -> Inbound:
    """A message that nobody has answered yet."""
    meta.write(SAID)
    assert market.connection.channel == "whatsapp"
    return Inbound.objects.get()


def test_they_are_found_by_what_the_channel_says_of_them(
    waiting: Inbound, alice: Actor, mallory: Actor
) -> None:
    for identifier in (PERSON, waiting.visitor["name"].upper(), waiting.chat.session_id):
        (found,) = people.find(alice, identifier).arrivals
        assert (found.id, found.channel, found.visitor) == (
            *(waiting.chat_id, "whatsapp"),
            waiting.visitor,
        )
        assert [text for _at, text in found.messages] == [SAID]
        assert people.find(mallory, identifier).is_unknown
    assert people.find(alice, "parcel").is_unknown


@pytest.mark.usefixtures("waiting")
def test_they_are_exported_and_deleted(alice: Actor) -> None:
    client, path = signed_in(Client(), alice), f"/w/{alice.workspace.slug}/settings/privacy"
    page = client.post(f"{path}/find/", {"identifier": PERSON}).content.decode()
    assert "1 chat without an answer yet" in page
    assert SAID in page
    export = client.post(f"{path}/export/", {"identifier": PERSON})
    (told,) = json.loads(export.getvalue())["arrivals"]
    assert [each["content"] for each in told["messages"]] == [SAID]
    client.post(f"{path}/erase/", {"identifier": PERSON, "confirmation": PERSON})
    assert not Chat.objects.exists()
    assert not Inbound.objects.exists()


@pytest.mark.usefixtures("waiting")
def test_a_program_deletes_them(alice: Actor) -> None:
    key = keys.issue(alice.workspace, "server", "manage", by=alice)[1]

    def post(path: str, **body: str) -> Any:
        return (
            Client()
            .post(
                f"/api/v1/people/{path}",
                json.dumps(body),
                content_type="application/json",
                headers={"Authorization": f"Bearer {key}"},
            )
            .json()
        )

    (found,) = post("find", identifier=PERSON)["arrivals"]
    assert (found["channel"], found["messages"][0]["content"]) == ("whatsapp", SAID)
    gone = post("erase", identifier=PERSON, confirmation=PERSON)
    assert gone == {"conversations": 0, "leads": 0, "arrivals": 1}


def test_what_is_being_answered_is_deleted_with_its_answer_and_not_before(
    waiting: Inbound, alice: Actor
) -> None:
    (lease,) = claim(1, 1, {}).leases
    with pytest.raises(Problem) as refused:
        people.erase(alice, PERSON, PERSON)
    assert refused.value.status == 409
    assert Inbound.objects.exists()
    release(lease)
    people.erase(alice, PERSON, PERSON)
    assert not claim(1, 1, {}).leases


def test_an_answer_that_was_given_before_its_chat_knows_goes_with_it(
    waiting: Inbound, market: Bot, model: ModelServer, alice: Actor
) -> None:
    market.answer()
    Chat.objects.update(conversation=None, lease_until=timezone.now())
    Inbound.objects.update(visitor={})
    Conversation.objects.update(visitor={"email": "ana@example.com"})
    people.erase(alice, "ana@example.com", "ana@example.com")
    assert not Chat.objects.filter(pk=waiting.chat_id).exists()
