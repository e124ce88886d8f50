"""An answer is replaced once: who asks for another one while it is made has to wait for it."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.core.cache import cache
from django.utils.translation import gettext as _

from common.problems import conflict

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from conversations.answering import Frame

# Seconds. A client that leaves before the answer begins, or an answer that could not be kept, is in
# nobody's way for long; an answer itself takes no longer than any model may.
BEFORE_AND_AFTER = 10
LONGEST = 240


def claim(answer_id: str | None) -> None:
    """Be the one whose answer takes the place of this one; raises ``Problem`` 409 for all others.
    None: there is nothing to replace."""
    if answer_id and not cache.add(_key(answer_id), 1, BEFORE_AND_AFTER):
        raise conflict(_("Another answer to this is being written already. Wait for it to end."))


def while_claimed(frames: AsyncGenerator[Frame], answer_id: str | None) -> AsyncGenerator[Frame]:
    """``frames`` of the answer that takes the place of the claimed one, if there is one."""
    return _claiming(frames, answer_id) if answer_id else frames


async def _claiming(frames: AsyncGenerator[Frame], answer_id: str) -> AsyncGenerator[Frame]:
    await _keep_for(answer_id, LONGEST)
    try:
        async with aclosing(frames):
            async for frame in frames:
                yield frame
    finally:
        await _keep_for(answer_id, BEFORE_AND_AFTER)


async def _keep_for(answer_id: str, seconds: int) -> None:
    await sync_to_async(cache.set)(_key(answer_id), 1, seconds)


def _key(answer_id: str) -> str:
    return f"replacing:{answer_id}"
