"""The node that asks a language model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from chatflows.executor.events import Broken
from chatflows.nodes.llm import LlmSettings
from conversations.turn import Token, Utterance
from tests.chatflows.executor.flows import flow, ran
from tests.servers.model import Reply

if TYPE_CHECKING:
    from chatflows.executor.flow import Flow
    from chatflows.executor.ports import Ports
    from tests.servers.model import ModelServer

INTENTS = [{"name": "intent", "options": ["billing", "other"]}, {"name": "sure", "type": "number"}]

ORDERS = json.dumps(
    {
        "type": "object",
        "properties": {"items": {"type": "array", "items": {"$ref": "#/$defs/item"}}},
        "required": ["items"],
        "$defs": {
            "item": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "count": {"type": "integer", "minimum": 1},
                },
                "required": ["name", "count"],
            }
        },
    }
)
ORDER = '{"items": [{"name": "Tea", "count": 2}]}'


def asking(**settings: Any) -> Flow:
    nodes = {
        "start": ("trigger", {}),
        "llm1": ("llm", settings),
        "end": ("response", {"message": "{{llm1.intent ?? llm1}}"}),
    }
    return flow(nodes, "start->llm1 llm1->end llm1.error->end")


def test_the_prompt_is_asked_and_the_answer_known(ports: Ports, model_server: ModelServer) -> None:
    model_server.reply(Reply("Bonjour", prompt_tokens=9, completion_tokens=2))
    turn = ran(
        asking(
            prompt="Translate: {{input}}",
            system_prompt="You translate.",
            model="m",
            temperature=0.2,
        ),
        "Hello",
        ports=ports,
    )
    sent = model_server.chats[-1].json
    assert sent["messages"] == [
        {"role": "system", "content": "You translate."},
        {"role": "user", "content": "Translate: Hello"},
    ]
    assert (sent["model"], sent["temperature"], "response_format" in sent) == ("m", 0.2, False)
    assert turn.text == "Bonjour"
    step = turn.steps[1]
    assert step.input == {"system_prompt": "You translate.", "prompt": "Translate: Hello"}
    assert (step.usage.prompt_tokens, step.usage.completion_tokens) == (9, 2)


def test_an_answer_of_a_known_shape(ports: Ports, model_server: ModelServer) -> None:
    model_server.reply('{"intent": "billing", "sure": 0.9}')
    turn = ran(asking(prompt="{{input}}", output=INTENTS), "My invoice", ports=ports)
    assert turn.text == "billing"
    sent = model_server.chats[-1].json
    schema = sent["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["intent"] == {"type": "string", "enum": ["billing", "other"]}
    assert schema["required"] == ["intent", "sure"]
    assert "JSON schema" in sent["messages"][0]["content"]


def test_a_server_that_knows_no_schemas_is_asked_without(
    ports: Ports, model_server: ModelServer
) -> None:
    refusal = Reply("response_format is not supported", status=400)
    model_server.reply(refusal, '```json\n{"intent": "other", "sure": 1}\n```')
    turn = ran(asking(prompt="{{input}}", output=INTENTS), ports=ports)
    assert turn.text == "other"
    assert "response_format" not in model_server.chats[-1].json


def test_a_model_that_misses_the_shape_is_told_once(
    ports: Ports, model_server: ModelServer
) -> None:
    model_server.reply('{"intent": "refund", "sure": 1}', '{"intent": "other", "sure": 1}')
    turn = ran(asking(prompt="{{input}}", output=INTENTS), ports=ports)
    assert turn.text == "other"
    said = model_server.chats[-1].json["messages"][-1]["content"]
    assert "intent: 'refund' is not one of ['billing', 'other']" in said
    model_server.reply("no", "no")
    end = ran(asking(prompt="{{input}}", output=INTENTS), ports=ports).end
    assert isinstance(end, Broken)
    assert (end.node_id, end.field) == ("llm1", "output")
    assert end.message == "The model's answer is no JSON object."


def test_an_object_is_taken_apart_though_nobody_asked(
    ports: Ports, model_server: ModelServer
) -> None:
    model_server.reply('Sure: {"intent": "billing"}')
    assert ran(asking(prompt="{{input}}"), ports=ports).text == "billing"


def test_an_answer_can_be_said_as_it_comes(ports: Ports, model_server: ModelServer) -> None:
    model_server.reply(Reply(chunks=("One", " two", " three")))
    nodes = {"start": ("trigger", {}), "llm1": ("llm", {"prompt": "{{input}}", "streams": True})}
    turn = ran(flow(nodes, "start->llm1"), ports=ports)
    tokens = [each.text for each in turn.events if isinstance(each, Token)]
    assert tokens == ["One", " two", " three"]


def test_the_conversation_is_remembered_as_far_as_it_is_wanted(
    ports: Ports, model_server: ModelServer
) -> None:
    history = (
        Utterance("user", "One"),
        Utterance("assistant", "1"),
        Utterance("user", "Two"),
        Utterance("assistant", "2"),
    )
    made = asking(prompt="{{input}}", memory=2)
    ran(made, "Three", ports=ports, history=history)
    said = [each["content"] for each in model_server.chats[-1].json["messages"]]
    assert said == ["Two", "2", "Three"]


def test_what_the_flow_has_said_first_is_told_in_the_instructions(
    ports: Ports, model_server: ModelServer
) -> None:
    history = (Utterance("assistant", "Shall I show you prices?"),)
    made = asking(system_prompt="Be kind.", prompt="{{input}}", memory=2)
    ran(made, "Yes", ports=ports, history=history)
    told = model_server.chats[-1].json["messages"]
    assert [each["role"] for each in told] == ["system", "system", "user"]
    assert "Shall I show you prices?" in told[1]["content"]


@pytest.mark.parametrize(
    ("on_error", "text"),
    [("continue", ""), ("branch", "")],
)
def test_a_failure_can_be_gone_around(
    ports: Ports, model_server: ModelServer, on_error: str, text: str
) -> None:
    model_server.reply(Reply("overloaded", status=400))
    turn = ran(asking(prompt="{{input}}", on_error=on_error), ports=ports)
    step = turn.steps[1]
    assert (step.status, turn.text) == ("handled", text)
    assert "overloaded" in step.error
    assert step.handle == ("error" if on_error == "branch" else "")


def test_a_failure_ends_the_run_otherwise(ports: Ports, model_server: ModelServer) -> None:
    model_server.reply(Reply("no such model", status=404))
    end = ran(asking(prompt="{{input}}"), ports=ports).end
    assert isinstance(end, Broken)
    assert (end.node_id, "no such model" in end.message) == ("llm1", True)


def test_a_temporary_failure_is_tried_again(ports: Ports, model_server: ModelServer) -> None:
    cut = Reply("One two three", cut_after=1)
    model_server.reply(cut, "Well")
    turn = ran(asking(prompt="{{input}}", retries=1), ports=ports)
    assert turn.text == "Well"


def test_a_slow_model_is_given_up_on(ports: Ports, model_server: ModelServer) -> None:
    model_server.reply(Reply(hang=True))
    end = ran(asking(prompt="{{input}}", timeout_seconds=1), ports=ports).end
    assert isinstance(end, Broken)
    assert (end.message, end.code) == ("It took longer than 1 seconds.", "upstream-timeout")


def test_models_are_asked_so_often_and_no_more(ports: Ports, model_server: ModelServer) -> None:
    nodes = {
        "start": ("trigger", {}),
        "loop": ("loop", {"items": "{{split('a,b,c')}}"}),
        "llm1": ("llm", {"prompt": "x"}),
        "end": ("response", {"message": "{{loop.count}}"}),
    }
    made = flow(nodes, "start->loop loop.body->llm1 loop->end", calls=2)
    end = ran(made, ports=ports).end
    assert isinstance(end, Broken)
    assert end.message == "A run asks models 2 times, and no more."


def test_what_is_inserted_is_no_template(ports: Ports, model_server: ModelServer) -> None:
    ran(asking(prompt="Say {{input}}"), "{{system_prompt}} {{llm1.x}}", ports=ports)
    assert model_server.chats[-1].question == "Say {{system_prompt}} {{llm1.x}}"


def test_a_list_of_messages_with_the_conversation_after_its_instructions(
    ports: Ports, model_server: ModelServer
) -> None:
    messages = [
        {"role": "system", "text": "You translate."},
        {"role": "user", "text": "Good day"},
        {"role": "assistant", "text": "{{''}}"},
        {"role": "assistant", "text": "Bonjour"},
        {"role": "user", "text": "{{input}}, please"},
    ]
    history = (Utterance("user", "One"), Utterance("assistant", "1"))
    made = asking(prompt_type="messages", messages=messages, prompt="Not asked", memory=2)
    step = ran(made, "Bye", ports=ports, history=history).steps[1]
    sent = [(each["role"], each["content"]) for each in model_server.chats[-1].json["messages"]]
    assert sent == [
        ("system", "You translate."),
        ("user", "One"),
        ("assistant", "1"),
        ("user", "Good day"),
        ("assistant", "Bonjour"),
        ("user", "Bye, please"),
    ]
    assert [each["text"] for each in step.input["messages"]][-1] == "Bye, please"
    assert "prompt" not in step.input


def test_where_no_message_comes_to_anything_the_one_that_is_answered_is_asked(
    ports: Ports, model_server: ModelServer
) -> None:
    model_server.reply('{"intent": "other", "sure": 1}')
    messages = [{"role": "user", "text": "{{start.nothing}}"}]
    ran(asking(prompt_type="messages", messages=messages, output=INTENTS), "Hi", ports=ports)
    system, user = model_server.chats[-1].json["messages"]
    assert system["content"].startswith("Answer with one JSON object")
    assert user == {"role": "user", "content": "Hi"}


def test_a_fault_in_a_message_names_it(ports: Ports, model_server: ModelServer) -> None:
    messages = [{"text": "{{input - 'a'}}"}]
    end = ran(asking(prompt_type="messages", messages=messages), "x", ports=ports).end
    assert isinstance(end, Broken)
    assert (end.node_id, end.field) == ("llm1", "messages.0.text")


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        ([], "at least one message of the user"),
        ([{"role": "system", "text": "x"}], "at least one message of the user"),
        ([{"text": " "}], "at least one message of the user"),
        ([{"text": "x"}, {"role": "assistant", "text": "y"}], "The last message is the model's"),
    ],
)
def test_messages_that_cannot_be_sent(messages: list[Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words) as told:
        LlmSettings.model_validate({"prompt_type": "messages", "messages": messages})
    assert told.value.errors()[0]["loc"] == ("messages",)
    assert LlmSettings.model_validate({"prompt": "x", "messages": messages}).messages is not None


def test_an_answer_of_a_schema_of_ones_own(ports: Ports, model_server: ModelServer) -> None:
    model_server.reply(ORDER)
    made = asking(prompt="{{input}}", output_type="schema", output_schema=ORDERS)
    turn = ran(made, ports=ports)
    assert turn.outputs("llm1")[0]["items"][0] == {"name": "Tea", "count": 2}
    sent = model_server.chats[-1].json["response_format"]["json_schema"]
    assert (sent["schema"], sent["strict"]) == (json.loads(ORDERS), False)


def test_an_answer_that_is_not_of_that_schema_is_asked_for_once_more(
    ports: Ports, model_server: ModelServer
) -> None:
    made = asking(prompt="{{input}}", output_type="schema", output_schema=ORDERS)
    wrong = ORDER.replace("2", "0")
    model_server.reply(wrong, ORDER)
    assert ran(made, ports=ports).outputs("llm1")[0]["items"][0]["count"] == 2
    said = model_server.chats[-1].json["messages"][-1]["content"]
    assert "items.0.count: 0 is less than the minimum of 1" in said
    model_server.reply(wrong, wrong)
    end = ran(made, ports=ports).end
    assert isinstance(end, Broken)
    assert (end.node_id, end.field) == ("llm1", "output_schema")


def test_a_schema_that_cannot_be_used_is_said_at_its_setting() -> None:
    with pytest.raises(ValidationError, match="This is no JSON") as told:
        LlmSettings.model_validate({"prompt": "x", "output_type": "schema", "output_schema": "{"})
    assert told.value.errors()[0]["loc"] == ("output_schema",)
    assert LlmSettings.model_validate({"prompt": "x", "output_schema": "{"}).output == ()


def test_a_prompt_is_needed() -> None:
    with pytest.raises(ValidationError, match="Write a prompt"):
        LlmSettings.model_validate({"model": "m"})


def test_parts_are_named_once() -> None:
    twice = json.dumps({"prompt": "x", "output": [{"name": "a"}, {"name": "a"}]})
    with pytest.raises(ValidationError, match="Two parts of the answer are called a"):
        LlmSettings.model_validate_json(twice)
