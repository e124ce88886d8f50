"""Ends an answer when whoever asked would not be let in any more."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from time import monotonic
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from conversations.answering import Frame

# Seconds: little of an answer can be read in them, and each look costs a few short queries.
EVERY = 1.0
# By how much longer than a look took nobody looks again: so many answers at once leave room for
# everything else that needs the database.
REST = 5


async def while_admitted(
    frames: AsyncGenerator[Frame], admit: Callable[[], Any]
) -> AsyncGenerator[Frame]:
    """``frames``, until ``admit`` raises the ``Problem`` that ends them. It may read the database,
    and is asked also while the model says nothing."""
    ready: asyncio.Queue[Frame | None] = asyncio.Queue()
    producer = asyncio.ensure_future(_fill(ready, frames))
    due = monotonic() + EVERY
    try:
        while not (producer.done() and ready.empty()):
            if monotonic() >= due:
                began = monotonic()
                await sync_to_async(admit)()
                due = monotonic() + max(EVERY, REST * (monotonic() - began))
            if frame := await _next(ready, due - monotonic()):
                yield frame
        await producer  # raises what ended the frames
    finally:
        producer.cancel()
        await asyncio.gather(producer, return_exceptions=True)


async def _fill(ready: asyncio.Queue[Frame | None], frames: AsyncGenerator[Frame]) -> None:
    """In one task from the first frame to the last: a model's time limits belong to the task that
    they were set in."""
    try:
        async with aclosing(frames):
            async for frame in frames:
                ready.put_nowait(frame)
    finally:
        ready.put_nowait(None)


async def _next(ready: asyncio.Queue[Frame | None], wait: float) -> Frame | None:
    """The next frame; None at the end, or when there was none in time."""
    try:
        async with asyncio.timeout(wait):
            return await ready.get()
    except TimeoutError:
        return None
