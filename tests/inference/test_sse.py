"""Events as they arrive, in pieces of any size."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from inference.client import InferenceError
from inference.sse import LONGEST_EVENT, data_of
from tests.support.processor import takes_at_most

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

STREAM = b"event: message\ndata: {1}\n\n: ping\n\ndata:{2}\r\n\ndata: {3}"


async def arriving(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
async def test_events_are_the_same_in_whatever_pieces_they_come(size: int) -> None:
    pieces = [STREAM[at : at + size] for at in range(0, len(STREAM), size)]
    assert [each async for each in data_of(arriving(pieces))] == [b"{1}", b"{2}", b"{3}"]


async def test_an_event_without_an_end_takes_no_longer_in_small_pieces() -> None:
    with takes_at_most(5), pytest.raises(InferenceError):
        async for _event in data_of(arriving([b"x"] * (LONGEST_EVENT + 1))):
            pass


@pytest.mark.parametrize("pieces", [[b"data: {}\n" * 50_000], [b"data: {}\n"] * 50_000])
async def test_others_have_their_turn_while_many_events_are_read(pieces: list[bytes]) -> None:
    turns, is_over = 0, asyncio.Event()

    async def other() -> None:
        nonlocal turns
        while not is_over.is_set():
            turns += 1
            await asyncio.sleep(0)

    beside = asyncio.ensure_future(other())
    assert len([each async for each in data_of(arriving(pieces))]) == 50_000
    is_over.set()
    await beside
    assert turns > 400
