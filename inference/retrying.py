"""Tries a model again while nothing has been said: with backoff, jitter and a time budget."""

from __future__ import annotations

import logging
from contextlib import aclosing
from typing import TYPE_CHECKING, TypeVar

import stamina

from inference.client import Finished, InferenceError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable

    from stamina.instrumentation import RetryDetails

    from inference.client import Item

    Stream = AsyncGenerator[Item]

Answer = TypeVar("Answer")

logger = logging.getLogger(__name__)

ATTEMPTS = 3
BUDGET = 20.0
# A server that asks for more patience than this gets none: the person is told instead.
LONGEST_WAIT = 5.0


def log_retry(details: RetryDetails) -> None:
    """Say in one line why a model is asked again, and when. Of what else is tried again nothing is
    said: that may hold what visitors wrote."""
    if not isinstance(details.caused_by, InferenceError):
        return
    logger.warning(
        "A model is asked again in %.1f s (attempt %d of %d failed): %s",
        details.wait_for,
        details.retry_num,
        ATTEMPTS,
        details.caused_by,
    )


async def patiently(start: Callable[[], Stream]) -> AsyncIterator[Item]:
    """The items of ``start()``; begun anew when it fails for a while before its first text."""
    async for attempt in stamina.retry_context(
        on=_wait, attempts=ATTEMPTS, timeout=BUDGET, wait_initial=0.2, wait_max=3, wait_jitter=0.3
    ):
        with attempt:
            stream = start()
            first = await _first(stream)
    async with aclosing(stream):
        yield first
        async for item in stream:
            yield item


def persistently(ask: Callable[[], Answer]) -> Answer:
    """What ``ask()`` returns; called again when it fails for a while. For threads, not loops."""
    caller = stamina.RetryingCaller(
        attempts=ATTEMPTS, timeout=BUDGET, wait_initial=0.2, wait_max=3, wait_jitter=0.3
    )
    return caller(_wait, ask)


async def _first(stream: Stream) -> Item:
    """The first text or call; an answer without any is a failure."""
    first = await anext(stream, None)
    if first is None or isinstance(first, Finished):
        await stream.aclose()
        raise InferenceError("The model gave an empty answer.")
    return first


def _wait(error: Exception) -> bool | float:
    if not isinstance(error, InferenceError) or error.permanent:
        return False
    if error.retry_after is not None:
        return error.retry_after <= LONGEST_WAIT and float(error.retry_after)
    return True
