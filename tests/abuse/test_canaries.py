"""Secrets that are planted and must come out nowhere."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import async_to_sync
from django.core import mail
from django.db import connection
from django.test import Client
from django_redis import get_redis_connection

from drafts import creating
from drafts.types import draft_types
from tests.abuse.routes import routes
from tests.abuse.scene import ORIGIN, document, program
from tests.servers.model import Reply
from workspaces import credentials
from workspaces.models import Role, User

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.abuse.scene import Scene
    from tests.servers.model import ModelServer

PROVIDER = "CANARY-PROVIDER-sk-0123456789abcdef"
OF_THE_SERVER = "CANARY-SERVER-sk-fedcba9876543210"
# What a visitor's browser may know of an assistant.
OPENED = {
    *("token", "expires_at", "session_id", "profile", "strings", "messages"),
    *("collect_needed", "lead_needed", "styles", "handoff", "wait", "language"),
}
PROFILE = {
    *("name", "title", "theme", "primary_color", "avatar_url", "welcome_message"),
    *("suggested_prompts", "placeholder", "position", "feedback", "citations", "follow_ups"),
    *("collect", "lead", "launcher_text", "invitations"),
}


@pytest.fixture
def planted(home: Scene, model_server: ModelServer, settings: Any) -> list[str]:
    """Canaries in credentials, keys and settings; the provider repeats what it is sent."""
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    settings.LLM_BASE_URL, settings.LLM_API_KEY = model_server.url, OF_THE_SERVER
    said = f"Incorrect API key provided: {PROVIDER} {OF_THE_SERVER}, Bearer {PROVIDER}"
    model_server.default = Reply(said, status=400)
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


def test_a_provider_that_repeats_the_key_is_not_repeated(
    home: Scene,
    planted: list[str],
    model_server: ModelServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """In the answers, the logs, the database, Redis and the mail, whatever is tried."""
    values = {"api_key": PROVIDER, "base_url": model_server.url, "provider": "openai_compatible"}
    ours = credentials.create(home.owner, name="Echo", kind="llm", values=values)
    kind = draft_types.get("chatbot")
    with_ours = {"credential_id": str(ours.pk), "provider": "openai_compatible"}
    heard, streamed = [], []
    for more in (with_ours, {}):
        draft = creating.create(home.owner, kind, document(home.mark, **more))
        path = f"/api/v1/chatbots/draft/{draft.id}"
        heard += [_post(home.program(), f"{path}/preview", message="hi")]
        stream = _post(home.program(), f"{path}/preview", Accept="text/event-stream", message="x")
        streamed += [async_to_sync(_to_the_end)(stream)]
        entity = _post(home.program(), f"{path}/deploy").json()["entity_id"]
        heard += [_post(home.program(), f"/api/v1/chatbots/{entity}/chat", message="hi")]
        heard += [_post(home.program(), "/v1/chat/completions", **_completion(entity))]
    heard += [_post(home.program(), f"/api/v1/credentials/{ours.pk}/test")]
    test = f"/w/{home.slug}/settings/credentials/{ours.pk}/test/"
    heard += [home.client(Role.OWNER).post(test, follow=True)]
    assert len(model_server.requests) >= len(heard) + len(streamed) - 1
    told = "\n".join([*map(_text, heard), *streamed])
    assert "Incorrect API key provided" in told
    assert found_in(told, planted) == []
    assert found_in(caplog.text, planted) == []
    assert found_in("\n".join(_database()), [PROVIDER, OF_THE_SERVER, *home.canaries[:1]]) == []
    assert found_in("\n".join(_redis()), planted) == []
    assert found_in("\n".join(str(m.body) for m in mail.outbox), planted) == []


def _completion(model: str) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": "hi"}]}


def _post(client: Client, path: str, Accept: str = "application/json", **body: Any) -> Any:  # noqa: N803
    raw = json.dumps(body).encode() if body else b""
    return client.post(path, raw, content_type="application/json", headers={"Accept": Accept})


def test_a_visitors_browser_is_told_what_it_may_know(home: Scene) -> None:
    path = f"/widget/v1/{home.values['public_key']}/session"
    answer = Client().post(path, content_type="application/json", headers={"Origin": ORIGIN})
    assert set(answer.json()) == OPENED
    assert set(answer.json()["profile"]) <= PROFILE
    launch = Client().get(path.replace("session", "launch"), headers={"Origin": ORIGIN})
    hosted = Client().get(f"/c/{home.live.slug}")
    for text in (each.content.decode() for each in (answer, launch, hosted)):
        assert found_in(text, [*home.canaries, "Secretly", "small-1", "allowed_domains"]) == []


@pytest.mark.parametrize("name", ["chat", "manage", "public"])
def test_no_key_of_a_program_or_page_shows_a_stored_value(home: Scene, name: str) -> None:
    """There is no way to read a secret at all: hints are the most that anybody gets."""
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
        if answer.is_async:  # it may go on for ever
            return ""
        return b"".join(answer.streaming_content).decode("utf-8", "replace")
    return f"{answer.headers}{answer.content.decode('utf-8', 'replace')}"


async def _to_the_end(answer: Any) -> str:
    """What a stream that ends says."""
    return b"".join([part async for part in answer.streaming_content]).decode()


def _database() -> Iterator[str]:
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" AS t')
            yield from (row[0] for row in cursor.fetchall())


def _redis() -> Iterator[str]:
    for alias in ("drafts", "default"):
        redis = get_redis_connection(alias)
        for key in redis.scan_iter("*"):
            yield f"{key!r}{redis.dump(key)!r}"
