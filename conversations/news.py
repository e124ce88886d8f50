"""What people have said in a conversation, for whoever talks there to read on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from conversations.handoff import ends_of, open_handoffs, said_after
from conversations.models import Message
from conversations.sessions import find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conversations.models import Conversation
    from drafts.models import Entity

MOST = 50
# Seconds to wait before asking again, while nothing was said for so long: people type, then leave.
PACE = (
    (timedelta(minutes=2), 3),
    (timedelta(minutes=10), 6),
    (timedelta(hours=1), 15),
)
SLOWEST = 30


@dataclass(frozen=True)
class News:
    """``messages`` are the next that people said, the oldest first. ``is_open``: a person has the
    conversation, and there may be more in ``wait`` seconds. ``given_back`` is the message after
    which nobody has it any more, as long as nothing was said since; empty else."""

    messages: Sequence[Message] = field(default_factory=tuple)
    is_open: bool = False
    wait: int = 0
    given_back: str = ""


def news_of(entity: Entity, session_id: str, channel: str, after: str = "") -> News | None:
    """What people said after the message ``after`` (empty, or one that is not there: all that they
    said); None for a session that nobody has begun. Synchronous."""
    conversation = find(entity, channel, session_id)
    if conversation is None:
        return None
    # Looked at before the messages: what is said in between is found with them.
    is_open = open_handoffs(conversation).exists()
    wait = _pace(conversation) if is_open else 0
    said = said_after(conversation, after).filter(role=Message.Role.PERSON)
    found = list(said.order_by("created_at")[:MOST])
    return News(found, is_open, wait, "" if is_open else _given_back(conversation))


def _given_back(conversation: Conversation) -> str:
    newest = Message.objects.filter(conversation=conversation).order_by("-created_at")
    last = newest.values_list("pk", flat=True).first()
    return str(last) if last in ends_of(conversation) else ""


def _pace(conversation: Conversation) -> int:
    idle = timezone.now() - conversation.last_message_at
    return next((seconds for most, seconds in PACE if idle < most), SLOWEST)
