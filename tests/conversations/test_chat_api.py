"""Chatting with a deployed assistant through the API."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import AsyncClient
from django.utils import timezone
from django_redis import get_redis_connection

from conversations.follow_ups import TIME_LIMIT
from conversations.models import Conversation, Message
from tests.conversations.conftest import PLAIN, Api, deployed, events, released
from tests.servers.model import Reply
from tests.support.waiting import comes_true
from workspaces import keys

if TYPE_CHECKING:
    from drafts.models import Entity
    from tests.servers.model import ModelServer
    from workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bot(acme: Workspace) -> Entity:
    return deployed(acme)


def path_of(bot: Entity) -> str:
    return f"/api/v1/chatbots/{bot.pk}/chat"


async def _recorded() -> list[Message]:
    return [m async for m in Message.objects.order_by("created_at").select_related("conversation")]


async def test_a_message_is_answered_and_recorded(
    bot: Entity, api: Api, parrot: ModelServer
) -> None:
    parrot.reply(Reply("Good day.", prompt_tokens=9, completion_tokens=3))
    body = {"message": "Hello?", "user": "customer-7", "variables": {"visitor_name": "Ana"}}
    response = await api.post(path_of(bot), body)
    assert response.status_code == 200
    answer = response.json()
    assert answer["message"] == "Good day."
    assert answer["usage"] == {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}
    assert answer["sources"] == answer["citations"] == answer["follow_ups"] == []
    assert answer["latency_ms"] >= 0
    assert "You help Ana." in parrot.chats[-1].prompt
    question, said = await _recorded()
    assert (question.role, question.content) == ("user", "Hello?")
    assert (said.role, said.content, said.status) == ("assistant", "Good day.", "whole")
    assert (str(said.pk), said.release) == (answer["message_id"], 1)
    assert (said.model, said.prompt_tokens, said.completion_tokens) == ("small-1", 9, 3)
    conversation = said.conversation
    assert conversation.session_id == answer["session_id"]
    assert conversation.visitor == {"user": "customer-7"}
    assert conversation.variables == {"visitor_name": "Ana"}
    assert (conversation.opening, conversation.message_count) == ("Hello?", 2)


async def test_it_streams(bot: Entity, api: Api, parrot: ModelServer) -> None:
    parrot.reply("One two three")
    *tokens, (last, done) = await api.stream(path_of(bot), {"message": "Count"})
    assert [name for name, _ in tokens] == ["token"] * 3
    assert "".join(data["text"] for _, data in tokens) == "One two three"
    assert last == "done"
    assert set(done) == {
        *("message", "session_id", "message_id", "sources", "citations", "follow_ups"),
        *("handoff", "cards", "links"),
        *("usage", "latency_ms"),
    }
    assert (await _recorded())[-1].content == "One two three"


async def test_a_session_remembers(bot: Entity, api: Api, parrot: ModelServer) -> None:
    first = (await api.post(path_of(bot), {"message": "I am Ana"})).json()
    body = {"message": "Who am I?", "session_id": first["session_id"]}
    assert (await api.post(path_of(bot), body)).json()["session_id"] == first["session_id"]
    said = [m["content"] for m in parrot.chats[-1].json["messages"][1:]]
    assert said == ["I am Ana", "Hello from the model.", "Who am I?"]
    assert await Conversation.objects.acount() == 1


async def test_variables_are_kept(bot: Entity, api: Api, parrot: ModelServer) -> None:
    body = {"message": "hi", "session_id": "s1"}
    await api.post(path_of(bot), body | {"variables": {"visitor_name": "Ana"}})
    await api.post(path_of(bot), body)
    assert "You help Ana." in parrot.chats[-1].prompt


async def test_variables_do_not_pile_up(bot: Entity, api: Api, parrot: ModelServer) -> None:
    for first, status in ((0, 200), (30, 422), (20, 200)):
        given = {f"v{n}": "x" for n in range(first, first + 30)}
        body = {"message": "hi", "session_id": "s1", "variables": given}
        assert (await api.post(path_of(bot), body)).status_code == status
    assert len((await Conversation.objects.aget()).variables) == 50


async def test_memory_holds_only_the_last_messages(
    bot: Entity, api: Api, parrot: ModelServer
) -> None:
    for n in range(6):
        await api.post(path_of(bot), {"message": f"number {n}", "session_id": "s1"})
    said = [m["content"] for m in parrot.chats[-1].json["messages"] if m["role"] == "user"]
    assert said == ["number 2", "number 3", "number 4", "number 5"]


async def test_two_first_messages_at_once_share_one_conversation(
    bot: Entity, api: Api, parrot: ModelServer
) -> None:
    parrot.default = Reply(first_token_ms=50)
    calls = (api.post(path_of(bot), {"message": f"m{n}", "session_id": "s1"}) for n in range(8))
    assert {r.status_code for r in await asyncio.gather(*calls)} == {200}
    conversation = await Conversation.objects.aget()
    assert conversation.message_count == await Message.objects.acount() == 16


async def test_nobody_else_s_session_is_continued(
    bot: Entity, api: Api, evil_api: Api, evil: Workspace, parrot: ModelServer
) -> None:
    await api.post(path_of(bot), {"message": "my secret plan", "session_id": "s1"})
    theirs = await sync_to_async(deployed)(evil, name="Other")
    response = await evil_api.post(path_of(theirs), {"message": "go on", "session_id": "s1"})
    assert response.status_code == 200
    assert "secret plan" not in parrot.chats[-1].prompt
    assert await Conversation.objects.acount() == 2


async def test_a_foreign_assistant_does_not_exist(bot: Entity, evil_api: Api) -> None:
    assert (await evil_api.post(path_of(bot), {"message": "hi"})).status_code == 404


async def test_a_chat_key_opens_its_own_assistant_only(
    bot: Entity, acme: Workspace, parrot: ModelServer
) -> None:
    _, raw = await sync_to_async(keys.issue)(acme, "site", "chat", bot.pk)
    other = await sync_to_async(deployed)(acme, name="Other")
    assert (await Api(raw).post(path_of(bot), {"message": "hi"})).status_code == 200
    assert (await Api(raw).post(path_of(other), {"message": "hi"})).status_code == 403


async def test_without_a_key_nothing_is_answered(bot: Entity, parrot: ModelServer) -> None:
    for headers in ({}, {"Authorization": "Bearer pxb_x"}, {"Authorization": "Basic x"}):
        response = await AsyncClient().post(
            path_of(bot), '{"message":"hi"}', content_type="application/json", headers=headers
        )
        assert response.status_code == 401
        assert response["Content-Type"] == "application/problem+json"
    assert not parrot.requests


@pytest.mark.parametrize(
    "field", ["nodes", "edges", "data", "config", "system_prompt", "model", "draft_id", "stream"]
)
async def test_a_field_that_is_not_the_contract_s_is_refused(
    bot: Entity, api: Api, parrot: ModelServer, field: str
) -> None:
    response = await api.post(path_of(bot), {"message": "hi", field: "x"})
    assert response.status_code == 422
    assert response.json()["errors"][0]["path"] == field
    assert not parrot.requests


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"{}",
        b"\xff\xfe",
        b'{"message":"a","message":"b"}',
        b'{"message":"\\ud800"}',
        b'{"message":"\\u0000"}',
        b'{"message":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        b'{"message":1e400}',
        b'{"message":["a"]}',
        b'{"message":{"$ne":""}}',
        b'{"message":"   "}',
        b'{"message":"a","session_id":"../x y"}',
        b'{"message":"a","variables":{"x":{"y":1}}}',
        b'{"message":"' + b"x" * 20_000 + b'"}',
    ],
    ids=lambda raw: raw[:24],
)
async def test_a_body_that_is_wrong_is_told_so(bot: Entity, api: Api, raw: bytes) -> None:
    response = await AsyncClient().post(
        path_of(bot),
        raw,
        content_type="application/json",
        headers={"Authorization": f"Bearer {api.key}"},
    )
    assert 400 <= response.status_code < 500
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply("no key sk-test-key", status=401), "upstream-failed"),
        (Reply("busy", status=429, headers={"Retry-After": "99"}), "rate-limit"),
        (Reply("One two", cut_after=1), "upstream-failed"),
        (Reply(body="null"), "upstream-failed"),
    ],
    ids=["refused", "busy", "cut", "garbage"],
)
async def test_a_model_that_fails_is_told_without_its_key(
    bot: Entity, api: Api, parrot: ModelServer, reply: Reply, code: str
) -> None:
    parrot.default = reply
    response = await api.post(path_of(bot), {"message": "hi"})
    assert (response.status_code, response.json()["code"]) == (502, code)
    assert "sk-test-key" not in response.content.decode()
    assert response.headers.get("Retry-After") == (None if code != "rate-limit" else "99")
    failed = (await _recorded())[-1]
    assert failed.status == "failed"
    assert failed.error
    assert failed.content == response.json().get("partial", "")


async def test_a_stream_that_breaks_off_ends_with_an_error_and_keeps_what_was_said(
    bot: Entity, api: Api, parrot: ModelServer
) -> None:
    parrot.reply(Reply("One two three", cut_after=2))
    *tokens, (last, error) = await api.stream(path_of(bot), {"message": "hi", "session_id": "s"})
    assert "".join(data["text"] for _, data in tokens) == "One two"
    assert (last, error["code"]) == ("error", "upstream-failed")
    assert (await _recorded())[-1].content == "One two"
    parrot.reply("Fine.")
    await api.post(path_of(bot), {"message": "again", "session_id": "s"})
    assert [m["role"] for m in parrot.chats[-1].json["messages"]] == ["system", "user"]


async def test_a_client_that_leaves_ends_the_model_s_work_and_the_partial_answer_is_recorded(
    bot: Entity, api: Api, parrot: ModelServer
) -> None:
    parrot.reply(Reply(chunks=("word ",) * 500, token_ms=20))
    response = await api.post(path_of(bot), {"message": "hi"}, Accept="text/event-stream")
    reading = asyncio.ensure_future(events(response))
    await asyncio.sleep(0.3)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    said = (await _recorded())[-1]
    assert said.status == "stopped"
    assert said.content.startswith("word")
    assert await comes_true(lambda: parrot.dropped == 1)


async def test_a_question_whose_answer_was_stopped_before_its_first_word_is_forgotten(
    bot: Entity, api: Api, parrot: ModelServer
) -> None:
    """It is recorded how the turn ended, and models still see questions and answers by turns."""
    talk = {"session_id": "s"}
    await api.post(path_of(bot), talk | {"message": "one"})
    parrot.reply(Reply("Too late.", first_token_ms=5_000))
    response = await api.post(path_of(bot), talk | {"message": "two"}, Accept="text/event-stream")
    reading = asyncio.ensure_future(events(response))
    await asyncio.sleep(0.3)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    recorded = await _recorded()
    assert [said.content for said in recorded] == ["one", "Hello from the model.", "two", ""]
    assert (recorded[-1].role, recorded[-1].status) == ("assistant", "stopped")
    assert recorded[-1].conversation.message_count == 4
    await api.post(path_of(bot), talk | {"message": "three"})
    sent = [(m["role"], m["content"]) for m in parrot.chats[-1].json["messages"][1:]]
    assert sent == [("user", "one"), ("assistant", "Hello from the model."), ("user", "three")]


@pytest.mark.parametrize("accept", ["text/event-stream", "application/json"])
async def test_a_bot_that_is_deleted_while_it_answers_ends_the_chat(
    bot: Entity, api: Api, parrot: ModelServer, caplog: pytest.LogCaptureFixture, accept: str
) -> None:
    parrot.reply(Reply(chunks=("word ",) * 20, token_ms=50))
    asking = asyncio.ensure_future(_asked(api, bot, accept))
    while not parrot.chats:
        await asyncio.sleep(0.01)
    await asyncio.to_thread(_delete, bot)
    told = await asking
    assert told["detail"] == "This chat is not there any more."
    assert await Message.objects.acount() == 0
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def _delete(bot: Entity) -> None:
    """In a thread of its own: a request that waits for its answer may hold the tests'."""
    bot.delete()
    connections.close_all()


