"""Connections in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from channels_deploy.models import Connection
from tests.conversations.conftest import deployed
from workspaces.models import Membership, Role, User

if TYPE_CHECKING:
    from workspaces.access import Actor
    from workspaces.models import Workspace

LIST = "/admin/channels_deploy/connection/"
Status = Connection.Status


@pytest.fixture
def failed(acme: Workspace) -> Connection:
    entity = deployed(acme)
    return Connection.objects.create(entity=entity, channel="website", status=Status.ERROR)


def staff(workspace: Workspace, role: Role, permission: str) -> Client:
    """Somebody of the staff with one of Django's permissions, who is a member of ``workspace``."""
    sam = User.objects.create_verified("sam@example.com", "x", is_staff=True)
    sam.user_permissions.set(Permission.objects.filter(codename=f"{permission}_connection"))
    Membership.objects.create(workspace=workspace, user=sam, role=role)
    client = Client()
    client.force_login(sam)
    return client


def connect_again(client: Client, row: Connection) -> Connection:
    client.post(LIST, {"action": "connect_again", "_selected_action": [str(row.pk)]})
    row.refresh_from_db()
    return row


def test_a_superuser_lists_and_opens_what_is_left_of_a_deleted_chatbot(failed: Connection) -> None:
    Connection.objects.update(entity=None)
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.com", "x"))
    assert client.get(LIST).status_code == 200
    assert client.get(f"{LIST}{failed.pk}/change/").status_code == 200


def test_staff_of_another_workspace_see_no_connection(failed: Connection, mallory: Actor) -> None:
    client = staff(mallory.workspace, Role.OWNER, "view")
    page = client.get(LIST)
    assert page.status_code == 200
    assert str(failed.pk).encode() not in page.content
    assert client.get(f"{LIST}{failed.pk}/change/").status_code in {302, 404}


def test_staff_of_another_workspace_connect_nothing_again(
    failed: Connection, mallory: Actor
) -> None:
    client = staff(mallory.workspace, Role.OWNER, "change")
    assert connect_again(client, failed).status == Status.ERROR


def test_who_may_only_look_connects_nothing_again(failed: Connection, acme: Workspace) -> None:
    client = staff(acme, Role.OWNER, "view")
    assert connect_again(client, failed).status == Status.ERROR


def test_a_member_who_is_no_admin_connects_nothing_again(
    failed: Connection, acme: Workspace
) -> None:
    client = staff(acme, Role.EDITOR, "change")
    assert connect_again(client, failed).status == Status.ERROR


def test_an_admin_of_the_workspace_connects_again(failed: Connection, acme: Workspace) -> None:
    client = staff(acme, Role.ADMIN, "change")
    assert connect_again(client, failed).status == Status.SUCCESS
