"""Talking to a draft: in the builder's panel and through the API."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.test import Client
from django.utils import timezone
from django_redis import get_redis_connection

from conversations import preview_store
from drafts import editing
from drafts.types import draft_types
from tests.conversations.conftest import Api, Panel, draft_of, events, panel_of
from tests.servers.model import Reply
from tests.support.people import signed_in
from tests.support.timestamps import RFC3339

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from drafts.draft import Draft
    from tests.servers.model import ModelServer
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)

REQUIRED = [
    {"name": "email", "type": "email", "required": True, "collect_before_chat": True},
    {"name": "size", "type": "select", "options": ["S", "L"], "collect_before_chat": True},
]


@pytest.fixture
def draft(bob: Actor) -> Draft:
    return draft_of(bob)


@pytest.fixture
def panel(bob: Actor, draft: Draft) -> Panel:
    return panel_of(bob, draft)


def opened(panel: Panel, session_id: str | None = None) -> dict[str, Any]:
    response = panel.post("session", {"session_id": session_id} if session_id else {})
    assert response.status_code == 200, response.content
    found: dict[str, Any] = json.loads(response.content)
    return found


def say(panel: Panel, message: str, session_id: str, **more: Any) -> list[tuple[str, Any]]:
    response = panel.post("messages", {"message": message, "session_id": session_id, **more})
    assert response.status_code == 200, response.content
    assert response["Content-Type"].startswith("text/event-stream")
    return async_to_sync(events)(response)


def test_the_panel_opens_with_the_profile_and_nothing_said(panel: Panel) -> None:
    session = opened(panel)
    assert session["messages"] == []
    assert session["profile"]["name"] == "Helper"
    assert "system_prompt" not in json.dumps(session)
    assert (session["collect_needed"], session["lead_needed"]) == (False, False)
    assert len(session["session_id"]) > 20


def test_an_answer_streams_and_is_there_after_a_reload(panel: Panel, parrot: ModelServer) -> None:
    session_id = opened(panel)["session_id"]
    parrot.reply("One two")
    *tokens, (last, done) = say(panel, "Count", session_id)
    assert "".join(data["text"] for _, data in tokens) == "One two"
    assert (last, done["session_id"]) == ("done", session_id)
    question, answer = opened(panel, session_id)["messages"]
    assert (question["role"], question["content"]) == ("user", "Count")
    assert (answer["id"], answer["content"]) == (done["message_id"], "One two")


def test_it_remembers_and_forgets_when_it_is_reset(panel: Panel, parrot: ModelServer) -> None:
    session_id = opened(panel)["session_id"]
    say(panel, "I am Ana", session_id)
    say(panel, "Who am I?", session_id)
    assert "I am Ana" in parrot.chats[-1].prompt
    assert panel.post("reset", {"session_id": session_id}).status_code == 204
    say(panel, "And now?", session_id)
    assert "I am Ana" not in parrot.chats[-1].prompt


def test_a_change_shows_at_the_next_message(
    panel: Panel, parrot: ModelServer, bob: Actor, draft: Draft
) -> None:
    session_id = opened(panel)["session_id"]
    say(panel, "hi", session_id)
    change = {"system_prompt": "Talk like a pirate.", "model": "large-2"}
    editing.patch(bob, draft_types.get("chatbot"), draft.id, change)
    say(panel, "hi", session_id)
    assert "Talk like a pirate." in parrot.chats[-1].prompt
    assert parrot.chats[-1].json["model"] == "large-2"


def test_regenerating_replaces_the_last_answer(panel: Panel, parrot: ModelServer) -> None:
    session_id = opened(panel)["session_id"]
    parrot.reply("First.", "Second.")
    say(panel, "Hm?", session_id)
    say(panel, "", session_id, regenerate=True)
    assert parrot.chats[-1].json["messages"] == parrot.chats[-2].json["messages"]
    said = [m["content"] for m in opened(panel, session_id)["messages"]]
    assert said == ["Hm?", "Second."]


def test_an_answer_is_replaced_once(panel: Panel, parrot: ModelServer) -> None:
    session_id = opened(panel)["session_id"]
    say(panel, "Hm?", session_id)
    again = {"message": "", "session_id": session_id, "regenerate": True}
    first, second = panel.post("messages", again), panel.post("messages", again)
    assert second.status_code == 409
    assert "being written already" in second.json()["detail"]
    async_to_sync(events)(first)
    assert len(opened(panel, session_id)["messages"]) == 2


def test_there_is_nothing_to_regenerate_at_first(panel: Panel) -> None:
    body = {"message": "", "session_id": "s1", "regenerate": True}
    assert panel.post("messages", body).status_code == 422


def test_a_failed_answer_tells_the_builder_why(panel: Panel, parrot: ModelServer) -> None:
    session_id = opened(panel)["session_id"]
    parrot.reply(Reply("The model large-9 does not exist.", status=404))
    ((name, error),) = say(panel, "hi", session_id)
    assert name == "error"
    assert "large-9 does not exist" in error["message"]


def test_an_answer_that_failed_is_there_after_a_reload(panel: Panel, parrot: ModelServer) -> None:
    session_id = opened(panel)["session_id"]
    parrot.reply(Reply("One two three", cut_after=2), Reply("Not today.", status=401))
    error = say(panel, "Count", session_id)[-1][1]
    say(panel, "Again", session_id)
    shown = opened(panel, session_id)["messages"]
    assert [(m["content"], m["status"]) for m in shown] == [
        ("Count", "whole"),
        ("One two", "failed"),
        ("Again", "whole"),
        ("", "failed"),
    ]
    assert shown[1]["error"] == error["message"]
    say(panel, "", session_id, regenerate=True)
    assert opened(panel, session_id)["messages"][-1]["status"] == "whole"
    assert "One two" not in parrot.chats[-1].prompt


def test_feedback_is_kept_with_the_answer(panel: Panel, parrot: ModelServer) -> None:
    session_id = opened(panel)["session_id"]
    message_id = say(panel, "hi", session_id)[-1][1]["message_id"]
    body = {"session_id": session_id, "message_id": message_id, "value": "down"}
    assert panel.post("feedback", body).status_code == 204
    assert opened(panel, session_id)["messages"][-1]["feedback"] == "down"
    assert panel.post("feedback", body | {"value": None}).status_code == 204
    assert opened(panel, session_id)["messages"][-1]["feedback"] is None
    assert panel.post("feedback", body | {"message_id": "x"}).status_code == 404
    assert panel.post("feedback", body | {"value": "sideways"}).status_code == 422


def test_what_is_asked_before_the_chat_has_to_be_given(bob: Actor, parrot: ModelServer) -> None:
    panel = panel_of(bob, draft_of(bob, variables=REQUIRED))
    assert opened(panel)["collect_needed"] is True
    response = panel.post("messages", {"message": "hi", "session_id": "s1"})
    assert response.status_code == 422
    assert [e["path"] for e in response.json()["errors"]] == ["variables.email"]
    wrong = {"email": "ana", "size": "XL"}
    response = panel.post("messages", {"message": "hi", "session_id": "s1", "variables": wrong})
    paths = [e["path"] for e in response.json()["errors"]]
    assert paths == ["variables.email", "variables.size"]
    say(panel, "hi", "s1", variables={"email": "ana@example.com", "size": "S"})
    assert opened(panel, "s1")["collect_needed"] is False
    say(panel, "again", "s1")


def test_the_lead_form_is_checked_and_not_kept(bob: Actor) -> None:
    lead = {"enabled": True, "required_fields": ["email"], "optional_fields": ["name"]}
    panel = panel_of(bob, draft_of(bob, lead_capture=lead))
    assert opened(panel, "s1")["lead_needed"] is True
    body = {"session_id": "s1", "fields": {"email": "nope"}}
    assert panel.post("leads", body).status_code == 422
    assert panel.post("leads", body | {"fields": {"email": "ana@example.com"}}).status_code == 204
    assert opened(panel, "s1")["lead_needed"] is False
    assert b"ana@example.com" not in b"".join(_everything())


def _everything() -> list[bytes]:
    redis = get_redis_connection("drafts")
    return [value for key in redis.keys("preview:*:*") for value in redis.hvals(key)]


def test_sessions_live_and_die_with_the_draft(
    panel: Panel, parrot: ModelServer, bob: Actor, draft: Draft
) -> None:
    say(panel, "hi", "s1")
    say(panel, "hi", "s2")
    redis = get_redis_connection("drafts")
    key = f"preview:{draft.id}:s1"
    left = redis.pexpiretime(f"draft:chatbot:{draft.id}") - redis.pexpiretime(key)
    assert abs(left) < 2000
    editing.abandon(bob, draft_types.get("chatbot"), draft.id)
    assert redis.keys(f"preview:{draft.id}*") == []


def test_previewing_renews_the_draft(panel: Panel, parrot: ModelServer, draft: Draft) -> None:
    key = f"draft:chatbot:{draft.id}"
    get_redis_connection("drafts").expire(key, 100)
    say(panel, "hi", "s1")
    assert get_redis_connection("drafts").ttl(key) > 80_000


def test_strangers_and_viewers_stay_out(
    draft: Draft, mallory: Actor, vera: Actor, parrot: ModelServer
) -> None:
    base = f"/w/acme/chatbots/draft/{draft.id}/preview"
    body = {"message": "hi", "session_id": "s1"}
    for client, status in (
        (Client(), 401),
        (signed_in(Client(), mallory), 404),
        (signed_in(Client(), vera), 403),
    ):
        for path in ("session", "messages", "reset", "feedback", "leads", "share"):
            response = client.post(f"{base}/{path}", body, content_type="application/json")
            assert response.status_code == status, path
    own = signed_in(Client(), mallory)
    foreign = f"/w/evil/chatbots/draft/{draft.id}/preview/messages"
    assert own.post(foreign, body, content_type="application/json").status_code == 404
    assert not parrot.requests


def test_another_site_cannot_post_with_the_visitor_s_cookie(bob: Actor, draft: Draft) -> None:
    client = Client(enforce_csrf_checks=True)
    signed_in(client, bob)
    body = {"message": "hi", "session_id": "s1"}
    for path in ("session", "messages"):
        response = client.post(
            f"/w/acme/chatbots/draft/{draft.id}/preview/{path}",
            body,
            content_type="application/json",
            headers={"Origin": "https://evil.test"},
        )
        assert response.status_code == 403


def test_a_shared_link_shows_what_was_said_and_nothing_else(
    panel: Panel, parrot: ModelServer, client: Client
) -> None:
    assert panel.post("share", {"session_id": "s1"}).status_code == 422
    parrot.reply("**Bold** <img src=x onerror=alert(1)> ![x](https://evil.test/q)")
    say(panel, "<script>alert(1)</script>", "s1")
    link = json.loads(panel.post("share", {"session_id": "s1"}).content)
    page = client.get(link["url"].removeprefix("http://testserver"))
    html = page.content.decode()
    assert page.status_code == 200
    assert "<strong>Bold</strong>" in html
    assert "&lt;script&gt;" in html
    assert "<img" not in html
    assert "You help" not in html
    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page["X-Robots-Tag"]
    assert link["expires_at"] <= (timezone.now() + timedelta(days=1, minutes=1)).isoformat()


@pytest.mark.parametrize("renewed_by", ["session", "share"])
def test_a_session_lives_as_long_as_the_draft_that_is_renewed(
    panel: Panel, parrot: ModelServer, draft: Draft, renewed_by: str
) -> None:
    say(panel, "hi", "s1")
    redis = get_redis_connection("drafts")
    keys = (f"preview:{draft.id}", f"preview:{draft.id}:s1", f"draft:chatbot:{draft.id}")
    for key in keys:
        redis.expire(key, 100)
    answer = panel.post(renewed_by, {"session_id": "s1"}).json()
    index, session, own = (redis.pexpiretime(key) for key in keys)
    assert index == session
    assert abs(own - session) < 2000
    assert own > (time.time() + 80_000) * 1000
    assert RFC3339.fullmatch(answer["expires_at"])
    promised = datetime.fromisoformat(answer["expires_at"]).timestamp() * 1000
    assert abs(promised - session) < 2000


def test_a_shared_link_ends_with_the_session_and_cannot_be_made_up(
    panel: Panel, parrot: ModelServer, client: Client
) -> None:
    say(panel, "hi", "s1")
    url = json.loads(panel.post("share", {"session_id": "s1"}).content)["url"]
    path = url.removeprefix("http://testserver")
    panel.post("reset", {"session_id": "s1"})
    assert client.get(path).status_code == 410
    assert client.get("/p/made-up/").status_code == 404
    assert client.get(f"{path[:-2]}x/").status_code == 404


async def test_the_api_previews_as_json_and_as_a_stream(
    draft: Draft, api: Api, parrot: ModelServer
) -> None:
    path = f"/api/v1/chatbots/draft/{draft.id}/preview"
    body = {"message": "Hello", "session_id": "preview_session_123"}
    answer = (await api.post(path, body)).json()
    assert answer["message"] == "Hello from the model."
    assert answer["session_id"] == "preview_session_123"
    name, done = (await api.stream(path, {"message": "Hello"}))[-1]
    assert name == "done"
    assert set(done) == set(answer)


async def test_the_api_asks_for_nothing_before_the_chat(
    bob: Actor, api: Api, parrot: ModelServer
) -> None:
    draft = await sync_to_async(draft_of)(bob, variables=REQUIRED)
    path = f"/api/v1/chatbots/draft/{draft.id}/preview"
    assert (await api.post(path, {"message": "Hello"})).status_code == 200
    wrong = {"message": "Hello", "variables": {"email": "nope"}}
    assert (await api.post(path, wrong)).status_code == 422


async def test_the_api_knows_only_its_own_drafts(
    draft: Draft, evil_api: Api, parrot: ModelServer
) -> None:
    for path in (draft.id, "draft_chatbot_unknown"):
        url = f"/api/v1/chatbots/draft/{path}/preview"
        assert (await evil_api.post(url, {"message": "hi"})).status_code == 404
    assert not parrot.requests


async def test_a_session_of_another_draft_is_another_session(
    bob: Actor, draft: Draft, api: Api, parrot: ModelServer
) -> None:
    other = await sync_to_async(draft_of)(bob, name="Other")
    for id_ in (draft.id, other.id):
        body = {"message": f"secret of {id_}", "session_id": "same"}
        await api.post(f"/api/v1/chatbots/draft/{id_}/preview", body)
    assert draft.id not in parrot.chats[-1].prompt


def test_what_may_be_told_is_asked_once_before_the_first_message(
    bob: Actor, parrot: ModelServer
) -> None:
    field = {"name": "visitor_name", "collect_before_chat": True}
    panel = panel_of(bob, draft_of(bob, variables=[field]))
    assert opened(panel)["collect_needed"] is True
    say(panel, "Hi", "s1")
    assert opened(panel, "s1")["collect_needed"] is False


def test_a_preview_answers_so_often_a_minute_for_each_person(
    bob: Actor, alice: Actor, draft: Draft, parrot: ModelServer, settings: Settings
) -> None:
    settings.PREVIEWS_PER_MINUTE = 2
    panel = panel_of(bob, draft)
    for _ in range(2):
        say(panel, "hi", "s1")
    refused = panel.post("messages", {"message": "hi", "session_id": "s1"})
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60
    assert "at most 2 messages a minute. Try again in" in refused.json()["detail"]
    say(panel_of(alice, draft), "hi", "s1")
    say(panel_of(bob, draft_of(bob)), "hi", "s1")
    assert len(parrot.chats) == 4


def test_a_preview_spends_of_the_workspace_s_budget(
    panel: Panel, parrot: ModelServer, settings: Settings
) -> None:
    settings.SERVER_MODEL_MESSAGES_PER_DAY = 1
    say(panel, "hi", "s1")
    refused = panel.post("messages", {"message": "hi", "session_id": "s1"})
    assert refused.status_code == 429
    assert "its 1 messages a day from the server's own model" in refused.json()["detail"]
    assert len(parrot.chats) == 1


def test_a_workspace_s_previews_take_up_so_much_and_no_more(
    bob: Actor, panel: Panel, parrot: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_store, "MOST_SESSIONS", 2)
    monkeypatch.setattr(preview_store, "MOST_BYTES", 20_000)
    for text in ("a", "b", "c"):
        say(panel, text * 9_000, "s1")
    said = opened(panel, "s1")["messages"]
    assert [m["content"][0] for m in said if m["role"] == "user"] == ["b", "c"]
    for session in ("s2", "s3"):
        say(panel, "hi", session)
    kept = [len(opened(panel, session)["messages"]) for session in ("s1", "s2", "s3")]
    assert kept == [0, 2, 2]
    say(panel_of(bob, draft_of(bob)), "hi", "s1")
    assert opened(panel, "s2")["messages"] == []
