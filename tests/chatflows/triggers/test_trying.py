"""A draft's flow, started in the builder and over the API as its webhook or schedule would."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test import AsyncClient, Client
from django.test.utils import CaptureQueriesContext

from assistants.kinds import talking
from assistants.overview import live, live_rows
from chatflows.advice import advice
from chatflows.models import Delivery
from conversations.models import Conversation, Message
from drafts import creating
from drafts.deploying.planning import plan
from drafts.types import draft_types
from tests.chatflows.triggers.conftest import CHAT, CLOCK, HOOK, calling, flow, live_flow
from tests.conversations.conftest import Api, events
from tests.support.people import signed_in
from workspaces import keys

if TYPE_CHECKING:
    from drafts.draft import Draft
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)
SAYS = "{{hook.body.a}}|{{hook.headers.x-b}}|{{hook.query.c}}|{{clock.time}}|{{input}}"


@pytest.fixture
def draft(bob: Actor) -> Draft:
    says = SAYS.replace("headers.x-b", 'headers["x-b"]')
    document = flow(CHAT, HOOK, {**CLOCK, "timezone": "Asia/Tokyo"}, says=says)
    return creating.create(bob, draft_types.get("chatflow"), document)


@pytest.fixture
def program(bob: Actor) -> Api:
    return Api(keys.issue(bob.workspace, "server", "manage")[1])


async def executed(program: Api, draft: Draft, **body: Any) -> Any:
    return await program.post(f"/api/v1/chatflows/draft/{draft.id}/execute", body)


async def test_the_api_starts_a_draft_by_each_of_its_starts(program: Api, draft: Draft) -> None:
    payload = {"body": {"a": 1, "message": "Hi"}, "headers": {"x-b": "2"}, "query": {"c": "3"}}
    answer = await executed(program, draft, trigger="webhook", payload=payload)
    assert answer.status_code == 200, answer.content
    assert answer.json()["output"] == "1|2|3||Hi"
    assert answer.json()["execution_log"][0]["node_id"] == "hook"
    answer = await executed(program, draft, trigger="schedule")
    assert answer.json()["execution_log"][0]["node_id"] == "clock"
    assert answer.json()["output"][3:8].count(":") == 1
    answer = await executed(program, draft, input="Hello")
    assert answer.json()["output"] == "||||Hello"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "input"),
        ({"input": "  "}, "input"),
        ({"trigger": "x", "input": "Hi"}, "trigger"),
        ({"trigger": "webhook", "payload": {"x": 1}}, "payload.x"),
        ({"trigger": "webhook", "payload": {"headers": {"a": 1}}}, "payload.headers.a"),
    ],
)
async def test_what_does_not_fit_is_refused(
    program: Api, draft: Draft, body: dict[str, Any], path: str
) -> None:
    answer = await executed(program, draft, **body)
    assert answer.status_code == 422, answer.content
    assert [error["path"] for error in answer.json()["errors"]] == [path]


async def test_a_start_that_the_flow_has_not_is_refused(program: Api, bob: Actor) -> None:
    kind = draft_types.get("chatflow")
    draft = await sync_to_async(creating.create)(bob, kind, flow(CHAT, says="Hi"))
    answer = await executed(program, draft, trigger="webhook")
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "trigger")


async def test_the_builder_starts_it_in_the_previews_session(draft: Draft, bob: Actor) -> None:
    path = f"/w/{bob.workspace.slug}/chatflows/draft/{draft.id}/start"
    client = AsyncClient()
    client.cookies = (await sync_to_async(signed_in)(Client(), bob)).cookies
    body = {"trigger": "webhook", "payload": {"body": {"a": 7}}, "session_id": "s_1"}
    answer = await client.post(path, json.dumps(body), content_type="application/json")
    assert answer.status_code == 200, answer.content
    told = await events(answer)
    assert [name for name, _data in told][-1] == "done"
    assert (told[-1][1]["message"], told[-1][1]["session_id"]) == ("7||||", "s_1")
    assert "node_finished" in [name for name, _data in told]


def test_only_editors_of_the_workspace_start_it(draft: Draft, vera: Actor, mallory: Actor) -> None:
    path = f"/w/{vera.workspace.slug}/chatflows/draft/{draft.id}/start"
    body = json.dumps({"trigger": "schedule"})
    for actor, status in ((vera, 403), (mallory, 404)):
        answer = signed_in(Client(), actor).post(path, body, content_type="application/json")
        assert answer.status_code == status


def test_the_plan_tells_what_starts(draft: Draft, bob: Actor) -> None:
    assert plan(bob, draft).channels == ()
    words = draft_types.get("chatflow").going_live(draft)
    assert "gets an address" in words
    assert words.count("09:30") == 3


def test_lists_say_what_begins_a_flow(bob: Actor) -> None:
    for starts in ((CHAT,), (HOOK,), (CLOCK, HOOK)):
        live_flow(bob, flow(*starts, says="Hello."))
    kind = talking(draft_types.get("chatflow"))
    with CaptureQueriesContext(connection) as of_all:
        rows = live_rows(bob, kind, live(bob, kind))
    assert [[each.label for each in row.starts] for row in rows] == [
        ["Webhook", "Schedule"],
        ["Webhook"],
        [],
    ]
    with CaptureQueriesContext(connection) as of_one:
        live_rows(bob, kind, live(bob, kind)[:1])
    assert len(of_all) == len(of_one)
    page = signed_in(Client(), bob).get(f"/w/{bob.workspace.slug}/chatflows/").content.decode()
    assert page.count("API only") == 1


def test_a_flow_that_nobody_chats_with_is_not_said_to_answer_messages(bob: Actor) -> None:
    told = live_page(bob, flow(HOOK, CLOCK))
    assert "-d &#x27;{&quot;message&quot;: &quot;Hello&quot;}&#x27;" in told
    assert "From your own program" not in told
    assert "Put it on a website" not in told
    assert "From your own program" in live_page(bob, flow(CHAT, HOOK))


def live_page(actor: Actor, document: dict[str, Any]) -> str:
    """What is shown after the deploy of a flow."""
    address = draft_types.get("chatflow").success_url(live_flow(actor, document))
    return signed_in(Client(), actor).get(address).content.decode()


def test_channels_of_a_flow_that_nobody_can_chat_with_are_warned_about() -> None:
    channel = {"type": "website", "enabled": True, "config": {"allowed_domains": ["a.example"]}}
    document = {**flow(HOOK), "deployment": {"channels": [channel]}}
    assert "deployment.channels" in dict(advice(document))
    assert "deployment.channels" not in dict(advice(flow(HOOK)))


async def test_a_worker_runs_what_was_answered_at_once(
    bob: Actor, worker: object, redis_clean: None
) -> None:
    entity = await sync_to_async(live_flow)(bob, flow({**HOOK, "respond": "at_once"}))
    assert (await (await calling(entity)).call({"order": 3})).status_code == 202

    async with asyncio.timeout(20):
        while not await Delivery.objects.filter(status="done").aexists():
            await asyncio.sleep(0.05)
    assert await Conversation.objects.acount() == 1
    assert (await Message.objects.aget(role="assistant")).content == "Got 3."


@pytest.mark.parametrize("starts", [(CHAT, HOOK), (HOOK,)])
def test_nobody_is_asked_to_write_where_no_start_is_a_message(
    bob: Actor, starts: tuple[dict[str, Any], ...]
) -> None:
    draft = creating.create(bob, draft_types.get("chatflow"), flow(*starts))
    url = f"/w/{bob.workspace.slug}/chatflows/draft/{draft.id}/workflow/"
    page = signed_in(Client(), bob).get(url).content.decode()
    assert ('id="no-chat" hidden' in page) is (CHAT in starts)
