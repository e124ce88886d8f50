"""Route by caller by object, from the resolver: what is another's does not exist.

Nothing here lists routes: what is added to the product is attacked by the next run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from tests.abuse.routes import Route, of_workspaces, routes
from workspaces.models import Role

if TYPE_CHECKING:
    from tests.abuse.scene import Scene

METHODS = ("get", "post", "put", "patch", "delete", "options", "head")
REFUSED = {400, 401, 403, 404, 405, 410, 415, 422}
# Parameters that name something of a workspace.
OWNED = (
    *("draft_id", "entity_id", "credential_id", "key_id"),
    *("invitation_id", "membership_id", "conversation_id"),
    *("base_id", "document_id", "subscription_id", "delivery_id", "hook_id"),
)
UNKNOWN = "6a9f0f52-6d8b-4a55-9a58-1d1a3f2f0c11"
# Anybody with the address may look: it is the permission.
PUBLIC = (
    *("widget", "c/", "p/", "^widget", "hooks/", "healthz", "readyz", "metrics"),
    *("api/schema", "api/docs"),
)


def ask(client: Client, method: str, path: str) -> Any:
    with_body = {"data": "{}", "content_type": "application/json"}
    return getattr(client, method)(path, **({} if method in ("get", "head") else with_body))


def text_of(answer: Any) -> str:
    return "" if answer.streaming else answer.content.decode("utf-8", "replace")


def to_sign_in(answer: Any) -> bool:
    return answer.status_code == 302 and "/login/" in answer["Location"]


def test_nobody_gets_in_without_a_session_or_a_key(home: Scene) -> None:
    """Default-deny: what is not meant for everybody asks who is there, by every method."""
    client, broken = Client(raise_request_exception=False), []
    for route in routes():
        if route.pattern.startswith(PUBLIC):
            continue
        for method in METHODS:
            answer = ask(client, method, route.path(home))
            fine = answer.status_code in REFUSED or to_sign_in(answer) or _is_way_in(route, answer)
            if not fine or home.mark in text_of(answer):
                broken.append((method, route.pattern, answer.status_code))
    assert broken == []


def _is_way_in(route: Route, answer: Any) -> bool:
    """Pages for people without an account, which lead nowhere else."""
    ways = ("accounts/", "i18n", "invitations/", "admin/login", "admin/", "styleguide")
    at_home = route.pattern == "" or route.pattern.startswith("w/<slug:workspace>/settings/")
    return answer.status_code in {200, 301, 302, 429} and (
        route.pattern.startswith(ways) or (at_home and answer.status_code == 302)
    )


@pytest.mark.parametrize("role", [Role.OWNER, Role.VIEWER], ids=lambda role: role.name.lower())
def test_a_stranger_finds_nothing_at_the_addresses_of_another_workspace(
    home: Scene, abroad: Scene, role: Role
) -> None:
    browser, broken = abroad.client(role), []
    for route in filter(lambda r: r.is_of_a_workspace, routes()):
        for method in METHODS:
            answer = ask(browser, method, route.path(home))
            only_leads_on = route.pattern == "w/<slug:workspace>/settings/"
            if answer.status_code not in {403, 404, 405} and not only_leads_on:
                broken.append((method, route.pattern, answer.status_code))
            if home.mark in text_of(answer):
                broken.append((method, route.pattern, "tells"))
    assert broken == []


def test_a_stranger_finds_nothing_through_ones_own_address(home: Scene, abroad: Scene) -> None:
    """One's own workspace in the address, another's thing behind it."""
    browser, broken = abroad.client(Role.OWNER), []
    for route in filter(lambda r: r.is_of_a_workspace, routes()):
        for name in set(route.names) & set(OWNED):
            path = route.path(abroad, **{name: home.values[name]})
            for method in METHODS:
                answer = ask(browser, method, path)
                if answer.status_code == 422:  # the body came first: is an unknown id told so too?
                    same = ask(browser, method, route.path(abroad, **{name: UNKNOWN}))
                    fine = same.status_code == 422 and same.content == answer.content
                else:
                    fine = answer.status_code in {404, 405}
                if not fine or home.mark in text_of(answer):
                    broken.append((method, route.pattern, name, answer.status_code))
    assert broken == []


@pytest.mark.parametrize("which", ["manage", "chat"])
def test_a_strangers_key_opens_nothing(home: Scene, abroad: Scene, which: str) -> None:
    caller = abroad.program(abroad.manage_key if which == "manage" else abroad.chat_key)
    broken = []
    for route in filter(lambda r: r.is_api, routes()):
        for method in METHODS:
            answer = ask(caller, method, route.path(home))
            fine = REFUSED - {403} if which == "manage" else REFUSED
            if not set(route.names) & {*OWNED, "name"}:
                fine = fine | {200, 201}
            if answer.status_code not in fine:
                broken.append((method, route.pattern, answer.status_code))
            if home.mark in text_of(answer):
                broken.append((method, route.pattern, "tells"))
    assert broken == []


def test_nothing_of_the_attacked_workspace_has_changed(home: Scene, abroad: Scene) -> None:
    """All the calls above at once, and then a look at what they were after."""
    before = _everything(home)
    for caller in (abroad.client(Role.OWNER), abroad.program(), Client()):
        for route in of_workspaces():
            for method in ("post", "put", "patch", "delete"):
                ask(caller, method, route.path(home))
    assert _everything(home) == before


def _everything(scene: Scene) -> dict[str, Any]:
    caller = scene.program()
    paths = (
        f"/api/v1/chatbots/draft/{scene.draft.id}",
        f"/api/v1/chatbots/{scene.live.pk}",
        f"/api/v1/chatbots/{scene.live.pk}/versions",
        *("/api/v1/credentials", "/api/v1/conversations", "/api/v1/leads", "/api/v1/webhooks"),
    )
    answers = {path: caller.get(path) for path in paths}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {path: answer.json() for path, answer in answers.items()}


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.name.lower())
def test_no_page_breaks_for_anybody(home: Scene, role: Role) -> None:
    browser = home.client(role)
    for route in routes():
        for method in ("get", "head", "options"):
            answer = ask(browser, method, route.path(home))
            assert answer.status_code < 500, (method, route.pattern)
