"""Server-sent events as they arrive: bytes in, the data of each event out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.measured_streams import Turns
from inference.client import InferenceError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

LONGEST_EVENT = 1 << 20


async def data_of(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The ``data`` of every event; raises ``InferenceError`` for an event without an end."""
    begun = bytearray()
    turns = Turns()
    async for chunk in chunks:
        await turns.pass_on()
        begun += chunk
        if b"\n" in chunk:
            whole, _end, begun = begun.rpartition(b"\n")
            for line in _lines(whole):
                await turns.pass_on()
                if line.startswith(b"data:"):
                    yield line[5:].strip()
        if len(begun) > LONGEST_EVENT:
            raise InferenceError("The model's server sent something that is not an answer.")
    if begun.startswith(b"data:"):
        yield bytes(begun[5:]).strip()


def _lines(text: bytearray) -> Iterator[bytes]:
    """One after the other: of a compressed answer there may be a million at once."""
    start = 0
    while (end := text.find(b"\n", start)) >= 0:
        yield bytes(text[start:end])
        start = end + 1
    yield bytes(text[start:])
