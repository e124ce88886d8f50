"""Work that goes on side by side, and ends together."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Coroutine, Iterable

Found = TypeVar("Found")


async def all_of(works: Iterable[Coroutine[Any, Any, Found]]) -> list[Found]:
    """What each comes to, in their order. Where one fails, the others are stopped, and its error is
    raised as it is.

    Unlike ``asyncio.TaskGroup``, which in Python 3.11 leaves whoever waited for one that failed
    marked as called off.
    """
    tasks = [asyncio.ensure_future(each) for each in works]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        await stopped(tasks)


async def stopped(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Wait for tasks that nobody wants the result of any more."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.gather(*tasks, return_exceptions=True)
