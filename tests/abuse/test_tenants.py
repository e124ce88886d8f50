"""Things of another workspace by every other way than their address."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
import pytest
from django.test import Client
from django_redis import get_redis_connection

from drafts import creating, editing
from drafts.models import Entity
from drafts.types import draft_types
from tests.abuse.hostile import SQL
from tests.abuse.scene import ORIGIN, document
from workspaces.models import Role

if TYPE_CHECKING:
    from tests.abuse.scene import Scene
    from tests.servers.model import ModelServer

# What a body may not set: who a thing belongs to and what became of it.
NOT_THE_CALLERS = (
    *("id", "pk", "draft_id", "entity_id", "target", "workspace", "workspace_id", "created_by"),
    *("owner", "status", "version", "number", "is_active", "live_release", "published_at", "slug"),
    *("m:ws", "m:owner", "m:target", "m:status"),
)
LISTS = (
    *("/api/v1/credentials", "/api/v1/conversations", "/api/v1/leads", "/api/v1/analytics"),
    *("/api/v1/chatbots", "/api/v1/chatbots/draft", "/v1/models"),
)
PARAMETERS = (
    *("q", "assistant", "channel", "feedback", "since", "until", "cursor", "limit", "ordering"),
    *("workspace", "workspace_id", "page", "format", "search", "filter", "action", "who"),
)


@pytest.mark.parametrize("path", LISTS)
def test_lists_hold_ones_own_alone(home: Scene, abroad: Scene, path: str) -> None:
    asked = [
        *((name, home.values[key]) for name in PARAMETERS for key in ("entity_id", "workspace")),
        *((name, "CANARY") for name in PARAMETERS),
    ]
    for name, value in asked:
        answer = abroad.program().get(path, {name: value})
        assert answer.status_code in {200, 400, 404, 406, 422}, (name, value)
        assert home.mark not in answer.content.decode().replace(f'"{value}"', ""), (name, value)


@pytest.mark.parametrize(
    "path", [*LISTS, "/w/acme/find/", "/w/acme/chatbots/", "/w/acme/settings/audit/"]
)
def test_what_is_asked_never_becomes_a_statement(home: Scene, path: str) -> None:
    caller = home.client(Role.OWNER) if path.startswith("/w/") else home.program()
    for name in PARAMETERS:
        for text in SQL:
            value = text.encode("utf-8", "surrogatepass")
            answer = caller.get(path, {name: value})
            assert answer.status_code < 500, (name, text)


@pytest.mark.parametrize("name", NOT_THE_CALLERS)
def test_a_body_does_not_say_whose_a_thing_is(home: Scene, abroad: Scene, name: str) -> None:
    caller = abroad.program()
    draft = f"/api/v1/chatbots/draft/{abroad.draft.id}"
    value: Any = home.values["workspace"] if "workspace" in name else home.values["draft_id"]
    credential = {"name": "x", "kind": "http", "values": {"token": "x"}, name: value}
    sent = (
        ("post", "/api/v1/chatbots/draft", {name: value}),
        ("post", "/api/v1/chatbots/draft", {"data": {}, name: value}),
        ("patch", draft, {"data": {name: value}}),
        ("patch", draft, {"data": {}, name: value}),
        ("post", f"{draft}/deploy", {name: value}),
        ("post", "/api/v1/credentials", credential),
    )
    for method, path, body in sent:
        answer = getattr(caller, method)(path, json.dumps(body), content_type="application/json")
        assert answer.status_code in {400, 422}, (path, body, answer.content)
    kind = draft_types.get("chatbot")
    assert editing.list_drafts(abroad.owner, kind)[0].id == abroad.draft.id
    assert Entity.objects.filter(workspace=abroad.owner.workspace_id, kind="chatbot").count() == 1


def test_a_foreign_reference_is_refused_at_every_step(
    home: Scene, abroad: Scene, model: ModelServer
) -> None:
    """Written past the API straight into the store: preview, validate and deploy each look."""
    foreign = home.values["credential_id"]
    key = f"draft:chatbot:{abroad.draft.id}"
    get_redis_connection("drafts").hset(key, "f:credential_id", orjson.dumps(foreign))
    caller, path = abroad.program(), f"/api/v1/chatbots/draft/{abroad.draft.id}"
    assert caller.get(path).json()["data"]["credential_id"] == foreign
    preview = caller.post(
        f"{path}/preview", json.dumps({"message": "hi"}), content_type="application/json"
    )
    assert preview.status_code in {422, 502, 503}
    report = caller.post(f"{path}/validate").json()
    assert [i["path"] for i in report["issues"] if i["severity"] == "error"] == ["credential_id"]
    deploy = caller.post(f"{path}/deploy", content_type="application/json")
    assert deploy.status_code == 422
    assert model.chats == []


def test_a_release_that_names_a_foreign_credential_does_not_speak_with_it(
    home: Scene, abroad: Scene, model: ModelServer, settings: Any
) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    release = abroad.live.live_release
    assert release
    foreign = {"credential_id": home.values["credential_id"], "provider": "openai_compatible"}
    abroad.live.live_release = type(release).objects.create(
        entity=abroad.live, number=2, configuration=release.configuration | foreign
    )
    abroad.live.save(update_fields=["live_release"])
    answer = abroad.program().post(
        f"/api/v1/chatbots/{abroad.live.pk}/chat",
        json.dumps({"message": "hi"}),
        content_type="application/json",
    )
    assert answer.status_code in {422, 502, 503}
    assert "credential" in answer.json()["detail"]
    assert model.chats == []


def test_the_name_of_a_foreign_session_opens_an_empty_one(
    home: Scene, abroad: Scene, model: ModelServer
) -> None:
    """Over the API, in the preview and in OpenAI's shape: nothing of Acme gets into a prompt."""
    caller = abroad.program()
    live, preview = f"s-{home.mark}", f"p-{home.mark}"
    for path, body in (
        (f"/api/v1/chatbots/{abroad.live.pk}/chat", {"message": "hi", "session_id": live}),
        (
            f"/api/v1/chatbots/draft/{_plain_draft(abroad)}/preview",
            {"message": "hi", "session_id": preview},
        ),
    ):
        answer = caller.post(path, json.dumps(body), content_type="application/json")
        assert answer.status_code == 200, answer.content
    assert len(model.chats) == 2
    assert not [chat for chat in model.chats if home.mark in chat.prompt]


