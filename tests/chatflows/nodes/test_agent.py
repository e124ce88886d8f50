"""The node whose model uses tools."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from chatflows.executor.events import Broken, StepStarted
from chatflows.executor.ports import LiveFlow
from chatflows.executor.run import Run
from chatflows.nodes.agent import AgentSettings
from chatflows.nodes.parameters import parameter_in
from chatflows.tracing import recorded
from conversations.turn import Token, Turn, Utterance
from tests.chatflows.executor.flows import flow, ran
from tests.chatflows.executor.flows import told as heard
from tests.chatflows.nodes.test_subflow import B
from tests.servers.model import Reply
from tests.servers.rest import Answer

if TYPE_CHECKING:
    from chatflows.executor.flow import Flow
    from chatflows.executor.ports import Ports
    from tests.servers.model import ModelServer
    from tests.servers.rest import RestServer

WEATHER = {
    "id": "way1",
    "name": "weather",
    "description": "Tells the weather.",
    "parameters": ["city: text - Whose weather", "days?: integer"],
}
CLOCK = {"id": "way2", "name": "clock", "description": "Tells the time."}
EDGES = "start->agent1 agent1.way1->look agent1.way2->time agent1->end agent1.error->sorry"


def agent(edges: str = EDGES, *, limits: dict[str, Any] | None = None, **changes: Any) -> Flow:
    """A flow with an agent of two tools; ``changes`` are other settings of it, or other nodes."""
    settings = {"tools": [WEATHER, CLOCK], "model": "m"}
    nodes: dict[str, Any] = {
        "start": ("trigger", {}),
        "look": ("template", {"template": "Rain in {{agent1.args.city}}"}),
        "time": ("template", {"template": "Noon"}),
        "end": ("response", {"message": "{{agent1}}"}),
        "sorry": ("response", {"message": "Sorry: {{agent1.error}}"}),
    }
    for name, value in changes.items():
        (nodes if name in nodes or isinstance(value, tuple) else settings)[name] = value
    return flow({**nodes, "agent1": ("agent", settings)}, edges, **(limits or {}))


def wants(*calls: tuple[str, Any], text: str = "") -> Reply:
    return Reply(chunks=(text,) if text else (), calls=calls)


def told(server: ModelServer) -> list[str]:
    """What the model was told of its tools, with its last question."""
    messages = server.chats[-1].json["messages"]
    return [each["content"] for each in messages if each["role"] == "tool"]


def test_a_tool_is_run_with_the_model_s_arguments(ports: Ports, model_server: ModelServer) -> None:
    model_server.reply(wants(("weather", {"city": "Graz"})), "Take an umbrella.")
    turn = ran(agent(system_prompt="Be kind.", prompt="Q: {{input}}"), "Umbrella?", ports=ports)
    assert turn.text == "Take an umbrella."
    first, second = model_server.chats
    assert first.json["tools"][0]["function"] == {
        "name": "weather",
        "description": "Tells the weather.",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "description": "Whose weather"},
                "days": {"type": "integer"},
            },
            "required": ["city"],
            "additionalProperties": False,
        },
    }
    assert [m["role"] for m in second.json["messages"]] == ["system", "user", "assistant", "tool"]
    assert told(model_server) == ["Rain in Graz"]
    assert turn.ran == ["start", "agent1", "look", "end"]
    step = turn.steps[1]
    assert step.output == {
        "text": "Take an umbrella.",
        "steps": [{"tool": "weather", "arguments": {"city": "Graz"}, "result": "Rain in Graz"}],
    }
    assert step.input["tools"] == ["weather", "clock"]
    assert (step.usage.prompt_tokens, step.usage.completion_tokens) == (14, 10)
    assert turn.steps[2].place == (*step.place, 0, 0)


def test_without_a_call_it_answers_at_once(ports: Ports, model_server: ModelServer) -> None:
    model_server.reply("Hello.")
    history = (Utterance("user", "I am Ana."), Utterance("assistant", "Hi Ana."))
    turn = ran(agent(), ports=ports, history=history)
    assert (turn.text, turn.outputs("agent1")[0]["steps"]) == ("Hello.", [])
    assert [m["content"] for m in model_server.chats[-1].json["messages"]] == [
        "I am Ana.",
        "Hi Ana.",
        "Hi",
    ]


def test_calls_of_one_answer_keep_their_order(ports: Ports, model_server: ModelServer) -> None:
    cities = ("Graz", "Linz", "Wien")
    model_server.reply(
        wants(("clock", {}), *(("weather", {"city": each}) for each in cities)), "Done."
    )
    made = agent(time=("delay", {"seconds": 0.2}))
    turn = ran(made, ports=ports)
    assert told(model_server)[1:] == [f"Rain in {each}" for each in cities]
    assert turn.ran == ["start", "agent1", "time", "look", "look", "look", "end"]
    assert [step.place[1] for step in turn.steps if step.node_id == "look"] == [1, 2, 3]


def test_wrong_calls_are_told_so_that_it_tries_otherwise(
    ports: Ports, model_server: ModelServer
) -> None:
    model_server.reply(
        wants(
            ("weather", {"town": "Graz"}),
            ("weather", {"city": 3}),
            ("weather", "no JSON"),
            ("oracle", {}),
            ("weather", {"city": "Graz"}),
        ),
        "Done.",
    )
    turn = ran(agent(), ports=ports)
    town, number, garbage, unknown, right = told(model_server)
    assert town.startswith("Error: The arguments do not fit: ")
    assert number == "Error: The arguments do not fit: city: 3 is not of type 'string'"
    assert garbage == "Error: The arguments are no JSON object."
    assert unknown == "Error: There is no tool oracle. There are: weather, clock."
    assert right == "Rain in Graz"
    assert turn.ran.count("look") == 1
    assert turn.outputs("agent1")[0]["steps"][2]["arguments"] == "no JSON"


def test_a_tool_that_fails_is_told(
    ports: Ports, model_server: ModelServer, rest: RestServer
) -> None:
    rest.put("/weather/Graz", Answer(500, b'{"reason":"storm"}'))
    look = ("http", {"url": rest.url + "/weather/{{agent1.args.city}}"})
    model_server.reply(wants(("weather", {"city": "Graz"})), "It is stormy.")
    turn = ran(agent(look=look), ports=ports)
    assert turn.text == "It is stormy."
    assert "answered 500" in told(model_server)[0]
    assert told(model_server)[0].startswith("Error: ")
    assert turn.steps[2].status == "failed"


def test_what_a_server_answers_is_the_result(
    ports: Ports, model_server: ModelServer, rest: RestServer
) -> None:
    rest.put("/weather", {"rain": True})
    rest.put("/long", "x" * 100_000)
    look = (
        "http",
        {"url": rest.url + "/weather", "query": [{"name": "q", "value": "{{agent1.args.city}}"}]},
    )
    model_server.reply(wants(("weather", {"city": "Graz"}), ("clock", {})), "Done.")
    turn = ran(agent(look=look, time=("http", {"url": rest.url + "/long"})), ports=ports)
    weather, long = told(model_server)
    assert weather == '{"rain":true}'
    assert len(long) < 17_000
    assert long.endswith("… (cut here)")
    assert len(turn.outputs("agent1")[0]["steps"][1]["result"]) < 2100


def test_a_tool_may_be_a_chain_with_branches(ports: Ports, model_server: ModelServer) -> None:
    model_server.reply(
        wants(("weather", {"city": "Graz"}), ("weather", {"city": "Rome"}), ("clock", {})), "Done."
    )
    edges = (
        "start->agent1 agent1->end agent1.way1->known known.true->look look->more known.false->no"
    )
    made = agent(
        edges,
        known=("condition", {"condition": "agent1.args.city == 'Graz'"}),
        more=("template", {"template": "{{look}}, and wind"}),
        no=("variable", {"variable": "unknown", "value": "{{agent1.args.city}}"}),
    )
    turn = ran(made, ports=ports)
    graz, rome, clock = told(model_server)
    assert graz == "Rain in Graz, and wind"
    assert "Rome" in rome
    assert clock == "The tool gave nothing."
    assert turn.kept["variables"] == {"unknown": "Rome"}


def test_what_a_tool_knows_is_known_in_it_alone(ports: Ports, model_server: ModelServer) -> None:
    model_server.reply(wants(("weather", {"city": "Graz"})), "Done.")
    turn = ran(
        agent(end=("response", {"message": "{{agent1.args ?? '-'}}{{look ?? '-'}}"})), ports=ports
    )
    assert turn.text == "--"


def test_agents_in_loops_and_in_tools(ports: Ports, model_server: ModelServer) -> None:
    inner = {"tools": [{**CLOCK, "id": "ask", "name": "time_of"}], "prompt": "{{agent1.args.city}}"}
    nodes: dict[str, Any] = {
        "start": ("trigger", {}),
        "loop": ("loop", {"items": "{{['a','b']}}", "result": "{{agent1}}"}),
        "agent1": ("agent", {"tools": [WEATHER], "prompt": "{{loop.item}}"}),
        "agent2": ("agent", inner),
        "time": ("template", {"template": "{{agent1.args.city}} {{loop.item}}: noon"}),
        "end": ("response", {"message": "{{loop.results | join(' ')}}"}),
    }
    edges = (
        "start->loop loop.body->agent1 agent1.way1->agent2 agent2.ask->time agent1->loop loop->end"
    )
    for city in ("Graz", "Linz"):
        model_server.reply(
            wants(("weather", {"city": city})), wants(("time_of", {})), f"In {city}", f"({city})"
        )
    turn = ran(flow(nodes, edges), ports=ports)
    assert turn.text == "(Graz) (Linz)"
    assert turn.outputs("time") == [{"text": "Graz a: noon"}, {"text": "Linz b: noon"}]
    assert [s.place for s in turn.steps if s.node_id == "time"] == [
        (1, 0, 0, 0, 0, 0, 0),
        (1, 1, 0, 0, 0, 0, 0),
    ]
    assert [recorded(s)["label"] for s in turn.steps if s.node_id == "time"] == [
        "time · round 1 · step 1 · step 1",
        "time · round 2 · step 1 · step 1",
    ]


def test_after_the_last_step_it_has_to_answer(ports: Ports, model_server: ModelServer) -> None:
    model_server.reply(wants(("clock", {})), wants(("clock", {})), "Enough.")
    turn = ran(agent(max_steps=2), ports=ports)
    assert turn.text == "Enough."
    assert ["tools" in chat.json for chat in model_server.chats] == [True, True, False]
    model_server.reset()
    model_server.default = wants(("clock", {}))
    end = ran(agent(max_steps=1), ports=ports).end
    assert isinstance(end, Broken)
    assert (end.node_id, end.field) == ("agent1", "max_steps")


def test_calls_of_models_are_counted_with_the_run(ports: Ports, model_server: ModelServer) -> None:
    model_server.default = wants(("clock", {}))
    end = ran(agent(limits={"calls": 3}, max_steps=10), ports=ports).end
    assert isinstance(end, Broken)
    assert end.message == "A run asks models 3 times, and no more."
    assert len(model_server.chats) == 3


def test_only_so_many_tools_are_used_at_once(ports: Ports, model_server: ModelServer) -> None:
    model_server.reply(wants(*(("clock", {}) for _ in range(10))), "Done.")
    turn = ran(agent(), ports=ports)
    assert turn.ran.count("time") == 8
    assert told(model_server)[8:] == ["Error: Not done: only 8 tools are used at a time."] * 2


def test_it_can_be_said_as_it_comes(ports: Ports, model_server: ModelServer) -> None:
    model_server.reply(wants(("clock", {}), text="I look."), Reply(chunks=("It", " is", " noon.")))
    made = agent(
        "start->agent1 agent1.way2->time", streams=True, time=("response", {"message": "Tick"})
    )
    turn = ran(made, ports=ports)
    tokens = [each.text for each in turn.events if isinstance(each, Token)]
    assert tokens == ["I look.", "\n\n", "Tick", "\n\n", "It", " is", " noon."]
    assert told(model_server) == ["Tick"]


def test_nobody_is_asked_in_a_tool(ports: Ports, model_server: ModelServer) -> None:
    model_server.reply(wants(("clock", {})), "Done.")
    end = ran(agent(time=("collect_input", {"question": "?"})), ports=ports).end
    assert isinstance(end, Broken)
    assert end.node_id == "agent1"
    assert "Nobody can be asked anything in a tool, and clock does." in end.message


def test_after_a_question_in_a_tool_others_can_ask(ports: Ports, model_server: ModelServer) -> None:
    model_server.reply(wants(("clock", {})))
    ask = ("collect_input", {"question": "Who?"})
    asking = flow({"start": ("trigger", {}), "ask": ask}, "start->ask")
    ways = "start->agent1 agent1.way2->time agent1.error->sorry"
    within = replace(ports, flows={B: LiveFlow("Asking", asking, "start")})
    made = agent(ways, on_error="branch", time=("subflow", {"chatflow_id": B}), sorry=ask)
    turn = ran(made, ports=within)
    assert turn.text.endswith("Who?")
    assert turn.kept["frame"]["waiting"].keys() == {"sorry"}


def test_a_handoff_that_is_lost_in_a_tool_hands_nobody_over(
    ports: Ports, model_server: ModelServer
) -> None:
    model_server.reply(wants(("clock", {})))
    hands = flow(
        {"start": ("trigger", {}), "pass": ("handoff", {"message": "Wait."})}, "start->pass"
    )
    ways = "start->agent1 agent1.way2->time agent1.error->sorry"
    within = replace(ports, flows={B: LiveFlow("Passing", hands, "start")})
    ask = ("collect_input", {"question": "Who?"})
    made = agent(ways, on_error="branch", time=("subflow", {"chatflow_id": B}), sorry=ask)
    run = Run(made, "start", Turn("Hi"), within)
    asyncio.run(heard(run))
    assert run.voice.text.endswith("Who?")
    assert run.voice.handoff is None


def test_a_failure_goes_by_its_branch_and_is_not_tried_again_after_a_tool(
    ports: Ports, model_server: ModelServer
) -> None:
    model_server.reply(wants(("clock", {})))
    model_server.default = Reply("out of order", status=400)
    turn = ran(agent(on_error="branch", retries=3), ports=ports)
    assert turn.text.startswith("Sorry: ")
    assert "out of order" in turn.text
    assert turn.ran.count("time") == 1


def test_it_is_stopped_with_the_run(ports: Ports, model_server: ModelServer) -> None:
    model_server.reply(wants(("clock", {}), ("weather", {"city": "Graz"})))
    made = agent(time=("delay", {"seconds": 30}))

    async def until_the_tool_runs() -> None:
        async with aclosing(Run(made, "start", Turn("Hi"), ports).events()) as events:
            async for event in events:
                if isinstance(event, StepStarted) and event.node_id == "time":
                    break
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not [each for each in left if "Toolbox" in repr(each)]

    asyncio.run(until_the_tool_runs())
    assert len(model_server.chats) == 1


def test_a_model_that_knows_no_tools_says_so(ports: Ports, model_server: ModelServer) -> None:
    model_server.default = Reply("m does not support tools", status=400)
    end = ran(agent(), ports=ports).end
    assert isinstance(end, Broken)
    assert "does not take the tools" in end.message


@pytest.mark.parametrize(
    ("tools", "words"),
    [
        ([{"id": "a", "description": "x"}], "Name each tool"),
        ([{"id": "a", "name": "two words", "description": "x"}], "cannot be the name of a tool"),
        ([{"id": "a", "name": "x"}], "Say what x does"),
        ([WEATHER, {**CLOCK, "id": "way1"}], "Two tools have the id way1"),
        ([WEATHER, {**CLOCK, "name": "weather"}], "Two tools are called weather"),
        ([{**CLOCK, "parameters": ["a", "a?: number"]}], "have the same name"),
        ([{**CLOCK, "parameters": ["a: colour"]}], "is no kind of value"),
        ([{**CLOCK, "parameters": ["a: x |"]}], "is no kind of value"),
        ([{**CLOCK, "parameters": ["the city"]}], "is no parameter"),
        ([{**CLOCK, "id": "error"}], "right form"),
    ],
)
def test_tools_are_complete(tools: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        AgentSettings.model_validate({"tools": tools})


@pytest.mark.parametrize(
    ("line", "schema", "is_required"),
    [
        ("city", {"type": "string"}, True),
        (" days ? : integer ", {"type": "integer"}, False),
        (
            "a: list – of - names",
            {"type": "array", "items": {"type": "string"}, "description": "of - names"},
            True,
        ),
        (
            "unit: °C | °F - Which",
            {"type": "string", "enum": ["°C", "°F"], "description": "Which"},
            True,
        ),
    ],
)
def test_parameters_are_lines(line: str, schema: dict[str, Any], is_required: bool) -> None:
    found = parameter_in(line)
    assert (found.schema, found.is_required) == (schema, is_required)
