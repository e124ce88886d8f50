"""Role by route: what each may open and do, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import pytest
from django.test import Client
from django.urls import reverse

from tests.support.people import member, signed_in
from workspaces import inviting, keys
from workspaces.models import ApiKey, Membership, Role
from workspaces.urls import settings as settings_routes

if TYPE_CHECKING:
    from workspaces.access import Actor
    from workspaces.models import Credential

V, E, A, O = Role.VIEWER, Role.EDITOR, Role.ADMIN, Role.OWNER  # noqa: E741


class Row(NamedTuple):
    """A route, the least role that may take it, and what to send."""

    route: str
    method: str
    least: Role
    data: dict[str, str]

    def take(self, client: Client, url: str) -> int:
        return int(getattr(client, self.method)(url, self.data).status_code)


MATRIX = [
    Row("settings", "get", V, {}),
    Row("general", "get", V, {}),
    Row("rename", "post", A, {"name": "Acme"}),
    Row("delete", "post", O, {"name": "not its name"}),
    Row("leave", "get", V, {}),
    Row("leave", "post", V, {}),
    Row("members", "get", V, {}),
    Row("invite", "post", A, {"email": "new@example.com", "role": "20"}),
    Row("change-role", "post", A, {"role": "20"}),
    Row("remove", "get", A, {}),
    Row("remove", "post", A, {}),
    Row("send-again", "post", A, {}),
    Row("withdraw", "post", A, {}),
    Row("keys", "get", V, {}),
    Row("issue-key", "post", A, {"name": "Server"}),
    Row("revoke-key", "get", A, {}),
    Row("revoke-key", "post", A, {}),
    Row("credentials", "get", V, {}),
    Row("create-credential", "get", A, {}),
    Row("create-credential", "post", A, {"name": "Model", "values.api_key": "sk-1234567890abcdef"}),
    Row("replace-credential", "get", A, {}),
    Row("replace-credential", "post", A, {"name": "Model", "values.api_key": "sk-1234567890abc"}),
    Row("test-credential", "post", E, {}),
    Row("delete-credential", "get", A, {}),
    Row("delete-credential", "post", A, {}),
    Row("audit", "get", A, {}),
]

NAME_A_THING = {
    "change-role",
    "remove",
    "send-again",
    "withdraw",
    "revoke-key",
    "replace-credential",
    "test-credential",
    "delete-credential",
}


@dataclass
class Things:
    """One of each at Acme, for the routes that name one."""

    member: int
    invitation: object
    key: object
    credential: object

    def url(self, route: str) -> str:
        arguments: dict[str, dict[str, object]] = {
            "change-role": {"membership_id": self.member},
            "remove": {"membership_id": self.member},
            "send-again": {"invitation_id": self.invitation},
            "withdraw": {"invitation_id": self.invitation},
            "revoke-key": {"key_id": self.key},
            "create-credential": {"kind": "llm"},
            "replace-credential": {"credential_id": self.credential},
            "test-credential": {"credential_id": self.credential},
            "delete-credential": {"credential_id": self.credential},
        }
        return reverse(
            f"workspaces:{route}", kwargs={"workspace": "acme"} | arguments.get(route, {})
        )


@pytest.fixture
def things(alice: Actor, stored: Credential) -> Things:
    eve = member("Eve", alice.workspace, Role.VIEWER)
    return Things(
        Membership.objects.get(user=eve.user).pk,
        inviting.invite(alice, "open@example.com", Role.EDITOR).invitation.pk,
        keys.issue(alice.workspace, "Server", ApiKey.Scope.MANAGE, by=alice)[0].pk,
        stored.pk,
    )


def named(row: Row) -> str:
    return f"{row.method} {row.route}"


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.name.lower())
@pytest.mark.parametrize("row", MATRIX, ids=named)
def test_every_route_admits_its_roles_and_no_other(
    client: Client, things: Things, role: Role, row: Row
) -> None:
    workspace = Membership.objects.get(pk=things.member).workspace
    signed_in(client, member("Walter", workspace, role))
    status = row.take(client, things.url(row.route))
    assert status in ({200, 302, 422} if role >= row.least else {403})


@pytest.mark.parametrize("row", MATRIX, ids=named)
def test_no_route_is_there_for_a_stranger_or_for_nobody(
    client: Client, things: Things, mallory: Actor, row: Row
) -> None:
    url = things.url(row.route)
    assert row.take(client, url) == 302
    signed_in(client, mallory)
    # The bare address of the settings only redirects; what it leads to is in the table.
    assert row.take(client, url) == (302 if row.route == "settings" else 404)


@pytest.mark.parametrize("row", [row for row in MATRIX if row.route in NAME_A_THING], ids=named)
def test_the_things_of_another_workspace_are_not_found_through_ones_own(
    client: Client, things: Things, mallory: Actor, row: Row
) -> None:
    """The address of one's own workspace with the id of another's thing."""
    signed_in(client, mallory)
    assert row.take(client, things.url(row.route).replace("/w/acme/", "/w/evil/")) == 404


def test_the_table_knows_every_route() -> None:
    assert {route.name for route in settings_routes} == {row.route for row in MATRIX}


@pytest.mark.parametrize("route", sorted({row.route for row in MATRIX if row.method == "post"}))
def test_nothing_changes_without_a_csrf_token(things: Things, alice: Actor, route: str) -> None:
    client = Client(enforce_csrf_checks=True)
    signed_in(client, alice)
    assert client.post(things.url(route), {}).status_code == 403
