"""A program takes conversations over, answers in them and gives them back, for whoever made its
key."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from conversations import handoff
from conversations.models import Handoff, Message
from tests.conversations.conftest import deployed
from tests.conversations.recorded import talk
from tests.support.people import member
from workspaces import keys
from workspaces.models import AuditEntry, Role

if TYPE_CHECKING:
    from conversations.models import Conversation
    from workspaces.access import Actor
    from workspaces.models import Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation(acme: Workspace) -> Conversation:
    return talk(deployed(acme), "Where is it?")


def post(key: str, conversation: Conversation, path: str, body: Any = None) -> Any:
    return Client().post(
        f"/api/v1/conversations/{conversation.pk}/{path}",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )


def key_of(maker: Actor | None, workspace: Workspace, scope: str = "manage", **more: Any) -> str:
    return keys.issue(workspace, "Desk", scope, by=maker, **more)[1]


def test_a_key_stands_for_whoever_made_it(
    conversation: Conversation, acme: Workspace, bob: Actor
) -> None:
    key = key_of(bob, acme)
    taken = post(key, conversation, "take-over")
    assert (taken.status_code, taken.json()["handoff"]["taken_by"]) == (200, "Bob")
    assert Handoff.objects.get().taken_by == bob.user
    answered = post(key, conversation, "messages", {"content": " In **Graz**. "})
    assert answered.status_code == 201
    told = answered.json()
    assert (told["role"], told["content"], told["author"]) == ("person", "In **Graz**.", "Bob")
    assert Message.objects.get(pk=told["id"]).author == bob.user
    given_back = post(key, conversation, "give-back")
    assert (given_back.status_code, given_back.json()["handoff"]) == (200, None)
    entries = AuditEntry.objects.filter(action__startswith="conversation.").order_by("at")
    assert [(each.action, each.by) for each in entries] == [
        ("conversation.taken_over", "Desk"),
        ("conversation.given_back", "Desk"),
    ]


def test_what_somebody_else_has_is_not_taken(
    conversation: Conversation, acme: Workspace, alice: Actor, bob: Actor
) -> None:
    handoff.take_over(alice, conversation.pk)
    refused = post(key_of(bob, acme), conversation, "take-over")
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "Alice has this conversation.",
    )


@pytest.mark.parametrize("path", ["messages", "give-back"])
def test_what_the_bot_has_is_neither_answered_nor_given_back(
    conversation: Conversation, acme: Workspace, bob: Actor, path: str
) -> None:
    answer = post(key_of(bob, acme), conversation, path, {"content": "Hello"})
    assert (answer.status_code, answer.json()["detail"]) == (
        409,
        "The bot has this conversation again.",
    )


def test_a_key_that_nobody_made_answers_and_has_nothing(
    conversation: Conversation, acme: Workspace
) -> None:
    key = key_of(None, acme)
    assert post(key, conversation, "take-over").status_code == 403
    assert not Handoff.objects.exists()
    since = conversation.last_message_at
    Handoff.objects.create(conversation=conversation, since=since)
    told = post(key, conversation, "messages", {"content": "In Graz."}).json()
    assert (told["role"], told["author"]) == ("person", None)
    assert Handoff.objects.get().taken_by is None
    assert post(key, conversation, "give-back").status_code == 200


@pytest.mark.parametrize("path", ["take-over", "messages", "give-back"])
def test_readers_chat_keys_and_strangers_do_nothing(
    conversation: Conversation, acme: Workspace, bob: Actor, mallory: Actor, path: str
) -> None:
    chat: dict[str, Any] = {"scope": "chat", "subject_id": conversation.entity_id}
    readers = [
        key_of(member("Rita", acme, Role.VIEWER), acme),
        key_of(bob, acme, **chat),
    ]
    body = {"content": "Hello"}
    for key in readers:
        assert post(key, conversation, path, body).status_code == 403
    stranger = key_of(mallory, mallory.workspace)
    assert post(stranger, conversation, path, body).status_code == 404
    assert post("pxb_x_y", conversation, path, body).status_code == 401
    assert not Handoff.objects.exists()


@pytest.mark.parametrize("body", [{}, {"content": " "}, {"content": "x" * 16_001}, {"text": "x"}])
def test_an_answer_has_words(
    conversation: Conversation, acme: Workspace, bob: Actor, body: dict[str, str]
) -> None:
    handoff.take_over(bob, conversation.pk)
    assert post(key_of(bob, acme), conversation, "messages", body).status_code == 422
