"""What a client makes of everything that a model's server may do."""

from __future__ import annotations

import asyncio
import gzip
import logging
import time
from base64 import b64encode, urlsafe_b64encode
from typing import TYPE_CHECKING, Any

import pytest

from inference.client import Completion, Delta, Finished, InferenceError
from inference.endpoint import Endpoint
from inference.http_model import CHARACTERS_PER_TOKEN
from inference.openai_protocol import OpenAIProtocol
from tests.inference.conftest import KEY, asking, said
from tests.servers.flood import Flood
from tests.servers.model import Reply
from tests.support.processor import takes_at_most

if TYPE_CHECKING:
    from tests.servers.model import ModelServer


async def test_an_answer_streams_piece_by_piece(
    openai: OpenAIProtocol, model_server: ModelServer
) -> None:
    model_server.reply(Reply("One two three", prompt_tokens=11, completion_tokens=3))
    items = [item async for item in openai.stream(asking(model="large-2"))]
    assert items == [Delta("One"), Delta(" two"), Delta(" three"), Finished(11, 3, "large-2")]


async def test_the_prompt_and_its_settings_arrive(
    openai: OpenAIProtocol, model_server: ModelServer
) -> None:
    question = asking("Where is it?", system="Be brief.")
    await said(openai, Completion("m", question.messages, temperature=0.2, max_tokens=55))
    body = model_server.chats[-1].json
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Where is it?"},
    ]
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("m", 0.2, 55)
    assert model_server.chats[-1].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("alias", ["", "secret-ai-v1"])
async def test_an_alias_means_the_first_listed_model(
    openai: OpenAIProtocol, model_server: ModelServer, alias: str
) -> None:
    model_server.models = ["whisper-1", "text-embed-3", "small-1"]
    await openai.models()
    _, end = await said(openai, asking(model=alias))
    assert end.model == "small-1"


async def test_thoughts_are_left_out_wherever_they_are_split(
    openai: OpenAIProtocol, model_server: ModelServer
) -> None:
    text = "<think>secret plan</think>\n\nHello <b>you</b>, a <thin line"
    for size in range(1, 12):
        pieces = tuple(text[i : i + size] for i in range(0, len(text), size))
        model_server.reply(Reply(chunks=pieces))
        answer, _ = await said(openai)
        assert answer == "Hello <b>you</b>, a <thin line"


async def test_a_failure_before_the_first_word_is_tried_again(
    openai: OpenAIProtocol, model_server: ModelServer
) -> None:
    model_server.reply(Reply("overloaded", status=503), Reply("", cut_after=0), "At last.")
    answer, _ = await said(openai)
    assert answer == "At last."


async def test_the_log_says_why_a_model_is_asked_again(
    openai: OpenAIProtocol, model_server: ModelServer, caplog: pytest.LogCaptureFixture
) -> None:
    model_server.reply(Reply(f"Out of order. Your key is {KEY}", status=500), Reply("Here I am"))
    await said(openai, asking())
    (line,) = [record.getMessage() for record in caplog.records if record.name.endswith("retrying")]
    assert line.startswith("A model is asked again in ")
    assert "(attempt 1 of 3 failed)" in line
    assert "500" in line
    assert KEY not in line


async def test_retry_after_is_honoured(openai: OpenAIProtocol, model_server: ModelServer) -> None:
    model_server.reply(Reply("slow down", status=429, headers={"Retry-After": "1"}), "Now.")
    began = time.monotonic()
    assert (await said(openai))[0] == "Now."
    assert time.monotonic() - began >= 1


async def test_a_long_retry_after_is_told_instead_of_waited_for(
    openai: OpenAIProtocol, model_server: ModelServer
) -> None:
    model_server.reply(Reply("quota used up", status=429, headers={"Retry-After": "77"}))
    with pytest.raises(InferenceError, match="quota used up") as failure:
        await said(openai)
    assert (failure.value.code, failure.value.retry_after) == ("rate-limit", 77)
    assert len(model_server.chats) == 1


@pytest.mark.parametrize(
    "words", ["\u00b2", "9" * 5000, "soon", "Wed, 99999999999999999999 Oct 2025 07:28:00 GMT"]
)
async def test_a_retry_after_that_says_nothing_is_passed_over(
    openai: OpenAIProtocol, model_server: ModelServer, words: str
) -> None:
    model_server.reply(Reply("busy", status=429, headers={"Retry-After": words}), "Now.")
    assert (await said(openai))[0] == "Now."


@pytest.mark.parametrize(
    ("status", "words"),
    [
        *((status, "no such thing") for status in (400, 404, 422)),
        *((status, "does not accept the key") for status in (401, 403)),
    ],
)
async def test_a_refusal_is_not_tried_again(
    openai: OpenAIProtocol, model_server: ModelServer, status: int, words: str
) -> None:
    model_server.reply(Reply("no such thing", status=status))
    with pytest.raises(InferenceError, match=f"{status}.*{words}") as failure:
        await said(openai)
    assert failure.value.permanent
    assert len(model_server.chats) == 1


