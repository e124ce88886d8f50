"""HTTP/1.1 connections to a model's server, kept open between questions.

A transport for httpx that does what talking to models needs and little else: one request at a
time on a connection, answers that stream, time limits. It takes a third of the processor time of
httpx's own, whose pool looks at every connection for every request.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import defaultdict, deque
from functools import cache
from time import monotonic
from typing import TYPE_CHECKING, Any

import httptools
import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    Origin = tuple[str, str, int]

IDLE_FOR = 30.0
# What may be waiting to be read before the server is told to wait.
MOST_WAITING = 1 << 20
_FORBIDDEN = (b"\r", b"\n", b"\0")


class Pool(httpx.AsyncBaseTransport):
    """Connections by origin; the one that was used last is used first."""

    def __init__(self) -> None:
        self._idle: defaultdict[Origin, deque[Connection]] = defaultdict(deque)
        self._open: set[Connection] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        head = _head(request)
        limits: dict[str, Any] = request.extensions.get("timeout", {})
        origin = _origin(request.url)
        connection = self._take(origin)
        if connection is not None:
            try:
                return await connection.ask(head + request.content, limits.get("read"))
            except StaleError:
                pass  # the server closed it meanwhile, before it saw the question
        connection = await self._connect(origin, limits.get("connect"))
        return await connection.ask(head + request.content, limits.get("read"))

    def _take(self, origin: Origin) -> Connection | None:
        idle = self._idle[origin]
        while idle:
            connection = idle.pop()
            if connection.fresh:
                return connection
            connection.drop()
        return None

    async def _connect(self, origin: Origin, limit: float | None) -> Connection:
        scheme, host, port = origin
        tls = _tls() if scheme == "https" else None
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(limit):
                _, connection = await loop.create_connection(
                    lambda: Connection(self, origin), host, port, ssl=tls
                )
        except TimeoutError:
            raise httpx.ConnectTimeout("connecting took too long") from None
        except (OSError, ssl.SSLError, UnicodeError):
            raise httpx.ConnectError("no connection") from None
        self._open.add(connection)
        return connection

    def give_back(self, connection: Connection) -> None:
        connection.idle_since = monotonic()
        idle = self._idle[connection.origin]
        while idle and not idle[0].fresh:  # what a burst left behind is never the newest
            idle.popleft().drop()
        idle.append(connection)

    def forget(self, connection: Connection) -> None:
        self._open.discard(connection)

    async def aclose(self) -> None:
        for connection in list(self._open):
            connection.drop()
        await asyncio.sleep(0)


class StaleError(httpx.ReadError):
    """The server closed a connection before it answered anything on it."""


class Connection(asyncio.Protocol):
    """One connection: a question, its answer, the next question."""

    def __init__(self, pool: Pool, origin: Origin) -> None:
        self.pool, self.origin = pool, origin
        self.idle_since = 0.0
        self.lost = False
        self._waiter: asyncio.Future[None] | None = None
        self._reset()

    def _reset(self) -> None:
        self.parser = httptools.HttpResponseParser(self)
        self.headers: list[tuple[bytes, bytes]] = []
        self.chunks: list[bytes] = []
        self.waiting = 0
        self.has_head = self.complete = self.reusable = self.paused = self.malformed = False

    # What asyncio and the parser call

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport

    def data_received(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError:
            self.malformed = True
            self.drop()
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        if exc is None and self.has_head and self._ends_with_the_connection():
            self.complete = True
        self.pool.forget(self)
        self._wake()

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        self.has_head = self.parser.get_status_code() >= 200  # noqa: PLR2004 (1xx come before)

    def on_body(self, body: bytes) -> None:
        self.chunks.append(body)
        self.waiting += len(body)
        if self.waiting > MOST_WAITING and not self.paused:
            self.paused = True
            self.transport.pause_reading()

    def on_message_complete(self) -> None:
        if self.has_head:
            self.complete = True
            self.reusable = self.parser.should_keep_alive()  # it only knows now
        else:
            self.headers = []

    # What whoever asks calls

    @property
    def usable(self) -> bool:
        return not self.lost and not self.transport.is_closing()

    @property
    def fresh(self) -> bool:
        """Whether it can be given to the next question."""
        return self.usable and monotonic() - self.idle_since < IDLE_FOR

    async def ask(self, data: bytes, limit: float | None) -> httpx.Response:
        """Send a whole request and wait for the head of its answer."""
        self._reset()
        self.transport.write(data)
        try:
            await self._head_is_there(limit)
        except BaseException:
            self.drop()
            raise
        return httpx.Response(
            self.parser.get_status_code(), headers=self.headers, stream=Body(self, limit)
        )

    async def _head_is_there(self, limit: float | None) -> None:
        while not self.has_head:
            if self.lost or self.malformed:
                raise self._broken()
            await self._wait(limit)

    async def read(self, limit: float | None) -> bytes:
        """The next part of the body; empty at its end."""
        while not self.chunks:
            if self.complete:
                return b""
            if self.lost or self.malformed:
                raise self._broken()
            await self._wait(limit)
        data = b"".join(self.chunks)
        self.chunks.clear()
        self.waiting = 0
        if self.paused and not self.lost:
            self.paused = False
            self.transport.resume_reading()
        return data

    def finish(self) -> None:
        """Nobody reads on: an answer that was read to its end leaves the connection for others."""
        if self.complete and self.usable and self.reusable:
            self.pool.give_back(self)
        else:
            self.drop()

    def drop(self) -> None:
        self.transport.abort()

    async def _wait(self, limit: float | None) -> None:
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(limit):
                await self._waiter
        except TimeoutError:
            raise httpx.ReadTimeout("the server took too long") from None
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _broken(self) -> httpx.TransportError:
        if self.malformed:
            return httpx.RemoteProtocolError("the server does not speak HTTP")
        if self.idle_since and not self.headers:
            return StaleError("the connection was closed")
        return httpx.ReadError("the connection was lost")

    def _ends_with_the_connection(self) -> bool:
        names = {name.lower() for name, _ in self.headers}
        return not names & {b"content-length", b"transfer-encoding"}


class Body(httpx.AsyncByteStream):
    """The body of an answer, as it comes."""

    def __init__(self, connection: Connection, limit: float | None) -> None:
        self._connection: Connection | None = connection
        self._limit = limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self._connection is not None:
            data = await self._connection.read(self._limit)
            if not data:
                return
            yield data

    async def aclose(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.finish()


def _head(request: httpx.Request) -> bytes:
    lines = [b"%b %b HTTP/1.1" % (request.method.encode(), request.url.raw_path)]
    for name, value in request.headers.raw:
        if any(c in name or c in value for c in _FORBIDDEN):
            raise httpx.LocalProtocolError("a header holds a line break")
        lines.append(b"%b: %b" % (name, value))
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _origin(url: httpx.URL) -> Origin:
    if url.scheme not in {"http", "https"} or not url.host:
        raise httpx.UnsupportedProtocol("not an address of the web")
    return url.scheme, url.host, url.port or (443 if url.scheme == "https" else 80)


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()
