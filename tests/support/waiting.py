"""Waiting in asynchronous tests for what another thread or process does in its own time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 10.0


async def comes_true(holds: Callable[[], bool]) -> bool:
    """Whether ``holds`` within ``PATIENCE`` seconds; returns as soon as it does."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not holds():
                await asyncio.sleep(0.02)
    except TimeoutError:
        return False
    return True
