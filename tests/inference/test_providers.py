"""What every provider promises, and which one is chosen."""

from __future__ import annotations

import json
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest

from common.registry import Registry
from inference import catalogue
from inference.client import (
    ChatMessage,
    Completion,
    Delta,
    Finished,
    InferenceError,
    Tool,
    ToolCall,
)
from inference.providers import PROVIDERS
from inference.resolve import chosen, model_client
from inference.tool_calls import MOST, Gathering
from tests.inference.conftest import KEY, asking, said, soon
from tests.servers.model import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from inference.openai_protocol import OpenAIProtocol
    from inference.providers.base import Provider
    from tests.servers.model import ModelServer

HERE = ("local", "extractive")
EVERY = pytest.mark.parametrize("provider", PROVIDERS, ids=lambda p: p.name)
REMOTE = pytest.mark.parametrize(
    "provider", [p for p in PROVIDERS if p.name not in HERE], ids=lambda p: p.name
)


@pytest.fixture(autouse=True)
def unconfigured(settings: Any, model_server: ModelServer) -> None:
    """No model is configured, and credentials may lead to the model server."""
    settings.LLM_BASE_URL = settings.LLM_API_KEY = settings.LLM_MODEL = ""
    settings.SECRET_AI_API_KEY = settings.LLM_GGUF = ""
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    catalogue._listings.clear()


@pytest.fixture
def values(model_server: ModelServer) -> dict[str, str]:
    return {"api_key": KEY, "base_url": model_server.url}


@EVERY
def test_it_has_a_name_and_a_label(provider: Provider) -> None:
    assert provider.name.isidentifier()
    assert str(provider.label)


@EVERY
async def test_it_ends_with_one_finished_or_says_what_is_missing(provider: Provider) -> None:
    stream = model_client(provider.name).stream(asking())
    if provider.name == "extractive":
        *pieces, end = [item async for item in stream]
        assert isinstance(end, Finished)
        assert all(isinstance(piece, Delta) for piece in pieces)
    else:
        with pytest.raises(InferenceError) as failure:
            await anext(stream)
        assert failure.value.code == "not-configured"
        assert failure.value.permanent


@REMOTE
async def test_it_speaks_with_a_credential_s_values(
    provider: Provider, values: dict[str, str], model_server: ModelServer
) -> None:
    model_server.reply(Reply("Good morning", prompt_tokens=9, completion_tokens=2))
    prompt = asking("Hello?", system="Be kind.")
    text, end = await said(model_client(provider.name, values), prompt)
    assert (text, end) == ("Good morning", Finished(9, 2, "small-1"))
    assert "Be kind." in model_server.chats[-1].prompt
    assert model_server.chats[-1].question == "Hello?"
    assert KEY in str(model_server.chats[-1].headers)


@REMOTE
async def test_it_lists_models(provider: Provider, values: dict[str, str]) -> None:
    assert await provider.models(values) == ("small-1", "large-2")


@REMOTE
@pytest.mark.parametrize(
    "reply",
    [
        Reply(f"bad key {KEY}", status=401),
        Reply("boom", status=500),
        Reply("One two", cut_after=1),
        Reply("One two", garbage=True),
        Reply(body="null"),
    ],
    ids=["refused", "broken", "cut", "garbage", "null"],
)
async def test_it_turns_every_failure_into_one_error_without_the_key(
    provider: Provider, values: dict[str, str], model_server: ModelServer, reply: Reply
) -> None:
    model_server.default = reply
    with pytest.raises(InferenceError) as failure:
        await said(model_client(provider.name, values), Completion("m", asking().messages))
    assert KEY not in f"{failure.value!r}"


@REMOTE
async def test_a_workspace_s_address_may_not_lead_into_our_network(
    provider: Provider, values: dict[str, str], model_server: ModelServer, settings: Any
) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = []
    with pytest.raises(InferenceError):
        await said(model_client(provider.name, values))
    assert not model_server.requests


def test_the_server_s_settings_decide_when_nothing_was_chosen(settings: Any) -> None:
    assert chosen(None).name == "extractive"
    settings.LLM_GGUF = "/some/model.gguf"
    assert chosen(None).name == "local"
    settings.SECRET_AI_API_KEY = KEY
    assert chosen(None).name == "secret_ai"
    settings.LLM_BASE_URL = "http://127.0.0.1:1/v1"
    assert chosen(None).name == "openai_compatible"


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"api_key": "x", "base_url": "https://llm.example.com"}, "openai_compatible"),
        ({"api_key": "sk-ant-abc"}, "anthropic"),
        ({"api_key": "sk-abc"}, "openai_compatible"),
        ({"api_key": "abc"}, "secret_ai"),
        ({"api_key": "sk-abc", "provider": "secret_ai"}, "secret_ai"),
    ],
)
def test_a_credential_tells_whose_it_is(values: dict[str, str], name: str) -> None:
    assert chosen(None, values).name == name


