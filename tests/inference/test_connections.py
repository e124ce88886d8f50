"""Connections to a model's server: kept, reused, and dropped when they should be."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

from inference import connections
from inference.connections import Pool
from tests.inference.conftest import asking, said
from tests.servers.model import Reply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from inference.openai_protocol import OpenAIProtocol
    from tests.servers.model import ModelServer

    Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], object]

TIMEOUT = httpx.Timeout(1)


@asynccontextmanager
async def talking(*answers: bytes, close: bool = False) -> AsyncIterator[tuple[str, list[int]]]:
    """A server that gives each request of a connection the next of ``answers``; counts
    connections."""
    connections = [0]
    queue = list(answers)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections[0] += 1
        try:
            while queue and await reader.readuntil(b"\r\n\r\n"):
                writer.write(queue.pop(0))
                await writer.drain()
                if close:
                    break
        except asyncio.IncompleteReadError:
            pass
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", connections


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=Pool(), timeout=TIMEOUT) as client:
        yield client


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


async def test_a_connection_is_used_again(client: httpx.AsyncClient) -> None:
    async with talking(OK, OK, OK) as (url, connections):
        for _ in range(3):
            assert (await client.get(url)).text == "ok"
    assert connections == [1]


async def test_a_connection_that_the_server_closed_is_replaced(client: httpx.AsyncClient) -> None:
    async with talking(OK, OK, close=True) as (url, connections):
        assert (await client.get(url)).text == "ok"
        assert (await client.get(url)).text == "ok"
    assert connections == [2]


async def test_chunked_bodies_and_bodies_without_a_length(client: httpx.AsyncClient) -> None:
    chunked = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    )
    async with talking(chunked) as (url, _):
        assert (await client.get(url)).text == "abcde"
    async with talking(b"HTTP/1.1 200 OK\r\n\r\nuntil the end", close=True) as (url, _):
        assert (await client.get(url)).text == "until the end"


async def test_a_preliminary_answer_is_passed_over(client: httpx.AsyncClient) -> None:
    async with talking(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK) as (url, _):
        response = await client.get(url)
    assert (response.status_code, response.text) == (200, "ok")
    assert "link" not in response.headers


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok",
        CHUNKED + b"ZZ\r\n",
        b"HTTP/1.1 200",
    ],
)
async def test_a_broken_answer_is_an_error(client: httpx.AsyncClient, answer: bytes) -> None:
    async with talking(answer, close=True) as (url, _):
        with pytest.raises(httpx.TransportError):
            await client.get(url)


async def test_silence_is_a_time_out(client: httpx.AsyncClient) -> None:
    async with talking(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", b"") as (url, _):
        with pytest.raises(httpx.ReadTimeout):
            await client.get(url, timeout=0.1)


async def test_a_header_cannot_hold_another(client: httpx.AsyncClient) -> None:
    async with talking(OK) as (url, connections):
        with pytest.raises(httpx.LocalProtocolError):
            await client.get(url, headers={"Authorization": "Bearer x\r\nX-Evil: 1"})
    assert connections == [0]


async def test_a_big_body_is_read_whole_though_nobody_hurries(client: httpx.AsyncClient) -> None:
    size = 5 << 20
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode()
    async with talking(head + b"x" * size) as (url, _), client.stream("GET", url) as response:
        await asyncio.sleep(0.2)
        assert len(await response.aread()) == size


async def test_answers_share_a_few_connections(
    client: httpx.AsyncClient, model_server: ModelServer
) -> None:
    url = f"{model_server.url}/chat/completions"
    body = {"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": True}
    others = set(model_server.open_connections)
    for _ in range(20):
        assert (await client.post(url, json=body)).status_code == 200
    assert len(set(model_server.open_connections) - others) <= 2


async def test_what_a_burst_leaves_behind_is_closed(
    client: httpx.AsyncClient, model_server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "IDLE_FOR", 0.5)
    others = set(model_server.open_connections)
    model_server.default = Reply(first_token_ms=100)
    url = f"{model_server.url}/chat/completions"
    body = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
    await asyncio.gather(*(client.post(url, json=body) for _ in range(8)))
    assert len(set(model_server.open_connections) - others) == 8
    for _ in range(4):
        await asyncio.sleep(0.2)
        await client.post(url, json=body)
    await asyncio.sleep(0.1)
    assert len(set(model_server.open_connections) - others) == 1


async def test_a_finished_stream_leaves_its_connection_open(
    model_server: ModelServer, openai: OpenAIProtocol
) -> None:
    before = model_server.connections_made
    for _ in range(5):
        await said(openai, asking(model="m"))
    assert model_server.connections_made - before == 1


async def test_a_server_that_does_not_end_after_its_last_word_is_not_waited_for(
    model_server: ModelServer, openai: OpenAIProtocol
) -> None:
    model_server.reply(Reply("Done.", lingers=True))
    async with asyncio.timeout(10):
        assert (await said(openai, asking(model="m")))[0] == "Done."
