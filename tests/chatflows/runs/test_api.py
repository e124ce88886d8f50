"""The last runs of a draft, over the API: listed, looked at, done again, and nodes pinned."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone
from django_redis import get_redis_connection

from conversations import preview, preview_pins, preview_runs
from tests.chatflows.billing import BILLING
from tests.servers.model import Reply
from tests.support.checked_api import CheckedApi
from workspaces import keys

if TYPE_CHECKING:
    from tests.servers.model import ModelServer
    from workspaces.access import Actor

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("redis_clean", "connections_returned"),
]
BASE = "/api/v1/chatflows"
OTHER = '{"intent": "other"}'


@pytest.fixture
def api(bob: Actor) -> CheckedApi:
    return CheckedApi(BASE, keys.issue(bob.workspace, "server", "manage", by=bob)[1])


async def executed(api: CheckedApi, model: ModelServer, answer: str = OTHER) -> str:
    """The address of a draft whose flow has run once."""
    created = (await api("POST", "/draft", BILLING, 201)).json()
    at = f"/draft/{created['draft_id']}"
    model.reply(answer)
    await api("POST", f"{at}/execute", {"input": "Hi"})
    return at


async def only_run(api: CheckedApi, at: str) -> dict[str, Any]:
    (listed,) = (await api("GET", f"{at}/runs")).json()["runs"]
    found: dict[str, Any] = (await api("GET", f"{at}/runs/{listed['id']}")).json()
    return found


def steps(run: dict[str, Any], name: str = "steps") -> dict[str, str]:
    return {step["node_id"]: step["status"] for step in run[name]}


async def test_a_run_is_kept_with_what_each_node_did(api: CheckedApi, model: ModelServer) -> None:
    at = await executed(api, model)
    run = await only_run(api, at)
    assert (run["message"], run["status"], run["replay_of"]) == ("Hi", "whole", None)
    assert steps(run) == dict.fromkeys(["start", "llm1", "condition1", "response"], "ok")
    llm = run["steps"][1]
    assert llm["input"]["prompt"] == "Classify user intent: Hi"
    assert llm["output"]["intent"] == "other"
    assert llm["tokens"] == 12


async def test_what_a_node_was_at_when_its_run_was_stopped_is_told_as_stopped(
    api: CheckedApi, model: ModelServer
) -> None:
    created = (await api("POST", "/draft", BILLING, 201)).json()
    at = f"/draft/{created['draft_id']}"
    model.reply(Reply(hang=True))
    answer = await api("POST", f"{at}/execute", {"input": "Hi"}, accept="text/event-stream")
    reading = asyncio.ensure_future(_read(answer))
    while not model.chats:
        await asyncio.sleep(0.01)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    run = await only_run(api, at)
    assert run["status"] == "stopped"
    assert steps(run) == {"start": "ok", "llm1": "stopped"}
    assert run["steps"][1]["duration_ms"] > 0
    assert run["steps"][1]["error"] == "It was stopped before it was done."


async def _read(answer: Any) -> None:
    async for _chunk in answer.streaming_content:
        pass


async def test_a_run_is_done_again_with_a_changed_node(api: CheckedApi, model: ModelServer) -> None:
    at = await executed(api, model)
    run = await only_run(api, at)
    changed = {"nodes": {"response": {"data": {"message": "It is **{{llm1.intent}}**<b>."}}}}
    await api("PATCH", at, {"data": changed})
    asked = len(model.requests)
    again = (await api("POST", f"{at}/runs/{run['id']}/replay", {"node_id": "response"})).json()
    assert len(model.requests) == asked
    assert again["output"] == "It is **other**<b>."
    assert steps(again, "execution_log") == {
        "start": "reused",
        "llm1": "reused",
        "condition1": "reused",
        "response": "ok",
    }
    newest = (await api("GET", f"{at}/runs")).json()["runs"][0]
    assert newest["replay_of"] == {
        "run_id": run["id"],
        "node_id": "response",
        "label": "Response",
    }
    kept = (await api("GET", f"{at}/runs/{newest['id']}")).json()
    assert kept["answer_html"] == "<p>It is <strong>other</strong>&lt;b&gt;.</p>\n"
    # It can be done again itself, from further up.
    model.reply('{"intent": "weather"}')
    third = (await api("POST", f"{at}/runs/{newest['id']}/replay", {"node_id": "llm1"})).json()
    assert third["output"] == "It is **weather**<b>."
    assert steps(third, "execution_log")["start"] == "reused"


async def test_what_cannot_be_done_again_says_why(api: CheckedApi, model: ModelServer) -> None:
    at = await executed(api, model)
    run = await only_run(api, at)
    path = f"{at}/runs/{run['id']}/replay"
    refused = (await api("POST", path, {"node_id": "nothing"}, 422)).json()
    assert refused["errors"][0]["path"] == "node_id"
    await api("POST", f"{at}/runs/unknown/replay", {"node_id": "llm1"}, 404)
    await api("POST", path, {}, 422)


async def test_a_pinned_node_is_not_asked(api: CheckedApi, model: ModelServer) -> None:
    at = await executed(api, model)
    pinned = {"output": {"intent": "other", "text": "…"}}
    told = (await api("PUT", f"{at}/nodes/llm1/pin", pinned)).json()
    assert told == {"node_id": "llm1", "handle": "", **pinned}
    asked = len(model.requests)
    ran = (await api("POST", f"{at}/execute", {"input": "Hello"})).json()
    assert len(model.requests) == asked
    assert steps(ran, "execution_log")["llm1"] == "pinned"
    assert (await api("GET", f"{at}/pins")).json()["pins"] == [told]
    # It is no part of what can be exported or goes live.
    assert "pin" not in str((await api("GET", at)).json()["data"])
    await api("DELETE", f"{at}/nodes/llm1/pin", None, 204)
    await api("DELETE", f"{at}/nodes/llm1/pin", None, 404)
    model.reply(OTHER)
    ran = (await api("POST", f"{at}/execute", {"input": "Hello"})).json()
    assert steps(ran, "execution_log")["llm1"] == "ok"


async def test_what_a_run_gave_is_pinned(api: CheckedApi, model: ModelServer) -> None:
    at = await executed(api, model)
    run = await only_run(api, at)
    told = (await api("PUT", f"{at}/nodes/condition1/pin", {"run_id": run["id"]})).json()
    assert told["handle"] == "false"


async def test_a_pinned_node_still_says_and_remembers_what_it_did(
    api: CheckedApi, model: ModelServer
) -> None:
    created = (await api("POST", "/draft", BILLING, 201)).json()
    at = f"/draft/{created['draft_id']}"
    said = {"nodes": {"response": {"data": {"message": "It is {{llm1.intent}}."}}}}
    await api("PATCH", at, {"data": said})
    model.reply(OTHER)
    await api("POST", f"{at}/execute", {"input": "Hi"})
    run = await only_run(api, at)
    await api("PUT", f"{at}/nodes/response/pin", {"run_id": run["id"]})
    model.reply('{"intent": "weather"}')
    ran = (await api("POST", f"{at}/execute", {"input": "Hello"})).json()
    assert ran["output"] == run["answer"] == "It is other."
    written = {"output": {"message": "Something else."}}
    await api("PUT", f"{at}/nodes/response/pin", written)
    model.reply(OTHER)
    ran = (await api("POST", f"{at}/execute", {"input": "Hello"})).json()
    assert ran["output"] == "Something else."
    report = (await api("POST", f"{at}/validate")).json()
    assert "Pinned in the preview only" in str(report["warnings"])


async def test_pins_that_make_no_sense_are_refused(api: CheckedApi, model: ModelServer) -> None:
    at = await executed(api, model)
    await api("PUT", f"{at}/nodes/nothing/pin", {"output": {}}, 404)
    await api("PUT", f"{at}/nodes/llm1/pin", {}, 422)
    await api("PUT", f"{at}/nodes/condition1/pin", {"output": {}, "handle": "maybe"}, 422)
    await api("PUT", f"{at}/nodes/llm1/pin", {"output": {"text": "x" * 70_000}}, 422)
    await api("PUT", f"{at}/nodes/llm1/pin", {"run_id": "unknown"}, 404)
    await api("PUT", f"{at}/nodes/llm1/pin", {"tried": True}, 404)


async def test_a_draft_that_is_abandoned_leaves_no_runs(
    api: CheckedApi, model: ModelServer
) -> None:
    at = await executed(api, model)
    await api("PUT", f"{at}/nodes/llm1/pin", {"output": {}})
    await api("DELETE", at, None, 204)
    assert await sync_to_async(_left)(at.removeprefix("/draft/")) == []


def _left(draft_id: str) -> list[bytes]:
    """What Redis holds beside the draft; what is a workspace's list of names is not."""
    return [
        key
        for name in (f"run:{draft_id}:*", *(f"{of}:{draft_id}" for of in ("runs", "pins", "tried")))
        for key in get_redis_connection("drafts").keys(name)
    ]


