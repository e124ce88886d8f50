"""A language model's server for tests and benchmarks: real HTTP on loopback, scripted answers.

Speaks the OpenAI protocol (``/v1/models``, ``/v1/chat/completions``, ``/v1/embeddings``) and
Anthropic's (``/v1/messages``), both with streaming. Every request is recorded. In a test it runs in
a thread (``ModelServer``); alone: ``python tests/servers/model.py --port 9001 --delay-ms 300``,
where another process scripts it by ``POST /control`` and reads ``GET /control``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Self

import httptools
import uvloop

if TYPE_CHECKING:
    from collections.abc import Iterator


USUAL = "Hello from the model."


@dataclass(frozen=True)
class Reply:
    """How to answer one request.

    ``chunks`` are the pieces of the stream (else ``text`` by words). A ``status`` other than 200
    answers with an error body, or with ``body`` as it is. ``cut_after`` drops the connection after
    that many pieces; ``hang`` never answers; ``garbage`` puts a broken frame into the stream;
    ``calls`` are tools that it wants called after its text, by names and arguments (a text: as it
    is); with ``calls`` and no ``chunks``, ``text`` is only said where it is not the usual one.
    ``lingers`` does not end the body after the last frame; ``pings`` sends comments for ever
    before the first.
    """

    text: str = USUAL
    chunks: tuple[str, ...] = ()
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    first_token_ms: float = 0
    token_ms: float = 0
    cut_after: int | None = None
    hang: bool = False
    garbage: bool = False
    lingers: bool = False
    pings: bool = False
    prompt_tokens: int = 7
    completion_tokens: int = 5
    calls: tuple[tuple[str, Any], ...] = ()

    def called(self) -> Iterator[tuple[str, str, str]]:
        """Id, name and arguments as text of each call."""
        for number, (name, arguments) in enumerate(self.calls, 1):
            written = arguments if isinstance(arguments, str) else json.dumps(arguments)
            yield f"call_{number}", name, written

    def pieces(self) -> list[str]:
        if self.chunks or (self.calls and self.text == USUAL):
            return list(self.chunks)
        words = self.text.split(" ")
        return [word if n == 0 else f" {word}" for n, word in enumerate(words)]


@dataclass(frozen=True)
class Request:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def prompt(self) -> str:
        """All texts of the prompt, one after the other."""
        body = self.json
        texts = [message["content"] for message in body.get("messages", [])]
        return "\n".join([str(body.get("system", "")), *map(str, texts)])

    @property
    def question(self) -> str:
        """The last message of the prompt."""
        return str(self.json["messages"][-1]["content"])


def letters(text: str, dimensions: int) -> list[float]:
    """A vector that tells texts apart: how often each letter comes, and one number more."""
    vector = [0.0] * (dimensions - 1) + [1.0]
    for letter in text:
        vector[ord(letter) % (dimensions - 1)] += 1
    return vector


def thirds(text: str) -> list[str]:
    size = max(1, -(-len(text) // 3))
    return [text[at : at + size] for at in range(0, len(text), size)]


class Connection(asyncio.Protocol):
    """One keep-alive connection; its requests come one after the other."""

    def __init__(self, server: ModelServer) -> None:
        self.server = server
        self.parser = httptools.HttpRequestParser(self)
        self.task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport) or hasattr(transport, "write")
        self.transport: Any = transport
        self.server.open_connections.add(self)
        self.server.connections_made += 1

    def connection_lost(self, exc: Exception | None) -> None:
        self.server.open_connections.discard(self)
        if self.task is not None and not self.task.done():
            self.server.dropped += 1
            self.task.cancel()

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_message_begin(self) -> None:
        self.headers: dict[str, str] = {}
        self.body = b""

    def on_url(self, url: bytes) -> None:
        self.url = url.decode()

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers[name.decode().lower()] = value.decode()

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        method = self.parser.get_method().decode()
        request = Request(method, self.url.split("?")[0], self.headers, self.body)
        self.task = asyncio.get_running_loop().create_task(self.server.answer(self, request))

    def head(self, status: int, headers: dict[str, str]) -> None:
        lines = [f"HTTP/1.1 {status} Status", *(f"{k}: {v}" for k, v in headers.items())]
        self.transport.write(("\r\n".join(lines) + "\r\n\r\n").encode())

    def whole(self, status: int, body: str, headers: dict[str, str] | None = None) -> None:
        data = body.encode()
        given = {"content-type": "application/json", "content-length": str(len(data))}
        self.head(status, given | (headers or {}))
        self.transport.write(data)

    def chunk(self, data: bytes) -> None:
        self.transport.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")


class ModelServer:
    """The server and its script: replies for the next requests, rules by text, else ``default``."""

    def __init__(
        self, models: tuple[str, ...] = ("small-1", "large-2"), delay_ms: float = 0
    ) -> None:
        self.first_models = models
        self.models = list(models)
        self.default = Reply(first_token_ms=delay_ms)
        self.queue: deque[Reply] = deque()
        self.rules: list[tuple[str, Reply]] = []
        self.requests: list[Request] = []
        self.recording = True
        self.listing_ms: float = 0
        self.dimensions = 64
        self.listing: Reply | None = None
        self.dropped = 0
        self.connections_made = 0
        self.open_connections: set[Connection] = set()
        self.url = ""

    # The script

    def reply(self, *replies: Reply | str) -> None:
        """Answer the next requests so, one each."""
        self.queue.extend(Reply(r) if isinstance(r, str) else r for r in replies)

    def when(self, text: str, reply: Reply | str) -> None:
        """Answer every prompt that contains ``text`` so."""
        self.rules.append((text, Reply(reply) if isinstance(reply, str) else reply))

    def reset(self) -> None:
        self.queue.clear()
        self.rules.clear()
        self.requests.clear()
        self.models = list(self.first_models)
        self.default, self.dropped, self.listing_ms, self.listing = Reply(), 0, 0, None
        self.dimensions = 64

    @property
    def chats(self) -> list[Request]:
        """The recorded requests for a completion."""
        return [r for r in self.requests if r.method == "POST"]

    # The answers

    async def answer(self, connection: Connection, request: Request) -> None:
        if request.path.startswith("/control"):
            self._control(connection, request)
            return
        if self.recording:
            self.requests.append(request)
        if request.path.endswith("/models"):
            await self._list(connection)
        elif request.path.endswith(("/chat/completions", "/messages")):
            await self._complete(connection, request)
        elif request.path.endswith("/embeddings"):
            await self._embed(connection, request)
        else:
            connection.whole(404, '{"error":{"message":"no such path"}}')

    async def _list(self, connection: Connection) -> None:
        """The models; or ``listing``: its ``chunks`` as they are, else its words as an error."""
        await asyncio.sleep(self.listing_ms / 1000)
        reply = self.listing
        if reply is None:
            data = [{"id": name, "object": "model"} for name in self.models]
            connection.whole(200, json.dumps({"object": "list", "data": data}))
        elif reply.chunks:
            connection.head(reply.status, {"transfer-encoding": "chunked"})
            for piece in reply.chunks:
                connection.chunk(piece.encode())
                await asyncio.sleep(reply.token_ms / 1000)
            connection.transport.write(b"0\r\n\r\n")
        else:
            connection.whole(reply.status, json.dumps({"error": {"message": reply.text}}))

    def _control(self, connection: Connection, request: Request) -> None:
        if request.method == "POST":
            names = {f.name for f in fields(Reply)}
            for item in json.loads(request.raw):
                reply = Reply(**{k: v for k, v in item.items() if k in names})
                self.when(item["when"], reply) if "when" in item else self.reply(reply)
        if request.method == "DELETE":
            self.reset()
        seen = [{"path": r.path, "headers": r.headers, "body": r.json} for r in self.chats]
        connection.whole(200, json.dumps({"requests": seen, "dropped": self.dropped}))

    def _choose(self, request: Request) -> Reply:
        for text, reply in self.rules:
            if text in request.prompt:
                return reply
        return self.queue.popleft() if self.queue else self.default

    async def _complete(self, connection: Connection, request: Request) -> None:
        body = request.json
        reply = self._choose(request)
        if reply.hang:
            await asyncio.Event().wait()
        if reply.first_token_ms:
            await asyncio.sleep(reply.first_token_ms / 1000)
        dialect = ANTHROPIC if request.path.endswith("/messages") else OPENAI
        if reply.status != 200 or reply.body is not None:
            words = json.dumps({"error": {"message": reply.text, "type": "scripted"}})
            connection.whole(reply.status, reply.body or words, reply.headers)
        elif body.get("stream"):
            await self._stream(connection, dialect, reply, body["model"])
        else:
            connection.whole(200, json.dumps(dialect.whole(reply, body["model"])), reply.headers)

    async def _embed(self, connection: Connection, request: Request) -> None:
        """A vector of ``dimensions`` for each text, as late as scripted; or the next scripted
        failure."""
        reply = self.queue.popleft() if self.queue else Reply()
        if reply.hang:
            await asyncio.Event().wait()
        if reply.first_token_ms:
            await asyncio.sleep(reply.first_token_ms / 1000)
        if reply.status != 200 or reply.body is not None:
            words = json.dumps({"error": {"message": reply.text, "type": "scripted"}})
            connection.whole(reply.status, reply.body or words, reply.headers)
            return
        texts = request.json["input"]
        data = [
            {"object": "embedding", "index": n, "embedding": letters(text, self.dimensions)}
            for n, text in enumerate([texts] if isinstance(texts, str) else texts)
        ]
        # Servers may answer in another order than they were asked in.
        body = {"object": "list", "model": request.json["model"], "data": data[::-1]}
        connection.whole(200, json.dumps(body))

    async def _stream(
        self, connection: Connection, dialect: Dialect, reply: Reply, model: str
    ) -> None:
        given = {"content-type": "text/event-stream", "transfer-encoding": "chunked"}
        connection.head(200, given | reply.headers)
        while reply.pings:
            connection.chunk(b": ping\n\n")
            await asyncio.sleep(0.02)
        for n, frame in enumerate(dialect.frames(reply, model)):
            if reply.cut_after is not None and n >= reply.cut_after + dialect.preamble:
                connection.transport.abort()
                return
            if reply.garbage and n == dialect.preamble + 1:
                connection.chunk(b"data: {not json\n\n")
            connection.chunk(frame)
            if reply.token_ms:
                await asyncio.sleep(reply.token_ms / 1000)
        if not reply.lingers:
            connection.transport.write(b"0\r\n\r\n")

    # Its life

    async def listen(self, port: int = 0) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Connection(self), "127.0.0.1", port, backlog=2048)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        return server

    def __enter__(self) -> Self:
        self._loop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        # Not from this thread: a browser's own loop may be running in it.
        self._server = asyncio.run_coroutine_threadsafe(self.listen(), self._loop).result(5)
        return self

    def __exit__(self, *exc: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        for connection in list(self.open_connections):
            if connection.task is not None:
                connection.task.cancel()
            connection.transport.abort()
        await asyncio.sleep(0)


class Dialect:
    """How one protocol writes an answer. ``preamble`` frames come before the first piece."""

    preamble = 1

    def whole(self, reply: Reply, model: str) -> dict[str, Any]:
        raise NotImplementedError

    def frames(self, reply: Reply, model: str) -> Iterator[bytes]:
        raise NotImplementedError


class OpenAI(Dialect):
    def whole(self, reply: Reply, model: str) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": "".join(reply.pieces())}
        if reply.calls:
            message["tool_calls"] = [self._call(*each) for each in reply.called()]
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return {"id": "c", "object": "chat.completion", "model": model, "choices": [choice]} | {
            "usage": self._usage(reply)
        }

    def frames(self, reply: Reply, model: str) -> Iterator[bytes]:
        yield self._frame(model, {"role": "assistant", "content": ""})
        for piece in reply.pieces():
            yield self._frame(model, {"content": piece})
        for index, (id_, name, written) in enumerate(reply.called()):
            yield self._frame(model, {"tool_calls": [{"index": index} | self._call(id_, name, "")]})
            for piece in thirds(written):
                more = {"index": index, "function": {"arguments": piece}}
                yield self._frame(model, {"tool_calls": [more]})
        yield self._frame(model, {}, "tool_calls" if reply.calls else "stop")
        usage = {"id": "c", "model": model, "choices": [], "usage": self._usage(reply)}
        yield f"data: {json.dumps(usage)}\n\n".encode()
        yield b"data: [DONE]\n\n"

    def _call(self, id_: str, name: str, written: str) -> dict[str, Any]:
        function = {"name": name, "arguments": written}
        return {"id": id_, "type": "function", "function": function}

    def _frame(self, model: str, delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        chunk = {"id": "c", "object": "chat.completion.chunk", "model": model, "choices": [choice]}
        return f"data: {json.dumps(chunk)}\n\n".encode()

    def _usage(self, reply: Reply) -> dict[str, int]:
        total = reply.prompt_tokens + reply.completion_tokens
        counts = {
            "prompt_tokens": reply.prompt_tokens,
            "completion_tokens": reply.completion_tokens,
        }
        return counts | {"total_tokens": total}


class Anthropic(Dialect):
    preamble = 2

    def whole(self, reply: Reply, model: str) -> dict[str, Any]:
        content: list[dict[str, Any]] = [{"type": "text", "text": "".join(reply.pieces())}]
        for id_, name, written in reply.called():
            block = {"type": "tool_use", "id": id_, "name": name, "input": json.loads(written)}
            content.append(block)
        usage = {"input_tokens": reply.prompt_tokens, "output_tokens": reply.completion_tokens}
        return {"type": "message", "model": model, "content": content, "usage": usage}

    def frames(self, reply: Reply, model: str) -> Iterator[bytes]:
        usage = {"input_tokens": reply.prompt_tokens, "output_tokens": 0}
        yield self._frame("message_start", message={"model": model, "usage": usage})
        yield self._frame(
            "content_block_start", index=0, content_block={"type": "text", "text": ""}
        )
        for piece in reply.pieces():
            yield self._frame(
                "content_block_delta", index=0, delta={"type": "text_delta", "text": piece}
            )
        for index, (id_, name, written) in enumerate(reply.called(), 1):
            block = {"type": "tool_use", "id": id_, "name": name, "input": {}}
            yield self._frame("content_block_start", index=index, content_block=block)
            for piece in thirds(written):
                delta = {"type": "input_json_delta", "partial_json": piece}
                yield self._frame("content_block_delta", index=index, delta=delta)
            yield self._frame("content_block_stop", index=index)
        usage = {"output_tokens": reply.completion_tokens}
        reason = "tool_use" if reply.calls else "end_turn"
        yield self._frame("message_delta", delta={"stop_reason": reason}, usage=usage)
        yield self._frame("message_stop")

    def _frame(self, kind: str, **data: Any) -> bytes:
        return f"event: {kind}\ndata: {json.dumps({'type': kind} | data)}\n\n".encode()


OPENAI, ANTHROPIC = OpenAI(), Anthropic()


async def _serve(port: int, delay_ms: float, *, record: bool) -> None:
    model = ModelServer(delay_ms=delay_ms)
    model.recording = record
    server = await model.listen(port)
    sys.stdout.write(f"{model.url}\n")
    sys.stdout.flush()
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay-ms", type=float, default=0)
    parser.add_argument("--record", action="store_true", help="keep the requests for GET /control")
    options = parser.parse_args()
    with suppress(KeyboardInterrupt):
        uvloop.run(_serve(options.port, options.delay_ms, record=options.record))


if __name__ == "__main__":
    main()
