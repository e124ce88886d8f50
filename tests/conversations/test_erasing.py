"""Somebody asks to be forgotten: a conversation or a lead goes for good."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.test import AsyncClient, Client

from common.problems import Problem
from conversations.erasing import erase_conversation
from conversations.live import Asked, answer_stream, record_feedback
from conversations.models import Conversation, Feedback, Lead, Message
from conversations.outcome import Outcome
from conversations.recording import Recorder
from conversations.turn import Turn
from tests.conversations.conftest import Api, deployed
from tests.conversations.recorded import known, talk
from tests.support.at_once import at_once
from tests.support.people import signed_in
from workspaces.models import AuditEntry

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from conversations.answering import Frame
    from drafts.models import Entity
    from tests.servers.model import ModelServer
    from workspaces.access import Actor
    from workspaces.models import Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def bot(acme: Workspace) -> Entity:
    return deployed(acme)


def test_an_admin_deletes_a_conversation_with_all_that_hangs_on_it(
    bot: Entity, alice: Actor
) -> None:
    gone, stays = talk(bot, "my secret", feedback="up"), talk(bot, "hello")
    known(gone, name="Ana", email="ana@example.com")
    admin = signed_in(Client(), alice)
    page = admin.get(f"/w/acme/inbox/{gone.pk}/").content.decode()
    assert f"/w/acme/inbox/{gone.pk}/delete/" in page
    asked = admin.get(f"/w/acme/inbox/{gone.pk}/delete/")
    assert "Everything that Ana said" in asked.content.decode()
    assert Conversation.objects.count() == 2
    answer = admin.post(f"/w/acme/inbox/{gone.pk}/delete/", follow=True)
    assert "The conversation is deleted." in answer.content.decode()
    assert list(Conversation.objects.all()) == [stays]
    assert set(Message.objects.values_list("conversation", flat=True)) == {stays.pk}
    assert not Lead.objects.exists()
    assert not Feedback.objects.exists()
    entry = AuditEntry.objects.get(action="conversation.deleted")
    assert (entry.target, entry.details) == (bot.name, {"id": str(gone.pk)})


def test_an_admin_deletes_a_lead_and_what_was_said_stays(bot: Entity, alice: Actor) -> None:
    conversation = talk(bot, "hello")
    lead = known(conversation, name="Ana")
    admin = signed_in(Client(), alice)
    assert f"/w/acme/leads/{lead.pk}/delete/" in admin.get("/w/acme/leads/").content.decode()
    assert "Ana" in admin.get(f"/w/acme/leads/{lead.pk}/delete/").content.decode()
    admin.post(f"/w/acme/leads/{lead.pk}/delete/")
    assert not Lead.objects.exists()
    assert Conversation.objects.get() == conversation
    assert AuditEntry.objects.filter(action="lead.deleted").count() == 1


def test_editors_and_strangers_delete_nothing(bot: Entity, bob: Actor, mallory: Actor) -> None:
    conversation = talk(bot, "hello")
    lead = known(conversation, name="Ana")
    paths = (f"/w/acme/inbox/{conversation.pk}/delete/", f"/w/acme/leads/{lead.pk}/delete/")
    for actor, status in ((bob, 403), (mallory, 404)):
        client = signed_in(Client(), actor)
        for path in paths:
            assert client.get(path).status_code == status
            assert client.post(path).status_code == status
    assert "/delete/" not in signed_in(Client(), bob).get("/w/acme/leads/").content.decode()
    assert Conversation.objects.exists()
    assert Lead.objects.exists()


def test_a_program_deletes_each_once(bot: Entity, api: Api) -> None:
    conversation = talk(bot, "hello")
    lead = known(conversation, name="Ana")
    headers = {"Authorization": f"Bearer {api.key}"}
    for path in (f"/api/v1/leads/{lead.pk}", f"/api/v1/conversations/{conversation.pk}"):
        assert Client().delete(path, headers=headers).status_code == 204
        assert Client().delete(path, headers=headers).status_code == 404
    assert not Conversation.objects.exists()
    assert AuditEntry.objects.filter(action__endswith=".deleted").count() == 2


@pytest.mark.django_db(transaction=True)
async def test_a_bot_knows_nothing_of_what_was_deleted(
    bot: Entity, api: Api, parrot: ModelServer
) -> None:
    """The visitor's page still names the conversation; it is a new one from now on."""
    path, said = f"/api/v1/chatbots/{bot.pk}/chat", {"session_id": "visitor-1"}
    await api.post(path, said | {"message": "My number is 4711"})
    gone = await Conversation.objects.aget()
    headers = {"Authorization": f"Bearer {api.key}"}
    await AsyncClient().delete(f"/api/v1/conversations/{gone.pk}", headers=headers)
    await api.post(path, said | {"message": "Hello again"})
    assert "4711" not in parrot.chats[-1].prompt
    assert (await Conversation.objects.aget()).opening == "Hello again"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ask", [{"message": "And tomorrow?"}, {"regenerate": True}])
async def test_what_is_answered_while_its_conversation_is_deleted_goes_with_it(
    bot: Entity, parrot: ModelServer, ask: dict[str, Any]
) -> None:
    said: dict[str, Any] = {"session_id": "visitor-1", "variables": {"visitor_name": "Eve"}}
    await _heard(await answer_stream(bot, Asked(message="My number is 4711", **said)))
    gone = await Conversation.objects.aget()
    frames = await answer_stream(bot, Asked(**ask, **said))
    await gone.adelete()
    with pytest.raises(Problem, match="not there any more"):
        await _heard(frames)
    assert not await Conversation.objects.aexists()
    assert not await Message.objects.aexists()


async def _heard(frames: AsyncGenerator[Frame]) -> list[Frame]:
    return [frame async for frame in frames]


@pytest.mark.django_db(transaction=True)
def test_deleting_never_stands_against_what_happens_in_the_conversation(
    bot: Entity, alice: Actor
) -> None:
    turn = Turn("hello", (), {}, "website")
    for _round in range(8):
        conversation = talk(bot, "hello")
        answer, session = conversation.messages.get(role="assistant"), conversation.session_id
        recorder = Recorder(
            bot.workspace_id, bot.pk, "website", 1, conversation.pk, replaces=answer.pk
        )
        outcome = Outcome(turn, session, regenerates=True)
        thumb = partial(record_feedback, bot, session, answer.pk, "up", channel="website")
        erased, *others = at_once(
            partial(erase_conversation, alice, conversation.pk),
            partial(recorder.record, outcome),
            *[thumb] * 3,
        )
        assert erased is None
        assert set(others) <= {None, 404}
        assert not Conversation.objects.exists()
