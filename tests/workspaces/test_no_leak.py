"""Reads everything there is as everybody there is, and looks for what nobody may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.support.people import member, signed_in
from tests.workspaces.conftest import CANARY
from workspaces import inviting, keys
from workspaces.models import ApiKey, Membership, Role, User

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workspaces.access import Actor
    from workspaces.models import Credential

OURS = ("", "account", "invitations", "workspaces", "w", "accounts", "admin")


@pytest.fixture
def addresses(alice: Actor, stored: Credential) -> list[str]:
    """Every page of ours with one of Acme's things in it."""
    key, _ = keys.issue(alice.workspace, "Server", ApiKey.Scope.MANAGE, by=alice)
    invitation = inviting.invite(alice, "open@example.com", Role.EDITOR).invitation
    values = {
        "<slug:workspace>": "acme",
        "<slug:kind>": "llm",
        "<uuid:key_id>": str(key.pk),
        "<uuid:credential_id>": str(stored.pk),
        "<uuid:invitation_id>": str(invitation.pk),
        "<int:membership_id>": str(Membership.objects.get(user=alice.user).pk),
        "<path:object_id>": str(stored.pk),
    }
    found = []
    for route in _routes(get_resolver().url_patterns):
        for name, value in values.items():
            route = route.replace(name, value)  # noqa: PLW2901
        if "<" not in route and "(?P" not in route and route.split("/")[0] in OURS:
            found.append("/" + route.replace("^", "").replace("$", ""))
    assert "/w/acme/settings/credentials/" in found
    return found


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role.name if role else "nobody")
def test_no_page_shows_a_stored_value_or_a_hash(
    addresses: list[str], alice: Actor, stored: Credential, role: Role | None
) -> None:
    client = Client()
    if role:
        signed_in(client, member("Walter", alice.workspace, role))
    _crawl(client, addresses, stored)


def test_no_page_of_the_admin_does_either(addresses: list[str], stored: Credential) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.com", "x"))
    assert client.get("/admin/workspaces/credential/").status_code == 200
    _crawl(client, addresses, stored)


def _crawl(client: Client, addresses: list[str], stored: Credential) -> None:
    hidden = [CANARY, stored.encrypted[:40], *ApiKey.objects.values_list("digest", flat=True)]
    for address in addresses:
        answer = client.get(address, follow=True)
        assert answer.status_code < 500, address
        text = "" if answer.streaming else answer.content.decode("utf-8", "replace")
        assert not [one for one in hidden if one in text], address


def test_the_api_answers_hints_alone(stored: Credential, manage_key: str) -> None:
    client = Client(headers={"Authorization": f"Bearer {manage_key}"})
    shown = client.get(f"/api/v1/credentials/{stored.pk}").json()
    assert set(shown) == {"id", "name", "kind", "hint", "host", "created_at", "updated_at"}
    assert shown["hint"] == "••••" + CANARY[-4:]


@pytest.mark.parametrize(
    "path",
    ["/API/V1/credentials", "/api/v1/Credentials", "/api//v1/credentials", "//api/v1/credentials",
     "/api/./v1/credentials", "/api/v1/%63redentials", "/api/v1/credentials;x=1",
     "/api/v1/credentials.", "/api/v1/credentials/", "/api/v1/credentials?format=json",
     "/api/v1/credentials%00", "/api/v1/../v1/credentials", "/W/acme/settings/keys/",
     "/w/ACME/settings/keys/", "/w//acme/settings/keys/"],
)  # fmt: skip
def test_no_other_spelling_of_an_address_goes_round_the_door(stored: Credential, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code in {301, 302, 400, 401, 404}
    if answer.status_code == 301:
        assert Client().get(answer["Location"]).status_code in {302, 401, 404}
    assert stored.name not in answer.content.decode()


def test_every_address_of_the_api_asks_for_a_key(db: None) -> None:
    open_to_all = ("api/schema", "api/docs")
    routes = [one for one in _routes(get_resolver().url_patterns) if one.startswith("api/")]
    assert routes
    for route in routes:
        if route.startswith(open_to_all):
            continue
        path = "/" + _filled(route)
        for method in ("get", "post", "put", "patch", "delete"):
            status = getattr(Client(), method)(path, content_type="application/json").status_code
            assert status in {401, 404, 405}, (method, path, status)


def _filled(route: str) -> str:
    """Something of the right form in the place of each parameter."""
    examples = {"uuid": "6a9f0f52-6d8b-4a55-9a58-1d1a3f2f0c11", "int": "1"}
    while "<" in route:
        before, _, rest = route.partition("<")
        inside, _, after = rest.partition(">")
        route = before + examples.get(inside.partition(":")[0], "x") + after
    return route


def _routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for one in patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _routes(one.url_patterns, route)
        else:
            yield route
