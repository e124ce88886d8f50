"""The HTTP clients that models are reached with: pooled, one per event loop, closed with it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import httpx

from common import outbound
from common.unpacking import ACCEPTED, async_pieces
from inference.connections import Pool

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


@dataclass(frozen=True)
class Timeouts:
    """Seconds: to connect, between two pieces of an answer (and before its first), in all."""

    connect: float = 5
    between: float = 60
    total: float = 180

    def httpx(self) -> httpx.Timeout:
        return httpx.Timeout(self.between, connect=self.connect, pool=self.connect)


TIMEOUTS = Timeouts()
LISTING = Timeouts(between=10, total=15)
LONGEST_ERROR = 10_000
LONGEST_ANSWER = 2_000_000


_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[bool, httpx.AsyncClient]]
_clients = WeakKeyDictionary()
_lifetimes: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncGenerator[None]] = WeakKeyDictionary()


async def client(*, guarded: bool = False) -> httpx.AsyncClient:
    """The running loop's client; the guarded one refuses to enter our own network."""
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        _clients[loop] = {}
        _lifetimes[loop] = _closing(_clients[loop])
        await anext(_lifetimes[loop])
    found = _clients[loop].get(guarded)
    if found is None:
        found = outbound.async_client() if guarded else _client(Pool())
        _clients[loop][guarded] = found
    return found


def _client(transport: httpx.AsyncBaseTransport) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=transport,
        headers={"User-Agent": outbound.USER_AGENT, **ACCEPTED},
        trust_env=False,
        # Nothing that a server sets for one workspace's question goes along with another's.
        cookies=outbound.no_cookies(),
    )


async def _closing(clients: dict[bool, httpx.AsyncClient]) -> AsyncGenerator[None]:
    """Close them when the loop shuts its asynchronous generators down, as it does last."""
    try:
        yield
    finally:
        for client in clients.values():
            await client.aclose()


async def read_error(response: httpx.Response) -> bytes:
    """The beginning of an error's body; the response is closed."""
    return await _read(response, LONGEST_ERROR)


async def read_whole(response: httpx.Response) -> bytes:
    """The body of an answer that is not a stream."""
    return await _read(response, LONGEST_ANSWER)


async def _read(response: httpx.Response, most: int) -> bytes:
    body = bytearray()
    try:
        async for chunk in async_pieces(response):
            body += chunk
            if len(body) >= most:
                break
    finally:
        await response.aclose()
    return bytes(body[:most])
