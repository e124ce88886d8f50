"""Secrets that are planted and must come out nowhere (AB-39, AB-40)."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from tests.abuse.routes import routes
from tests.abuse.scene import program
from tests.servers.model import Reply
from workspaces.models import Role, User

if TYPE_CHECKING:
    from tests.abuse.scene import Scene
    from tests.servers.model import ModelServer

PROVIDER = "CANARY-PROVIDER-sk-0123456789abcdef"
OF_THE_SERVER = "CANARY-SERVER-sk-fedcba9876543210"


@pytest.fixture
def planted(home: Scene, model_server: ModelServer, settings: Any) -> list[str]:
    """Canaries in credentials, keys and settings; the provider repeats what it is sent."""
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    settings.LLM_BASE_URL, settings.LLM_API_KEY = model_server.url, OF_THE_SERVER
    said = f"Incorrect API key provided: {PROVIDER} {OF_THE_SERVER}, Bearer {PROVIDER}"
    model_server.default = Reply(said, status=401)
    return [
        *home.canaries,
        PROVIDER,
        OF_THE_SERVER,
        settings.SECRET_KEY,
        *settings.CREDENTIALS_KEYS,
    ]


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role.name if role else "nobody")
def test_no_answer_tells_a_secret(home: Scene, planted: list[str], role: Role | None) -> None:
    callers = [home.client(role) if role else Client(raise_request_exception=False)]
    if role is Role.OWNER:
        callers += [home.program(), home.program(home.chat_key)]
    asked = 0
    for route in routes():
        for client in callers:
            answer = client.get(route.path(home), follow=True)
            asked += 1
            assert found_in(_text(answer), planted) == [], route.pattern
    assert asked > 150


def test_the_admin_tells_none_either(home: Scene, planted: list[str]) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("root@example.com", "x"))
    for route in filter(lambda r: r.is_admin, routes()):
        assert found_in(_text(client.get(route.path(home), follow=True)), planted) == []


@pytest.mark.parametrize("name", ["chat", "manage", "public"])
def test_no_key_of_a_program_or_page_shows_a_stored_value(home: Scene, name: str) -> None:
    """There is no way to read a secret at all: hints are the most that anybody gets (AB-40)."""
    keys = {"chat": home.chat_key, "manage": home.manage_key, "public": home.values["public_key"]}
    for path in ("/api/v1/credentials", f"/api/v1/credentials/{home.values['credential_id']}"):
        answer = program(keys[name]).get(path)
        assert answer.status_code == (200 if name == "manage" else 403 if name == "chat" else 401)
        assert found_in(answer.content.decode(), home.canaries) == []


def found_in(text: str, secrets: list[str]) -> list[str]:
    """The beginnings of ``secrets`` that are in ``text``, plain or in base64."""
    spelled = {one: {one, base64.b64encode(one.encode()).decode().rstrip("=")} for one in secrets}
    return [one[:12] for one, ways in spelled.items() if any(way in text for way in ways)]


def _text(answer: Any) -> str:
    if answer.streaming:
        if answer.is_async:
            return ""
        return b"".join(answer.streaming_content).decode("utf-8", "replace")
    return f"{answer.headers}{answer.content.decode('utf-8', 'replace')}"