async def test_a_stream_that_breaks_off_keeps_what_was_said_and_is_not_begun_anew(
    openai: OpenAIProtocol, model_server: ModelServer
) -> None:
    model_server.reply(Reply("One two three four", cut_after=2))
    stream = openai.stream(asking(model="m"))
    assert [await anext(stream), await anext(stream)] == [Delta("One"), Delta(" two")]
    with pytest.raises(InferenceError, match="was lost"):
        await anext(stream)
    assert len(model_server.chats) == 1


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply("One two", garbage=True), "not an answer"),
        (
            Reply(body="<html>Gateway</html>", headers={"content-type": "text/html"}),
            "not an answer",
        ),
        (Reply(body="[1]"), "not an answer"),
        (Reply(body="null"), "not an answer"),
        (Reply(chunks=("",)), "empty answer"),
        (Reply("<think>hm", chunks=("<think>", "hm")), "empty answer"),
    ],
)
async def test_nonsense_is_an_error_not_a_crash(
    openai: OpenAIProtocol, model_server: ModelServer, reply: Reply, words: str
) -> None:
    model_server.default = reply
    with pytest.raises(InferenceError, match=words):
        await said(openai)


async def test_a_model_that_hangs_is_given_up(
    impatient: OpenAIProtocol, model_server: ModelServer
) -> None:
    model_server.default = Reply(hang=True)
    with pytest.raises(InferenceError, match="too long") as failure:
        await said(impatient)
    assert failure.value.code == "upstream-timeout"


async def test_a_model_that_never_ends_is_stopped(
    impatient: OpenAIProtocol, model_server: ModelServer
) -> None:
    model_server.reply(Reply(chunks=("on and ",) * 1000, token_ms=5))
    with pytest.raises(InferenceError, match="too long"):
        await said(impatient)


@pytest.mark.parametrize(
    "reply",
    [Reply(pings=True), Reply(chunks=("<think>", *("hm ",) * 1000), token_ms=20)],
    ids=["comments", "thoughts"],
)
async def test_a_model_that_says_nothing_for_ever_is_stopped(
    impatient: OpenAIProtocol, model_server: ModelServer, reply: Reply
) -> None:
    model_server.default = reply
    async with asyncio.timeout(15):
        with pytest.raises(InferenceError, match="too long") as failure:
            await said(impatient, asking(model="m"))
    assert failure.value.code == "upstream-timeout"


async def test_a_model_that_says_more_than_was_asked_for_is_cut_short(
    openai: OpenAIProtocol, model_server: ModelServer
) -> None:
    model_server.reply(Reply(chunks=("lorem ipsum ",) * 1000, token_ms=1))
    text, end = await said(openai, Completion("m", asking().messages, max_tokens=10))
    assert text == ("lorem ipsum " * 1000)[: 10 * CHARACTERS_PER_TOKEN]
    assert end == Finished(model="m")
    await asyncio.sleep(0.1)
    assert model_server.dropped >= 1  # one of another test may be noticed late


@pytest.mark.parametrize(
    ("listing", "words"),
    [
        (Reply(chunks=('{"data":[',) + (" ",) * 1000, token_ms=20), "too long"),
        (Reply(chunks=("x" * 1_000_000,) * 50, token_ms=5), "not an answer"),
        (Reply(chunks=("x" * 1_000_000,) * 50, token_ms=5, status=500), "500"),
    ],
    ids=["slow", "large", "large error"],
)
async def test_a_list_of_models_that_never_ends_is_not_waited_for(
    impatient: OpenAIProtocol, model_server: ModelServer, listing: Reply, words: str
) -> None:
    model_server.listing = listing
    with pytest.raises(InferenceError, match=words):
        await impatient.models()
    await asyncio.sleep(0.1)
    assert model_server.dropped >= 1  # one of another test may be noticed late


async def test_leaving_the_stream_ends_the_model_s_work(
    openai: OpenAIProtocol, model_server: ModelServer
) -> None:
    model_server.reply(Reply(chunks=("word ",) * 1000, token_ms=20))
    stream = openai.stream(asking(model="m"))
    async for _ in stream:
        break
    await stream.aclose()  # type: ignore[attr-defined]
    await asyncio.sleep(0.1)
    assert model_server.dropped >= 1  # one of another test may be noticed late


async def test_a_server_that_does_not_stream_is_understood(
    openai: OpenAIProtocol, model_server: ModelServer
) -> None:
    whole = '{"choices":[{"message":{"content":"All at once."},"finish_reason":"stop"}]}'
    model_server.reply(Reply(body=whole))
    assert (await said(openai))[0] == "All at once."


