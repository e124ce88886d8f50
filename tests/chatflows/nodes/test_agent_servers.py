"""The agent whose tools are those of MCP servers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from chatflows.executor.events import Broken
from chatflows.nodes.agent import AgentSettings
from chatflows.nodes.mcp_tools import free_name
from tests.chatflows.executor.flows import flow, ran
from tests.servers.mcp import McpStandIn, Offered
from tests.servers.model import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatflows.executor.flow import Flow
    from chatflows.executor.ports import Ports
    from tests.servers.model import ModelServer

CLOCK = {"id": "way1", "name": "search", "description": "Searches here."}


@pytest.fixture
def docs(settings: Any) -> Iterator[McpStandIn]:
    schema = {"type": "object", "properties": {"q": {"type": "string"}}}
    tools = (Offered("search", "Found.", "Searches.", schema), Offered("read/page", "!Gone."))
    with McpStandIn(*tools) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
        yield server


def agent(*servers: dict[str, Any], **settings: Any) -> Flow:
    nodes = {
        "start": ("trigger", {}),
        "agent1": ("agent", {"servers": servers, **settings}),
        "end": ("response", {"message": "{{agent1}}"}),
        "sorry": ("response", {"message": "Sorry: {{agent1.error}}"}),
        "here": ("template", {"template": "Here."}),
    }
    return flow(nodes, "start->agent1 agent1->end agent1.error->sorry agent1.way1->here")


def offered(model_server: ModelServer) -> list[str]:
    return [each["function"]["name"] for each in model_server.chats[-1].json.get("tools", [])]


def told(model_server: ModelServer) -> list[str]:
    messages = model_server.chats[-1].json["messages"]
    return [each["content"] for each in messages if each["role"] == "tool"]


def test_tools_of_a_server_are_used(
    ports: Ports, model_server: ModelServer, docs: McpStandIn
) -> None:
    model_server.reply(Reply(calls=(("search", {"q": "x"}), ("read_page", {}))), "Done.")
    turn = ran(agent({"url": docs.address}), ports=ports)
    assert turn.text == "Done."
    assert told(model_server) == ["Found.", "Error: Gone."]
    function = model_server.chats[0].json["tools"][0]["function"]
    assert function["description"] == "Searches."
    assert function["parameters"]["properties"] == {"q": {"type": "string"}}
    names = [each["params"]["name"] for each in docs.asked if each["method"] == "tools/call"]
    assert sorted(names) == ["read/page", "search"]
    assert docs.ended == ["session-1"]


def test_only_what_is_allowed_is_offered(
    ports: Ports, model_server: ModelServer, docs: McpStandIn
) -> None:
    ran(agent({"url": docs.address, "tools": ["read/page", "other"]}), ports=ports)
    assert offered(model_server) == ["read_page"]


def test_names_that_are_taken_say_whose_they_are(
    ports: Ports, model_server: ModelServer, docs: McpStandIn
) -> None:
    ran(agent({"url": docs.address}, tools=[CLOCK]), ports=ports)
    assert offered(model_server) == ["search", "127_0_0_1_search", "read_page"]


@pytest.mark.parametrize(
    ("there", "taken", "name"),
    [
        ("search", [], "search"),
        ("a.b c", [], "a_b_c"),
        ("x" * 80, [], "x" * 64),
        ("search", ["search"], "docs_example_com_search"),
        ("search", ["search", "docs_example_com_search"], "search_2"),
        ("ä", [], "_"),
    ],
)
def test_a_name_is_one_that_models_take(there: str, taken: list[str], name: str) -> None:
    assert free_name(there, "docs.example.com", taken) == name


def test_a_server_that_is_away_is_an_error_with_its_host(
    ports: Ports, model_server: ModelServer, docs: McpStandIn
) -> None:
    docs.status = 503
    end = ran(agent({"url": docs.address}), ports=ports).end
    assert isinstance(end, Broken)
    assert (end.node_id, end.field) == ("agent1", "servers")
    assert end.message == "127.0.0.1 answered 503."
    turn = ran(agent({"url": docs.address}, on_error="branch"), ports=ports)
    assert turn.text == "Sorry: 127.0.0.1 answered 503."
    assert model_server.chats == []


def test_requests_are_counted_with_the_run(
    ports: Ports, model_server: ModelServer, docs: McpStandIn
) -> None:
    model_server.default = Reply(calls=tuple(("search", {}) for _ in range(8)))
    ran(agent({"url": docs.address}, max_steps=3), ports=ports)
    results = told(model_server)
    assert results.count("Found.") == 19
    assert results[19:] == ["Error: A run sends 20 requests, and no more."] * 5


@pytest.mark.parametrize(
    ("servers", "words"),
    [
        ([{"url": ""}], "at least 1 character"),
        ([{"url": "ftp://x.test"}], "begins with https"),
        ([{"url": "https://me:secret@x.test/"}], "user's name or a password"),
        ([{"url": "https://x.test"}, {"url": "https://x.test"}], "is there twice"),
        ([{"url": "https://x.test", "credential_id": "none"}], "UUID"),
    ],
)
def test_servers_are_complete(servers: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        AgentSettings.model_validate({"servers": servers})


def test_a_row_without_a_credential_has_none() -> None:
    settings = AgentSettings.model_validate(
        {"servers": [{"url": "https://x", "credential_id": ""}]}
    )
    assert list(settings.http_credentials()) == []
