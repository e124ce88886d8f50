"""Conversations and leads in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from tests.conversations.conftest import deployed
from tests.conversations.recorded import known, talk
from tests.support.people import signed_in

if TYPE_CHECKING:
    from conversations.models import Conversation
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation(alice: Actor) -> Conversation:
    conversation = talk(deployed(alice.workspace), "Where is it?", feedback="up")
    known(conversation, name="Ana")
    return conversation


def staff(actor: Actor, *, superuser: bool) -> Client:
    assert actor.user
    actor.user.is_staff, actor.user.is_superuser = True, superuser
    actor.user.save()
    actor.user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="conversations")
    )
    return signed_in(Client(), actor)


def test_a_superuser_reads_everything_and_writes_nothing(
    conversation: Conversation, mallory: Actor
) -> None:
    client = staff(mallory, superuser=True)
    for path in ("conversation", "lead", "feedback"):
        page = client.get(f"/admin/conversations/{path}/?q=a")
        assert page.status_code == 200, path
        assert client.get(f"/admin/conversations/{path}/add/").status_code == 403
    page = client.get(f"/admin/conversations/conversation/{conversation.pk}/change/")
    assert b"Where is it?" in page.content
    assert b'name="opening"' not in page.content


def test_other_staff_see_their_own_workspaces(
    conversation: Conversation, alice: Actor, mallory: Actor
) -> None:
    path = "/admin/conversations/conversation/"
    assert b"Where is it?" in staff(alice, superuser=False).get(path).content
    theirs = staff(mallory, superuser=False)
    assert b"Where is it?" not in theirs.get(path).content
    assert theirs.get(f"{path}{conversation.pk}/change/").status_code in (302, 404)


def test_filters_name_the_workspaces_of_other_staff_alone(
    conversation: Conversation, mallory: Actor
) -> None:
    theirs = staff(mallory, superuser=False)
    for path in ("conversation", "lead"):
        assert b"Acme" not in theirs.get(f"/admin/conversations/{path}/").content