async def test_the_server_s_model_stands_in_for_the_alias(
    model: ModelServer, settings: Any
) -> None:
    settings.LLM_MODEL = "large-2"
    for asked, answered in (("secret-ai-v1", "large-2"), ("", "large-2"), ("small-1", "small-1")):
        _, end = await said(model_client(None), asking(model=asked))
        assert end.model == answered
    assert model.chats[-1].headers["authorization"] == "Bearer sk-test-key"


async def test_a_missing_model_file_is_said_plainly(settings: Any) -> None:
    settings.LLM_GGUF = "/nowhere/model.gguf"
    with pytest.raises(InferenceError, match=r"/nowhere/model\.gguf"):
        await said(model_client(None))


def test_the_catalogue_lists_what_the_settings_reach(model: ModelServer) -> None:
    assert soon("openai_compatible") == ("small-1", "large-2")
    assert [name for name, _, _ in catalogue.available()] == [p.name for p in PROVIDERS]


def test_the_catalogue_waits_only_a_moment(settings: Any, model_server: ModelServer) -> None:
    settings.LLM_BASE_URL = model_server.url
    model_server.listing_ms = 5000
    began = time.monotonic()
    assert {n: m for n, _, m in catalogue.available()}["openai_compatible"] == ()
    assert time.monotonic() - began < 1


