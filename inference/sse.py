"""Server-sent events as they arrive: bytes in, the data of each event out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inference.client import InferenceError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LONGEST_EVENT = 1 << 20


async def data_of(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The ``data`` of every event; raises ``InferenceError`` for an event without an end."""
    buffer = b""
    async for chunk in chunks:
        buffer += chunk
        lines = buffer.split(b"\n")
        buffer = lines.pop()
        if len(buffer) > LONGEST_EVENT:
            raise InferenceError("The model's server sent something that is not an answer.")
        for line in lines:
            if line.startswith(b"data:"):
                yield line[5:].strip()
    if buffer.startswith(b"data:"):
        yield buffer[5:].strip()