def _plain_draft(scene: Scene) -> str:
    return creating.create(scene.owner, draft_types.get("chatbot"), document(scene.mark)).id


@pytest.mark.parametrize(
    "name",
    ["nodes", "edges", "data", "config", "system_prompt", "model", "draft_id", "credential_id",
     "provider", "temperature", "tools", "base_url", "history", "messages", "version", "entity_id"],
)  # fmt: skip
def test_no_message_brings_its_own_configuration(
    home: Scene, model: ModelServer, name: str
) -> None:
    """Over the API and on a website, an unknown field is refused and no model is asked."""
    body = json.dumps({"message": "hi", name: "x"})
    api = home.program().post(
        f"/api/v1/chatbots/{home.live.pk}/chat", body, content_type="application/json"
    )
    base = f"/widget/v1/{home.values['public_key']}"
    opened = Client().post(
        f"{base}/session", content_type="application/json", headers={"Origin": ORIGIN}
    )
    token = opened.json()["token"]
    headers = {"Origin": ORIGIN, "Authorization": f"Bearer {token}"}
    widget = Client().post(
        f"{base}/messages", body, content_type="application/json", headers=headers
    )
    assert (api.status_code, widget.status_code) == (422, 422)
    assert model.chats == []


def test_ids_cannot_be_guessed(home: Scene, abroad: Scene) -> None:
    """Nothing that is known of one workspace is a part of another's names."""
    for name in ("entity_id", "credential_id", "conversation_id", "key_id", "invitation_id"):
        assert UUID(home.values[name]).version == 4, name
    random = home.draft.id.removeprefix("draft_chatbot_")
    assert len(bytes.fromhex(random)) == 16
    assert home.values["public_key"][:12] != abroad.values["public_key"][:12]
    assert home.values["public_key"].removeprefix("pk_") not in home.manage_key