async def test_parameters_that_the_server_refuses_are_left_out_or_renamed(
    openai: OpenAIProtocol, model_server: ModelServer
) -> None:
    model_server.reply(
        Reply("Unsupported parameter: 'max_tokens' is not supported.", status=400),
        Reply("'temperature' does not support 0.7 with this model.", status=400),
        "Fine.",
    )
    assert (await said(openai))[0] == "Fine."
    body = model_server.chats[-1].json
    assert "temperature" not in body
    assert "max_tokens" not in body
    assert body["max_completion_tokens"] == 1000


async def test_the_key_is_in_no_error_and_no_log(
    openai: OpenAIProtocol, model_server: ModelServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    words = f"Incorrect API key provided: {KEY}. Bearer {KEY} org-abcdefgh12"
    model_server.default = Reply(words, status=400)
    with pytest.raises(InferenceError) as failure:
        await said(openai)
    told = f"{failure.value} {failure.value!r} {openai.endpoint!r} {caplog.text}"
    assert "canary" not in told
    assert "org-abcdefgh12" not in told
    assert "Incorrect API key" in str(failure.value)


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("guise", [" ".join(KEY), KEY[::-1], KEY.encode().hex(), KEY.upper()])
async def test_what_a_server_says_of_the_key_is_not_told(
    openai: OpenAIProtocol, model_server: ModelServer, status: int, guise: str
) -> None:
    model_server.default = Reply(f"Bad key: {guise}", status=status)
    with pytest.raises(InferenceError, match=str(status)) as failure:
        await said(openai)
    assert guise not in str(failure.value)


@pytest.mark.parametrize("encode", [b64encode, urlsafe_b64encode])
@pytest.mark.parametrize("before", ["", ":", "me", "Key "])
async def test_the_key_in_base64_is_not_told_either(
    openai: OpenAIProtocol, model_server: ModelServer, encode: Any, before: str
) -> None:
    object.__setattr__(openai.endpoint, "key", "sk?>canary~~0123456789abcdef")
    guise = encode(f"{before}{openai.endpoint.key}.".encode()).decode()
    model_server.default = Reply(f"Not for {guise}", status=400)
    with pytest.raises(InferenceError, match="Not for") as failure:
        await said(openai)
    said_of_it = str(failure.value).partition("Not for ")[2]
    assert "•••" in said_of_it
    assert len(said_of_it) < 15


async def test_half_a_character_in_a_refusal_is_left_out(
    openai: OpenAIProtocol, model_server: ModelServer
) -> None:
    model_server.default = Reply(status=400, body='{"error": {"message": "no \\ud800 such"}}')
    with pytest.raises(InferenceError, match="no   such"):
        await said(openai, asking())


async def test_half_a_character_in_an_answer_is_no_word_of_it(
    openai: OpenAIProtocol, model_server: ModelServer
) -> None:
    broken = '{"choices":[{"message":{"content":"a \\ud800"},"finish_reason":"stop"}]}'
    model_server.default = Reply(body=broken)
    with pytest.raises(InferenceError):
        await said(openai, asking())


async def test_a_server_that_is_not_there_cannot_be_reached(openai: OpenAIProtocol) -> None:
    object.__setattr__(openai.endpoint, "base_url", "http://127.0.0.1:1/v1")
    with pytest.raises(InferenceError, match="cannot be reached") as failure:
        await said(openai)
    assert "127.0.0.1" not in str(failure.value)


async def test_many_answers_at_once(openai: OpenAIProtocol, model_server: ModelServer) -> None:
    model_server.default = Reply(first_token_ms=100)
    await openai.models()
    began = time.monotonic()
    answers = await asyncio.gather(*(said(openai) for _ in range(100)))
    assert {text for text, _ in answers} == {"Hello from the model."}
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("key", ["sk-ключ-canary", "sk-canary\u2028"])
async def test_a_key_that_cannot_be_sent_is_said_to_be_none(
    model_server: ModelServer, key: str
) -> None:
    with pytest.raises(InferenceError, match="character that cannot be sent") as caught:
        await said(OpenAIProtocol(Endpoint(model_server.url, key)))
    assert caught.value.permanent
    assert model_server.chats == []


@pytest.mark.parametrize("media_type", ["text/event-stream", "application/json"])
async def test_an_answer_compressed_in_layers_is_not_undone(media_type: str) -> None:
    """Two layers make a gigabyte of two kilobytes, a third would make a terabyte."""
    layers = f"Content-Type: {media_type}\r\nContent-Encoding: gzip, gzip"
    head = f"HTTP/1.1 200 OK\r\n{layers}\r\n\r\n"
    bomb = gzip.compress(gzip.compress(b"0" * 200_000_000, 1))
    with Flood(head.encode() + bomb, b"") as server:
        model = OpenAIProtocol(Endpoint(server.url, KEY))
        with takes_at_most(1), pytest.raises(InferenceError):
            await said(model)
