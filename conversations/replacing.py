"""An answer is replaced once: who asks for another one while it is made has to wait for it."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.core.cache import cache
from django.utils.translation import gettext as _

from common.problems import conflict

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from conversations.answering import Frame

# Seconds that it is claimed for, so that a client that leaves before the answer begins, an answer
# that could not be kept, and a process that is killed are in nobody's way for long; and those after
# which it is claimed anew while the answer is made.
SECONDS, EVERY = 10, 3


def claim(answer_id: str | None) -> None:
    """Be the one whose answer takes the place of this one; raises ``Problem`` 409 for all others.
    None: there is nothing to replace."""
    if answer_id and not cache.add(_key(answer_id), 1, SECONDS):
        raise conflict(_("Another answer to this is being written already. Wait for it to end."))


def while_claimed(frames: AsyncGenerator[Frame], answer_id: str | None) -> AsyncGenerator[Frame]:
    """``frames`` of the answer that takes the place of the claimed one, if there is one."""
    return _claiming(frames, answer_id) if answer_id else frames


async def _claiming(frames: AsyncGenerator[Frame], answer_id: str) -> AsyncGenerator[Frame]:
    keeper = asyncio.ensure_future(_keep(answer_id))
    try:
        async with aclosing(frames):
            async for frame in frames:
                yield frame
    finally:
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)
        await _claim_anew(answer_id)


async def _keep(answer_id: str) -> None:
    while True:
        await _claim_anew(answer_id)
        await asyncio.sleep(EVERY)


async def _claim_anew(answer_id: str) -> None:
    await sync_to_async(cache.set)(_key(answer_id), 1, SECONDS)


def _key(answer_id: str) -> str:
    return f"replacing:{answer_id}"
