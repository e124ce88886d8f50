"""A chatflow's configuration as an assistant: what it says, cites, traces and keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from chatflows.assistant import ChatflowAssistant
from chatflows.draft_type import ChatflowDraft
from chatflows.normalising import normalised
from conversations.runtime import ModelChoice, Ports, answer
from conversations.turn import Cited, Done, Failed, Passage, Token, Traced, Turn
from inference.resolve import model_client
from tests.chatflows.billing import BILLING
from tests.chatflows.nodes.test_knowledge_base import Shelf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conversations.turn import Event
    from tests.servers.model import ModelServer

PRICES = Passage(1, "The plan costs nine euro.", "Prices", chunk_id="a")


def stored(document: Mapping[str, Any]) -> dict[str, Any]:
    """As a draft keeps it."""
    found = normalised(dict(document), {})
    found["variables"] = [{"name": name, **each} for name, each in found["variables"].items()]
    return found


async def converse(
    document: Mapping[str, Any], message: str, state: Mapping[str, Any] | None = None
) -> list[Event]:
    assistant = ChatflowAssistant(document)
    models = {choice: model_client(None) for choice in assistant.model_choices}
    ports = Ports(models, Shelf((PRICES,)))
    turn = Turn(message, state=state or {})
    return [event async for event in answer(assistant, turn, ports)]


def done(events: list[Event]) -> Done:
    assert isinstance(events[-1], Done), events[-1]
    return events[-1]


async def test_the_billing_example(model: ModelServer) -> None:
    model.reply('{"intent": "billing"}')
    events = await converse(stored(BILLING), "What does it cost?")
    end = done(events)
    assert end.message == "The plan costs nine euro. [1]"
    assert [each.number for each in end.citations] == [1]
    assert Cited(PRICES) in events
    assert end.sources == ("Prices",)
    assert (end.model, end.usage.total_tokens) == ("secret-ai-v1", 12)
    steps = [each.data for each in events if isinstance(each, Traced)]
    finished = [(s["node_id"], s["handle"]) for s in steps if "duration_ms" in s]
    assert finished == [
        ("start", ""),
        ("llm1", ""),
        ("condition1", "true"),
        ("kb_search", ""),
        ("response", ""),
    ]


async def test_the_other_branch(model: ModelServer) -> None:
    model.reply('{"intent": "weather"}')
    events = await converse(stored(BILLING), "Will it rain?")
    words = "I have no answer to that. Try to ask it in another way."
    assert done(events).message == words
    assert Token(words) in events
    ran = [e.data["node_id"] for e in events if isinstance(e, Traced) and "handle" in e.data]
    assert "kb_search" not in ran


def test_what_it_may_ask_and_what_visitors_are_told() -> None:
    assistant = ChatflowAssistant(stored(BILLING))
    assert assistant.model_choices == (ModelChoice("openai_compatible", "secret-ai-v1", None),)
    assert assistant.profile.name == "Customer Support Flow"
    assert assistant.profile.welcome_message == "Hello! I'm your automated assistant."
    assert set(assistant.variables) == {"user_intent", "kb_context"}


async def test_a_flow_that_is_half_drawn_can_be_tried_as_far_as_it_goes(
    model: ModelServer,
) -> None:
    document = stored(BILLING)
    document["nodes"][4]["data"] = {}
    document["edges"].append({"id": "x", "source": "nowhere", "target": "start"})
    model.reply('{"intent": "other"}')
    end = (await converse(document, "Hi"))[-1]
    assert isinstance(end, Failed)
    assert end.message == "Response: Message: It is required."


@pytest.mark.parametrize("document", [{}, {"nodes": []}, {"name": 5, "nodes": "x", "edges": 3}])
async def test_a_flow_without_a_start_says_so(document: dict[str, Any]) -> None:
    (end,) = await converse(document, "Hi")
    assert isinstance(end, Failed)
    assert (end.code, "Add a start" in end.message) == ("not-configured", True)


async def test_a_question_waits_for_its_answer() -> None:
    document = {
        "name": "Ask",
        "nodes": [
            {"id": "start", "type": "trigger"},
            {
                "id": "ask",
                "type": "collect_input",
                "data": {"question": "Who?", "options": ["Ana"], "answer_type": "select"},
            },
            {"id": "end", "type": "response", "data": {"message": "Hello {{ask}}"}},
        ],
        "edges": [
            {"id": "1", "source": "start", "target": "ask"},
            {"id": "2", "source": "ask", "target": "end"},
        ],
    }
    first = done(await converse(document, "Hi"))
    assert (first.message, first.follow_ups) == ("Who?", ("Ana",))
    second = await converse(document, "ana", first.state)
    assert Token("Hello Ana") in second
    assert done(second).state == {"variables": {}}


async def test_a_flow_keeps_no_more_than_it_may() -> None:
    grow = "{{kept + kept + 'abcdefgh'}}"
    document = {
        "nodes": [
            {"id": "start", "type": "trigger"},
            *(
                {"id": f"v{n}", "type": "variable", "data": {"variable": f"v{n}", "value": grow}}
                for n in range(4)
            ),
        ],
        "edges": [
            {"id": "0", "source": "start", "target": "v0"},
            *({"id": f"e{n}", "source": f"v{n - 1}", "target": f"v{n}"} for n in range(1, 4)),
        ],
        "variables": [{"name": "kept", "default": "x" * 30_000}],
    }
    end = (await converse(document, "Hi"))[-1]
    assert isinstance(end, Failed)
    assert "128 KB" in end.message


async def test_a_node_tried_alone_names_what_failed_of_all_that_it_runs() -> None:
    bad = {"label": "Work it out", "template": "{{ 1 / each.item }}"}
    document: dict[str, Any] = {
        "nodes": [
            {"id": "each", "type": "loop", "data": {"items": "{{ [1, 0] }}"}},
            {"id": "bad", "type": "template", "data": bad},
        ],
        "edges": [{"id": "e", "source": "each", "sourceHandle": "body", "target": "bad"}],
    }
    words = "Work it out: Text, column 6: /: there is no result for 1 and 0."

    async def tried() -> dict[str, Any]:
        ports = Ports({}, Shelf(()))
        return await ChatflowAssistant(document).run_one("each", Turn("Hi"), ports, {})

    step = await tried()
    assert (step["status"], step["error"]) == ("failed", words)
    document["nodes"][0]["data"]["on_error"] = "continue"
    step = await tried()
    assert (step["status"], step["error"]) == ("handled", words)
    assert step["output"] == {"results": [], "count": 0, "error": words}


@pytest.mark.parametrize("is_logged", [True, False])
async def test_what_nodes_did_is_kept_where_that_is_wanted(
    model: ModelServer, *, is_logged: bool
) -> None:
    model.reply('{"intent": "other"}')
    document = stored(BILLING) | {"settings": {"enable_logging": is_logged}}
    steps = [each for each in await converse(document, "Hi") if isinstance(each, Traced)]
    kept = {each.name for each in steps if each.kept}
    assert kept == ({"node_finished"} if is_logged else set())


def test_an_agent_needs_its_model_and_the_credentials_of_its_servers() -> None:
    first, second = (str(UUID(int=number)) for number in (1, 2))
    data = {
        "provider": "anthropic",
        "credential_id": first,
        "servers": [{"url": "https://mcp.example.com", "credential_id": second}],
    }
    document = {"nodes": [{"id": "agent1", "type": "agent", "data": data}]}
    assistant = ChatflowAssistant(document)
    assert assistant.model_choices == (ModelChoice("anthropic", "", first),)
    assert assistant.credentials == (second,)
    named = [
        each for each in ChatflowDraft().credentials(document) if each.path.startswith("nodes")
    ]
    assert named == [
        ("nodes.agent1.data.credential_id", "llm", first),
        ("nodes.agent1.data.servers", "http", second),
    ]
