"""What was deployed, in the admin: looked at, searched, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from drafts.deploying import deploy
from workspaces.models import Membership, Role, User

if TYPE_CHECKING:
    from drafts.draft import Draft
    from drafts.models import Entity
    from tests.drafts.notes import NoteDraft
    from workspaces.access import Actor

LISTS = ("entity", "release", "deployment")


@pytest.fixture
def live(notes: NoteDraft, alice: Actor, draft: Draft) -> Entity:
    return deploy.deploy(alice, notes, draft.id).entity


@pytest.mark.parametrize("model", LISTS)
def test_every_list_is_there_searchable_and_read_only(model: str, live: Entity) -> None:
    root = Client()
    root.force_login(User.objects.create_superuser("root@example.com", "x"))
    address = reverse(f"admin:drafts_{model}_changelist")
    assert b"First" in root.get(address).content
    assert root.get(address, {"q": "First"}).status_code == 200
    assert root.get(reverse(f"admin:drafts_{model}_add")).status_code == 403


@pytest.mark.parametrize("model", LISTS)
def test_staff_of_another_workspace_see_nothing(model: str, live: Entity, mallory: Actor) -> None:
    sam = User.objects.create_verified("sam@example.com", "x", is_staff=True)
    sam.user_permissions.set(Permission.objects.filter(content_type__app_label="drafts"))
    Membership.objects.create(workspace=mallory.workspace, user=sam, role=Role.OWNER)
    client = Client()
    client.force_login(sam)
    page = client.get(reverse(f"admin:drafts_{model}_changelist"))
    assert page.status_code == 200
    assert b"First" not in page.content