async def test_another_workspace_sees_nothing(
    api: CheckedApi, model: ModelServer, mallory: Actor
) -> None:
    at = await executed(api, model)
    run = await only_run(api, at)
    key = (await sync_to_async(keys.issue)(mallory.workspace, "server", "manage", by=mallory))[1]
    hers = CheckedApi(BASE, key)
    await hers("GET", f"{at}/runs", None, 404)
    await hers("GET", f"{at}/runs/{run['id']}", None, 404)
    await hers("POST", f"{at}/runs/{run['id']}/replay", {"node_id": "llm1"}, 404)
    await hers("PUT", f"{at}/nodes/llm1/pin", {"output": {}}, 404)


def test_only_the_last_runs_are_kept_and_none_is_larger_than_it_may_be(bob: Actor) -> None:
    until = timezone.now() + timedelta(hours=1)
    step = {"node_id": "a", "place": [0], "status": "ok", "input": {}, "handle": ""}
    for number in range(preview_runs.MOST_OF_DRAFT + 5):
        large = {**step, "output": {"text": "x" * 300_000}, "effects": {}}
        record = preview_runs._fitting(
            {"id": str(number), "at": number, "steps": [large, {**step, "output": {}}]}
        )
        preview_runs.keep(bob.workspace_id, "d_1", record, until)
    found = preview_runs.kept("d_1")
    assert [each["id"] for each in found][:2] == ["24", "23"]
    assert len(found) == preview_runs.MOST_OF_DRAFT
    assert [step.get("shortened", False) for step in found[0]["steps"]] == [True, False]
    assert preview_runs.one("d_1", "0") is None
    preview.forget("d_1")
    assert preview_runs.kept("d_1") == []
    assert preview_pins.pins_of("d_1") == {}


