"""What happens at the same moment in a conversation that a person has, and what goes away under it:
nothing is lost, nobody hears twice, and nothing fails."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.test import Client

from conversations import handoff
from conversations.erasing import erase_conversation
from conversations.models import Conversation, Handoff, Message
from conversations.outcome import Outcome
from conversations.recording import Recorder
from conversations.selection import waiting
from conversations.turn import Turn
from drafts.entities import remove
from tests.conversations.flow_chat import Chat, desk_flow
from tests.support.at_once import at_once
from tests.support.people import signed_in
from workspaces import membership
from workspaces.models import Membership, Role

if TYPE_CHECKING:
    from workspaces.access import Actor
    from workspaces.models import Workspace

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("redis_clean", "connections_returned"),
]
ROUNDS = 10


@pytest.fixture
def chat(acme: Workspace) -> Chat:
    """Somebody who waits for a person."""
    chat = Chat(desk_flow(acme))
    chat.say("My parcel?")
    return chat


def said(chat: Chat) -> list[tuple[str, str]]:
    return list(chat.row.messages.order_by("created_at").values_list("role", "content"))


def test_two_who_answer_first_at_once(chat: Chat, alice: Actor, bob: Actor) -> None:
    """Both answers reach the visitor, and one of the two has the conversation."""
    conversation_id = chat.row.pk
    found = at_once(
        *(
            partial(handoff.answer_as_person, actor, conversation_id, actor.label)
            for actor in (alice, bob)
        )
    )
    assert {str(each.author) for each in found} == {"Alice", "Bob"}
    first = chat.row.messages.filter(role="person").order_by("created_at").first()
    assert first is not None
    assert Handoff.objects.get().taken_by == first.author


def test_an_answer_and_a_give_back_at_once(chat: Chat, alice: Actor, bob: Actor) -> None:
    """Either the visitor reads the answer before the bot goes on, or who wrote it hears that the
    bot has the conversation: it is never sent into a conversation that the bot has."""
    conversation_id = chat.row.pk
    answered, _back = at_once(
        lambda: handoff.answer_as_person(bob, conversation_id, "In Graz."),
        lambda: handoff.give_back(alice, conversation_id),
    )
    ended = Handoff.objects.get().ended_at
    assert ended is not None
    written = Message.objects.filter(role="person").first()
    assert (answered == 409) == (written is None)
    assert written is None or written.created_at < ended


def test_two_who_give_back_at_once(chat: Chat, alice: Actor, bob: Actor) -> None:
    conversation_id = chat.row.pk
    found = at_once(
        lambda: handoff.give_back(alice, conversation_id),
        lambda: handoff.give_back(bob, conversation_id),
    )
    assert sorted(map(str, found)) == ["409", "None"]


def test_what_a_visitor_writes_in_the_moment_of_giving_back_is_heard_once(
    acme: Workspace, bob: Actor
) -> None:
    for _round in range(ROUNDS):
        chat = Chat(desk_flow(acme))
        chat.say("My parcel?")
        conversation_id = chat.row.pk
        answer, _back = at_once(
            partial(chat.say, "Now?"),
            partial(handoff.give_back, bob, conversation_id),
        )
        roles = [role for role, _content in said(chat)]
        # Passed on to whoever had it, or answered by the bot.
        assert (roles == ["user", "assistant", "user"]) == answer["handoff"]
        assert (roles == ["user", "assistant"] * 2) == (not answer["handoff"])
        assert not chat.say("And now?")["handoff"] or not answer["handoff"]


@pytest.mark.parametrize("is_first", [True, False])
def test_a_turn_that_ends_after_another_handed_over_leaves_the_flow_where_it_waits(
    chat: Chat, *, is_first: bool
) -> None:
    """Somebody writes in two windows, and one answer takes longer than the other."""
    row = chat.row
    recorder = Recorder(
        row.workspace_id, row.entity_id, row.channel, 1, None if is_first else row.pk
    )
    outcome = Outcome(Turn("Two"), chat.session_id)
    outcome.state = {"variables": {}}
    recorder.record(outcome)
    assert chat.row.state == row.state
    assert chat.row.state["frame"]["waiting"] == {"handoff1": {}}
    assert chat.row.message_count == 4


def test_a_bot_is_deleted_while_people_talk_there(acme: Workspace, alice: Actor) -> None:
    for _round in range(ROUNDS):
        chat = Chat(desk_flow(acme))
        chat.say("My parcel?")
        conversation_id, entity = chat.row.pk, chat.entity
        passed = handoff.Passed(uuid4(), "Hello?", {}, {})
        removed, *others = at_once(
            partial(remove, alice, entity),
            partial(handoff.answer_as_person, alice, conversation_id, "Here."),
            partial(handoff.pass_on, conversation_id, passed),
            partial(handoff.give_back, alice, conversation_id),
        )
        assert removed is None
        assert all(not isinstance(each, int) or each in (True, False, 404, 409) for each in others)
        assert not Conversation.objects.filter(pk=conversation_id).exists()
        assert not Message.objects.filter(conversation_id=conversation_id).exists()


def test_a_conversation_is_deleted_while_a_person_has_it(
    chat: Chat, alice: Actor, bob: Actor
) -> None:
    conversation_id = chat.row.pk
    erased, *others = at_once(
        lambda: erase_conversation(alice, conversation_id),
        lambda: handoff.answer_as_person(bob, conversation_id, "Here."),
        lambda: handoff.give_back(bob, conversation_id),
    )
    assert erased is None
    assert all(each is None or isinstance(each, Message) or each in (404, 409) for each in others)
    assert not Message.objects.exists()
    page = f"/w/acme/inbox/{conversation_id}/"
    member = signed_in(Client(), bob)
    assert member.post(f"{page}answer/", {"text": "Late"}).status_code == 404
    assert member.post(f"{page}give-back/").status_code == 404
    assert member.get(f"{page}news/").status_code == 404
    assert waiting(bob) == 0


@pytest.mark.parametrize("gone", ["removed", "may only read"])
def test_what_a_member_had_who_left_waits_again(
    chat: Chat, alice: Actor, bob: Actor, gone: str
) -> None:
    handoff.answer_as_person(bob, chat.row.pk, "One moment.")
    assert waiting(alice) == 0
    his = Membership.objects.get(workspace=bob.workspace, user=bob.user)
    if gone == "removed":
        membership.remove(alice, his.pk)
    else:
        membership.change_role(alice, his.pk, Role.VIEWER)
    assert waiting(alice) == 1
    page = signed_in(Client(), alice).get(f"/w/acme/inbox/{chat.row.pk}/").content.decode()
    assert "Bob has this conversation" not in page
    late = signed_in(Client(), bob).post(f"/w/acme/inbox/{chat.row.pk}/answer/", {"text": "x"})
    assert late.status_code in (403, 404)
    handoff.answer_as_person(alice, chat.row.pk, "I am here now.")
    assert Handoff.objects.get().taken_by == alice.user
    assert waiting(alice) == 0
