"""What a server sends, taken in measured pieces: whoever answers with very many very small parts
keeps nobody else from their turn, and one that never begins its answer is heard to no end.

A chunk of one byte, or another ``100 Continue``, costs a few bytes to send and a thousand times as
much to read.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import httpcore

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

# Bytes that are read at once, and before the body of an answer begins.
PIECE, LARGEST_HEAD = 4 * 1024, 128 * 1024
# Parts of an answer that are looked at before others have their turn.
AT_ONCE = 100
_room: ContextVar[int | None] = ContextVar("room", default=None)


@contextmanager
def head_awaited() -> Iterator[None]:
    """While it lasts, streams give ``LARGEST_HEAD`` bytes at the most."""
    token = _room.set(LARGEST_HEAD)
    try:
        yield
    finally:
        _room.reset(token)


def _counted(data: bytes) -> bytes:
    """``data``, if there is room for it."""
    room = _room.get()
    if room is not None:
        _room.set(room - len(data))
        if len(data) > room:
            raise httpcore.RemoteProtocolError("The answer does not begin.")
    return data


class Turns:
    """Lets others have their turn, however much of what is read came at once."""

    def __init__(self) -> None:
        self.count = 0

    async def pass_on(self) -> None:
        """Call it for each part."""
        self.count += 1
        if self.count % AT_ONCE == 0:
            await asyncio.sleep(0)


class MeasuredStream(httpcore.NetworkStream):
    """``inner``, read in pieces and bounded while a head is awaited."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return _counted(self._inner.read(min(max_bytes, PIECE), timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        return MeasuredStream(self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class AsyncMeasuredStream(httpcore.AsyncNetworkStream):
    """The same for asynchronous callers, who let others have their turn after each piece."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return _counted(await self._inner.read(min(max_bytes, PIECE), timeout))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        inner = await self._inner.start_tls(ssl_context, server_hostname, timeout)
        return AsyncMeasuredStream(inner)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