HANDED: dict[str, Any] = {
    "name": "Desk",
    "nodes": [
        {"id": "start", "type": "trigger", "data": {}},
        {"id": "note", "type": "variable", "data": {"variable": "last", "value": "{{input}}"}},
        {"id": "say", "type": "response", "data": {"message": "You said {{last}}."}},
        {"id": "person", "type": "handoff", "data": {"message": "One moment."}},
    ],
    "edges": [
        {"id": "e1", "source": "start", "target": "note"},
        {"id": "e2", "source": "note", "target": "say"},
        {"id": "e3", "source": "say", "target": "person"},
    ],
}


async def test_a_run_that_began_anew_is_done_again_as_it_was(api: CheckedApi) -> None:
    at = f"/draft/{(await api('POST', '/draft', HANDED, 201)).json()['draft_id']}"
    first = (await api("POST", f"{at}/execute", {"input": "one"})).json()
    told = {"input": "two", "session_id": first["session_id"]}
    await api("POST", f"{at}/execute", told)
    newest = (await api("GET", f"{at}/runs")).json()["runs"][0]
    run = (await api("GET", f"{at}/runs/{newest['id']}")).json()
    # In the order in which they ran: the answer to the handoff, then all from the beginning.
    assert [(step["node_id"], step["status"]) for step in run["steps"]] == [
        ("person", "ok"),
        ("start", "ok"),
        ("note", "ok"),
        ("say", "ok"),
        ("person", "waiting"),
    ]
    body = {"node_id": "say"}
    again = (await api("POST", f"{at}/runs/{run['id']}/replay", body)).json()
    assert again["output"] == run["answer"] == "You said two.\n\nOne moment."
    assert steps(again, "execution_log") == {
        "start": "reused",
        "note": "reused",
        "say": "ok",
        "person": "waiting",
    }


async def test_of_many_pins_at_once_no_more_are_kept_than_may_be() -> None:
    expires_at = timezone.now() + timedelta(minutes=5)

    @sync_to_async(thread_sensitive=False)
    def pin(number: int) -> bool:
        try:
            preview_pins.pin("draft", f"n{number}", {"output": {}}, expires_at)
        except preview_pins.PinError:
            return False
        return True

    kept = await asyncio.gather(*(pin(number) for number in range(80)))
    assert sum(kept) == len(preview_pins.pins_of("draft")) == preview_pins.MOST_PINS
    preview_pins.pin("draft", next(iter(preview_pins.pins_of("draft"))), {"output": 1}, expires_at)