async def _asked(api: Api, bot: Entity, accept: str) -> dict[str, Any]:
    """What a chat ends with, as a problem."""
    response = await api.post(path_of(bot), {"message": "hi"}, Accept=accept)
    if accept == "application/json":
        assert response.status_code == 404
        problem: dict[str, Any] = response.json()
        return problem
    last, error = (await events(response))[-1]
    assert (last, error["code"]) == ("error", "not-found")
    return {"detail": error["message"]}


async def test_a_conversation_has_its_limit(acme: Workspace, api: Api, parrot: ModelServer) -> None:
    limit = {"rate_limiting": {"enabled": True, "max_messages_per_hour": 2}}
    bot = await sync_to_async(deployed)(acme, features=PLAIN["features"] | limit)
    body = {"message": "hi", "session_id": "s1"}
    statuses = [(await api.post(path_of(bot), body)).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    refused = await api.post(path_of(bot), body)
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert "2 messages an hour" in refused.json()["detail"]
    assert len(parrot.chats) == 2
    assert (await api.post(path_of(bot), body | {"session_id": "s2"})).status_code == 200


async def test_nothing_is_answered_while_nobody_can_count(
    bot: Entity, api: Api, parrot: ModelServer
) -> None:
    redis = get_redis_connection("default")
    redis.config_set("maxmemory", "1")
    try:
        response = await api.post(path_of(bot), {"message": "hi"})
    finally:
        redis.config_set("maxmemory", "0")
    assert response.status_code == 503
    assert not parrot.chats


async def test_the_new_version_answers_as_soon_as_it_is_live(
    bot: Entity, api: Api, parrot: ModelServer
) -> None:
    await api.post(path_of(bot), {"message": "hi", "session_id": "s"})
    await sync_to_async(released)(bot, PLAIN | {"system_prompt": "Second version."})
    await api.post(path_of(bot), {"message": "hi", "session_id": "s"})
    assert "Second version." in parrot.chats[-1].prompt
    assert (await _recorded())[-1].release == 2


@pytest.mark.parametrize("path", ["chatbots", "chatflows", "kb", "nothing"])
async def test_what_does_not_exist_is_not_found(api: Api, path: str) -> None:
    response = await api.post(f"/api/v1/{path}/{uuid4()}/chat", {"message": "hi"})
    assert response.status_code == 404


async def test_placeholders_and_code_stay_text(bot: Entity, api: Api, parrot: ModelServer) -> None:
    hostile = "{{7*7}} {{visitor_name}} ${7*7} {0.__class__} %(x)s"
    parrot.default = Reply(hostile)
    body: dict[str, Any] = {"message": hostile, "variables": {"visitor_name": hostile}}
    answer = (await api.post(path_of(bot), body)).json()
    assert answer["message"] == hostile
    assert f"You help {hostile}." in parrot.chats[-1].prompt
    assert parrot.chats[-1].question == hostile


async def test_follow_ups_are_asked_for_where_the_answer_is_watched(
    acme: Workspace, api: Api, parrot: ModelServer
) -> None:
    bot = await sync_to_async(deployed)(acme, features={"enable_follow_up_suggestions": True})
    parrot.when("Suggest up to three", '["Why?", "How much?", "x", "y"]')
    _, done = (await api.stream(path_of(bot), {"message": "hi"}))[-1]
    assert done["follow_ups"] == ["Why?", "How much?", "x"]
    assert (await api.post(path_of(bot), {"message": "hi"})).json()["follow_ups"] == []


async def test_an_answer_is_recorded_before_its_follow_ups_are_made(
    acme: Workspace, api: Api, parrot: ModelServer
) -> None:
    """Whoever leaves the page as soon as the answer stands finds it on the next one."""
    bot = await sync_to_async(deployed)(acme, features={"enable_follow_up_suggestions": True})
    parrot.when("Suggest up to three", Reply(hang=True))
    _, done = (await api.stream(path_of(bot), {"message": "hi"}))[-1]
    waited = timezone.now() - (await Message.objects.aget(role="assistant")).created_at
    assert waited.total_seconds() >= TIME_LIMIT - 0.1
    assert await Message.objects.acount() == 2
    assert str((await Message.objects.aget(role="assistant")).id) == done["message_id"]


async def test_slow_follow_ups_do_not_hold_the_answer_back(
    acme: Workspace, api: Api, parrot: ModelServer
) -> None:
    bot = await sync_to_async(deployed)(acme, features={"enable_follow_up_suggestions": True})
    parrot.when("Suggest up to three", Reply(hang=True))
    async with asyncio.timeout(4):
        _, done = (await api.stream(path_of(bot), {"message": "hi"}))[-1]
    assert done["message"] == "Hello from the model."
    assert done["follow_ups"] == []
