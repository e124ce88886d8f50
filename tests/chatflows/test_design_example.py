"""The design document's chatflow goes the whole way through the API: drawn, run, deployed."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from chatflows.assistant import NOTHING_BEGINS, TOO_MUCH
from tests.chatflows.billing import BILLING
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
SSE = "text/event-stream"


@pytest.fixture
def api(bob: Actor) -> CheckedApi:
    return CheckedApi(BASE, keys.issue(bob.workspace, "server", "manage", by=bob)[1])


async def drafted(api: CheckedApi, document: dict[str, Any]) -> str:
    created = (await api("POST", "/draft", document, 201)).json()
    return str(created["draft_id"])


async def test_the_design_is_stored_in_one_shape(api: CheckedApi) -> None:
    draft = (await api("GET", f"/draft/{await drafted(api, BILLING)}")).json()
    data = draft["data"]
    assert [edge.get("sourceHandle") for edge in data["edges"]] == [
        None,
        None,
        "true",
        "false",
        None,
    ]
    assert data["nodes"][2]["data"] == {"condition": "{{llm1.intent}} === 'billing'"}
    assert data["variables"] == [
        {"name": "user_intent", "default": ""},
        {"name": "kb_context", "default": ""},
    ]


async def test_the_flow_is_run_step_by_step(api: CheckedApi, model: ModelServer) -> None:
    model.reply('{"intent": "other"}')
    draft_id = await drafted(api, BILLING)
    ran = (await api("POST", f"/draft/{draft_id}/execute", {"input": "Hi"})).json()
    log = {step["node_id"]: step for step in ran["execution_log"]}
    assert list(log) == ["start", "llm1", "condition1", "response"]
    assert log["llm1"]["output"] == {"intent": "other", "text": '{"intent": "other"}'}
    assert log["llm1"]["input"]["prompt"] == "Classify user intent: Hi"
    assert (log["condition1"]["output"], log["condition1"]["handle"]) == (
        {"result": False},
        "false",
    )
    assert ran["output"] == "I have no answer to that. Try to ask it in another way."
    assert ran["error"] is None
    assert ran["execution_time_ms"] > 0


async def test_the_run_streams_what_each_node_does(api: CheckedApi, model: ModelServer) -> None:
    model.reply('{"intent": "other"}')
    draft_id = await drafted(api, BILLING)
    answer = await api("POST", f"/draft/{draft_id}/execute", {"input": "Hi"}, accept=SSE)
    text = b"".join([part async for part in answer.streaming_content]).decode()
    names = [line.removeprefix("event: ") for line in text.splitlines() if line[:6] == "event:"]
    assert names == [*(["node_started", "node_finished"] * 4), "token", "done"]


async def test_a_node_that_fails_is_told_with_the_log(api: CheckedApi, model: ModelServer) -> None:
    model.reply("not an object")
    document = BILLING | {"nodes": [*BILLING["nodes"][:4], {"id": "response", "type": "response"}]}
    draft_id = await drafted(api, document)
    ran = (await api("POST", f"/draft/{draft_id}/execute", {"input": "Hi"})).json()
    assert ran["error"] == "Response: Message: It is required."
    assert ran["execution_log"][-1]["status"] == "failed"


LIMITED: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "The flow took longer than its time limit of 1 s.": (
        {"timeout_seconds": 1},
        [{"id": "wait", "type": "delay", "data": {"seconds": 30}}],
    ),
    "Template n0: The flow reached its limit of 500 steps in one run.": (
        {"max_iterations": 100},
        [
            {"id": "each", "type": "loop", "data": {"items": f"{{{{ {[1] * 100} }}}}"}},
            *({"id": f"n{n}", "type": "template", "data": {"template": "x"}} for n in range(5)),
            {"id": "limit", "type": "template", "data": {"template": "x"}},
        ],
    ),
    TOO_MUCH: (
        {},
        [
            *(
                {"id": f"n{n}", "type": "template", "data": {"template": "x" * 50_000}}
                for n in "abc"
            ),
            {"id": "ask", "type": "collect_input", "data": {"question": "And?"}},
        ],
    ),
}


@pytest.mark.parametrize("error", LIMITED)
async def test_a_run_that_comes_to_a_limit_is_told_with_its_log(
    api: CheckedApi, error: str
) -> None:
    settings, middle = LIMITED[error]
    nodes = [{"id": "start", "type": "trigger"}, *middle]
    pairs = pairwise(nodes)
    edges = [{"id": b["id"], "source": a["id"], "target": b["id"]} for a, b in pairs]
    for edge in edges:
        if edge["source"] == "each":
            edge["sourceHandle"] = "body"
    document = {"name": "Much", "nodes": nodes, "edges": edges, "settings": settings}
    draft_id = await drafted(api, document)
    ran = (await api("POST", f"/draft/{draft_id}/execute", {"input": "Hi"})).json()
    assert ran["error"] == error
    assert ran["execution_log"][0]["node_id"] == "start"
    statuses = {step["node_id"]: step["status"] for step in ran["execution_log"]}
    assert statuses.get("wait", "stopped") == statuses.get("each", "stopped") == "stopped"
    (run,) = (await api("GET", f"/draft/{draft_id}/runs")).json()["runs"]
    assert run["status"] == "failed"


async def test_a_flow_that_cannot_begin_is_not_valid(api: CheckedApi) -> None:
    draft_id = await drafted(api, {"name": "Nothing", "nodes": []})
    refused = (await api("POST", f"/draft/{draft_id}/execute", {"input": "Hi"}, 422)).json()
    assert refused["detail"] == NOTHING_BEGINS["chat_message"]


async def test_one_node_is_run_alone(api: CheckedApi, model: ModelServer) -> None:
    draft_id = await drafted(api, BILLING)
    given = {"outputs": {"llm1": {"intent": "billing"}}}
    step = (await api("POST", f"/draft/{draft_id}/nodes/condition1/run", given)).json()
    assert (step["status"], step["handle"], step["output"]) == ("ok", "true", {"result": True})
    await api("POST", f"/draft/{draft_id}/nodes/nothing/run", given, 404)
    assert not model.chats


async def test_a_node_that_cannot_begin_alone_has_failed(api: CheckedApi) -> None:
    nodes = [
        {"id": "start", "type": "trigger"},
        {"id": "each", "type": "loop", "data": {"items": "{{ [1] }}"}},
        *({"id": name, "type": "template", "data": {"template": "x"}} for name in ("a", "b")),
    ]
    edges = [
        {"id": "1", "source": "start", "target": "each"},
        {"id": "2", "source": "each", "sourceHandle": "body", "target": "a"},
        {"id": "3", "source": "a", "target": "b"},
        {"id": "4", "source": "b", "target": "a"},
    ]
    draft_id = await drafted(api, {"name": "Circle", "nodes": nodes, "edges": edges})
    step = (await api("POST", f"/draft/{draft_id}/nodes/each/run")).json()
    assert (step["status"], step["output"]) == ("failed", None)
    assert "goes in a circle" in step["error"]


async def test_a_conversation_goes_on_where_it_waits(api: CheckedApi) -> None:
    document = {
        "name": "Ask",
        "nodes": [
            {"id": "start", "type": "trigger"},
            {"id": "ask", "type": "collect_input", "data": {"question": "Who?"}},
            {"id": "end", "type": "response", "data": {"message": "Hello {{ask}}"}},
        ],
        "edges": [
            {"id": "1", "source": "start", "target": "ask"},
            {"id": "2", "source": "ask", "target": "end"},
        ],
    }
    draft_id = await drafted(api, document)
    first = (await api("POST", f"/draft/{draft_id}/execute", {"input": "Hi"})).json()
    assert first["output"] == "Who?"
    again = {"input": "Ana", "session_id": first["session_id"]}
    second = (await api("POST", f"/draft/{draft_id}/execute", again)).json()
    assert second["output"] == "Hello Ana"
    deployed = (await api("POST", f"/draft/{draft_id}/deploy")).json()
    chat = CheckedApi(BASE, deployed["api_key"])
    path = f"/{deployed['chatflow_id']}/chat"
    first = (await chat("POST", path, {"message": "Hi"})).json()
    again = {"message": "Bo", "session_id": first["session_id"]}
    assert (await chat("POST", path, again)).json()["message"] == "Hello Bo"


async def test_problems_lead_to_their_nodes(api: CheckedApi) -> None:
    broken = BILLING | {"edges": BILLING["edges"][:3]}
    draft_id = await drafted(api, broken)
    report = (await api("POST", f"/draft/{draft_id}/validate")).json()
    assert not report["valid"]
    issues = {(i["path"], i.get("node_id"), i["step"]) for i in report["issues"]}
    assert ("nodes.condition1", "condition1", "workflow") in issues
    assert ("nodes.kb_search.data.kb_id", "kb_search", "workflow") in issues
    assert "Condition condition1: The branch “False” leads nowhere. Connect it." in report["errors"]
    await api("POST", f"/draft/{draft_id}/deploy", expect=422)


async def test_two_people_change_two_nodes_at_once(api: CheckedApi) -> None:
    draft_id = await drafted(api, BILLING)
    for node_id, data in (("llm1", {"temperature": 0.9}), ("response", {"message": "Hi"})):
        patch = {"data": {"nodes": {node_id: {"data": data}}}, "base_version": 1}
        await api("PATCH", f"/draft/{draft_id}", patch)
    nodes = {n["id"]: n for n in (await api("GET", f"/draft/{draft_id}")).json()["data"]["nodes"]}
    assert nodes["llm1"]["data"]["temperature"] == 0.9
    assert nodes["llm1"]["data"]["prompt"] == "Classify user intent: {{input}}"
    assert nodes["response"]["data"]["message"] == "Hi"
    wrong = {"data": {"nodes": {"llm1": {"data": {"temperature": "hot", "promt": "x"}}}}}
    refused = (await api("PATCH", f"/draft/{draft_id}", wrong, 422)).json()
    paths = {error["path"] for error in refused["errors"]}
    assert paths == {"data.nodes.llm1.data.temperature", "data.nodes.llm1.data.promt"}