class Quick(ThreadPoolExecutor):
    """Threads that are done before whoever gave them the work goes on."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = super().submit(fn, *args, **kwargs)
        wait([future])
        return future


def test_the_catalogue_looks_again_after_a_quick_answer(
    model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Quick(1) as lookers:
        monkeypatch.setattr(catalogue, "_lookers", lookers)
        monkeypatch.setattr(catalogue, "KEPT_FOR", 0.0)
        for models in (["old"], ["new"]):
            model.models = models
            listed = {name: names for name, _, names in catalogue.available()}
            assert listed["openai_compatible"] == tuple(models)


def test_pages_that_ask_at_once_look_once(model: ModelServer) -> None:
    model.listing_ms = 100
    ready = Barrier(8)

    def ask() -> None:
        ready.wait()
        catalogue.available()

    with ThreadPoolExecutor(8) as pages:
        for page in [pages.submit(ask) for _ in range(8)]:
            page.result()
    assert len(model.requests) == 1


def test_the_catalogue_knows_a_workspace_s_credentials(
    values: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def source(workspace: str) -> list[dict[str, str]]:
        return [values | {"provider": "anthropic"}] if workspace == "ours" else []

    sources: Registry[Any] = Registry("credential source")
    sources.register("test", source)
    monkeypatch.setattr(catalogue, "credential_sources", sources)
    assert soon("anthropic", "ours") == ("small-1", "large-2")
    assert not any(models for _, _, models in catalogue.available("theirs"))


WEATHER = Tool(
    "weather",
    "Tells the weather.",
    {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
)


def with_tools(*messages: ChatMessage, may_call: bool = True) -> Completion:
    return Completion("m", messages or asking().messages, tools=(WEATHER,), may_call=may_call)


@REMOTE
async def test_it_has_tools_called(
    provider: Provider, values: dict[str, str], model_server: ModelServer
) -> None:
    calls: tuple[Any, ...] = (
        ("weather", {"city": "Pöllau"}),
        ("weather", {}),
        ("clock", "no JSON"),
        ("x", "[1]"),
    )
    model_server.reply(Reply("Let me see.", calls=calls))
    client = model_client(provider.name, values)
    items = [item async for item in client.stream(with_tools())]
    assert "".join(i.text for i in items if isinstance(i, Delta)) == "Let me see."
    assert items[3:] == [
        ToolCall("call_1", "weather", {"city": "Pöllau"}, json.dumps({"city": "Pöllau"})),
        ToolCall("call_2", "weather", {}, "{}"),
        ToolCall("call_3", "clock", None, "no JSON"),
        ToolCall("call_4", "x", None, "[1]"),
        Finished(7, 5, "m"),
    ]
    assert "Tells the weather." in model_server.chats[-1].raw.decode()


@REMOTE
async def test_calls_alone_are_an_answer(
    provider: Provider, values: dict[str, str], model_server: ModelServer
) -> None:
    model_server.reply(Reply(calls=(("weather", {"city": "Graz"}),)))
    client = model_client(provider.name, values)
    call, _end = [item async for item in client.stream(with_tools())]
    assert isinstance(call, ToolCall)
    assert call.arguments == {"city": "Graz"}
    assert len(model_server.chats) == 1


@REMOTE
@pytest.mark.parametrize("may_call", [True, False])
async def test_results_of_tools_are_told(
    provider: Provider, values: dict[str, str], model_server: ModelServer, *, may_call: bool
) -> None:
    calls = (ToolCall("a", "weather", {"city": "Graz"}), ToolCall("b", "weather", None, "oops"))
    completion = with_tools(
        ChatMessage("user", "How is it?"),
        ChatMessage("assistant", "", calls),
        ChatMessage("tool", "Rain", call_id="a"),
        ChatMessage("tool", "Wrong", call_id="b"),
        may_call=may_call,
    )
    await said(model_client(provider.name, values), completion)
    body = model_server.chats[-1].json
    if provider.name == "anthropic":
        assert body["tool_choice"] == {"type": "auto" if may_call else "none"}
        assert body["messages"][1:] == [
            {
                "role": "assistant",
                "content": [
                    {"type": "tool_use", "id": "a", "name": "weather", "input": {"city": "Graz"}},
                    {"type": "tool_use", "id": "b", "name": "weather", "input": {}},
                ],
            },
            {
                "role": "user",
                "content": [
                    {"type": "tool_result", "tool_use_id": "a", "content": "Rain"},
                    {"type": "tool_result", "tool_use_id": "b", "content": "Wrong"},
                ],
            },
        ]
        return
    assert ("tools" in body) is may_call
    _asked, called, rain, wrong = body["messages"]
    assert [each["function"]["arguments"] for each in called["tool_calls"]] == [
        '{"city":"Graz"}',
        "{}",
    ]
    assert rain == {"role": "tool", "content": "Rain", "tool_call_id": "a"}
    assert wrong["tool_call_id"] == "b"


@EVERY
async def test_it_says_plainly_that_it_can_use_no_tools(
    provider: Provider, values: dict[str, str], model_server: ModelServer
) -> None:
    model_server.default = Reply("m does not support tools", status=400)
    given = {} if provider.name in HERE else values
    with pytest.raises(InferenceError) as failure:
        await said(model_client(provider.name, given), with_tools())
    assert failure.value.permanent
    if provider.name != "local":
        assert "tools" in str(failure.value)


@REMOTE
async def test_arguments_count_with_the_answer(
    provider: Provider, values: dict[str, str], model_server: ModelServer
) -> None:
    model_server.reply(Reply("x" * 15, calls=(("weather", {"city": "Graz" * 10}),)))
    completion = replace(with_tools(), max_tokens=1)
    client = model_client(provider.name, values)
    call = [item async for item in client.stream(completion)][-2]
    assert isinstance(call, ToolCall)
    assert (call.arguments, len(call.written)) == (None, 5)


@pytest.mark.parametrize(
    ("pieces", "calls"),
    [
        ([(0, "a", "f", '{"x":'), (0, None, None, "1}")], [("a", "f", {"x": 1})]),
        ([(None, "a", "f", "{}"), (None, "b", "f", "{}")], [("a", "f", {}), ("b", "f", {})]),
        ([(0, "a", "f", "{}"), (0, "b", "g", {"x": 1})], [("a", "f", {}), ("b", "g", {"x": 1})]),
        ([(None, "", "f", "{}"), (None, "", "f", "")], [("call_0", "f", {}), ("call_1", "f", {})]),
        (
            [(1, "b", "g", "{"), (0, "a", "f", ""), (1, "", "", "}")],
            [("b", "g", {}), ("a", "f", {})],
        ),
        ([([], 1, {"a": 1}, 2)], [("call_0", '{"a":1}', {})]),
        ([(0, "a", "f", '{"x":' * 300 + "1" + "}" * 300)], [("a", "f", None)]),
        ([], []),
    ],
)
def test_pieces_of_calls_are_put_together(pieces: list[Any], calls: list[Any]) -> None:
    gathering = Gathering()
    for piece in pieces:
        gathering.add(*piece)
    assert [(c.id, c.name, c.arguments) for c in gathering.finished()] == calls


def test_calls_do_not_grow_without_end() -> None:
    gathering = Gathering()
    gathering.add(0, "a", "f", "x" * 150_000)
    with pytest.raises(InferenceError, match="more of its tools"):
        gathering.add(0, "a", "f", "x" * 150_000)
    many = Gathering()
    for _ in range(MOST):
        many.add(None, "", "f", "")
    with pytest.raises(InferenceError, match="more of its tools"):
        many.add(None, "", "f", "")


async def test_a_server_that_sends_calls_whole(
    openai: OpenAIProtocol, model_server: ModelServer
) -> None:
    call = {"id": "a", "function": {"name": "weather", "arguments": '{"city":"Graz"}'}}
    junk = [None, 3, {"function": None}, {}]
    choice = {"message": {"content": None, "tool_calls": [*junk, call]}, "finish_reason": "stop"}
    model_server.reply(Reply(body=json.dumps({"choices": [choice]})))
    found, _end = [item async for item in openai.stream(with_tools())]
    assert found == ToolCall("a", "weather", {"city": "Graz"}, '{"city":"Graz"}')
