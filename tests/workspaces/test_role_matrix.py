"""Role by route: what each may open and do, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
# Route, method, the least role, and what to send.
MATRIX: list[tuple[str, str, Role, dict[str, str]]] = [
    ("settings", "get", V, {}),
    ("general", "get", V, {}),
    ("rename", "post", A, {"name": "Acme"}),
    ("delete", "post", O, {"name": "not its name"}),
    ("leave", "get", V, {}),
    ("leave", "post", V, {}),
    ("members", "get", V, {}),
    ("invite", "post", A, {"email": "new@example.com", "role": "20"}),
    ("change-role", "post", A, {"role": "20"}),
    ("remove", "get", A, {}),
    ("remove", "post", A, {}),
    ("send-again", "post", A, {}),
    ("withdraw", "post", A, {}),
    ("keys", "get", V, {}),
    ("issue-key", "post", A, {"name": "Server"}),
    ("revoke-key", "get", A, {}),
    ("revoke-key", "post", A, {}),
    ("credentials", "get", V, {}),
    ("create-credential", "get", A, {}),
    ("create-credential", "post", A, {"name": "Model", "values.api_key": "sk-1234567890abcdef"}),
    ("replace-credential", "get", A, {}),
    ("replace-credential", "post", A, {"name": "Model", "values.api_key": "sk-1234567890abc"}),
    ("test-credential", "post", A, {}),
    ("delete-credential", "get", A, {}),
    ("delete-credential", "post", A, {}),
    ("audit", "get", A, {}),
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
        arguments = {
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
        kwargs = {"workspace": "acme", **arguments.get(route, {})}
        return reverse(f"workspaces:{route}", kwargs=kwargs)


@pytest.fixture
def things(alice: Actor, stored: Credential) -> Things:
    eve = member("Eve", alice.workspace, Role.VIEWER)
    return Things(
        Membership.objects.get(user=eve.user).pk,
        inviting.invite(alice, "open@example.com", Role.EDITOR).pk,
        keys.issue(alice.workspace, "Server", ApiKey.Scope.MANAGE, by=alice)[0].pk,
        stored.pk,
    )


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.name.lower())
@pytest.mark.parametrize(
    ("route", "method", "least", "data"), MATRIX, ids=lambda value: str(value)[:24]
)
def test_every_route_admits_its_roles_and_no_other(
    client: Client,
    things: Things,
    role: Role,
    route: str,
    method: str,
    least: Role,
    data: dict[str, str],
) -> None:
    workspace = Membership.objects.get(pk=things.member).workspace
    signed_in(client, member("Walter", workspace, role))
    answer = getattr(client, method)(things.url(route), data)
    if role >= least:
        assert answer.status_code in {200, 302, 422}
    else:
        assert answer.status_code == 403


@pytest.mark.parametrize(("route", "method", "least", "data"), MATRIX)
def test_no_route_is_there_for_a_stranger_or_for_nobody(
    client: Client,
    things: Things,
    mallory: Actor,
    route: str,
    method: str,
    least: Role,
    data: dict[str, str],
) -> None:
    url = things.url(route)
    assert getattr(client, method)(url, data).status_code == 302
    signed_in(client, mallory)
    # The bare address of the settings only redirects; what it leads to is in the table.
    assert getattr(client, method)(url, data).status_code == (302 if route == "settings" else 404)


@pytest.mark.parametrize(
    ("route", "method", "least", "data"), [row for row in MATRIX if row[0] in NAME_A_THING]
)
def test_the_things_of_another_workspace_are_not_found_through_ones_own(
    client: Client,
    things: Things,
    mallory: Actor,
    route: str,
    method: str,
    least: Role,
    data: dict[str, str],
) -> None:
    """The address of one's own workspace with the id of another's thing."""
    url = things.url(route).replace("/w/acme/", "/w/evil/")
    signed_in(client, mallory)
    assert getattr(client, method)(url, data).status_code == 404


def test_the_table_knows_every_route() -> None:
    assert {route.name for route in settings_routes} == {row[0] for row in MATRIX}


@pytest.mark.parametrize("route", sorted({row[0] for row in MATRIX if row[1] == "post"}))
def test_nothing_changes_without_a_csrf_token(things: Things, alice: Actor, route: str) -> None:
    client = Client(enforce_csrf_checks=True)
    signed_in(client, alice)
    assert client.post(things.url(route), {}).status_code == 403
