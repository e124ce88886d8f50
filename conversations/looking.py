"""When a visitor's browser looks again for what people say."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from conversations.answering import Frame
    from conversations.models import Conversation

# Seconds to wait before looking, while nothing was said for so long: people type, then leave.
WITH_A_PERSON = (
    (timedelta(minutes=2), 3),
    (timedelta(minutes=10), 6),
    (timedelta(hours=1), 15),
    (timedelta.max, 30),
)
# Somebody may step in while the visitor is there to read it.
WITH_THE_BOT = (
    (timedelta(minutes=2), 10),
    (timedelta(minutes=10), 20),
    (timedelta(minutes=30), 30),
)
# After the bot handed over, and after it answered.
FIRST_LOOK, LATER_LOOK = 1, 10


async def looking_on(
    frames: AsyncGenerator[Frame], later: int = LATER_LOOK
) -> AsyncGenerator[Frame]:
    """``frames`` with when to look for what people say, once the answer is there: ``later`` where
    the bot still has the conversation."""
    async with aclosing(frames):
        async for frame in frames:
            if frame.event == "done":
                wait = FIRST_LOOK if frame.data["handoff"] else later
                yield replace(frame, data={**frame.data, "wait": wait})
            else:
                yield frame


def next_look(conversation: Conversation, *, has_person: bool) -> int:
    """In how many seconds; 0: there is nothing to look for any more."""
    idle = timezone.now() - conversation.last_message_at
    pace = WITH_A_PERSON if has_person else WITH_THE_BOT
    return next((seconds for most, seconds in pace if idle < most), 0)
