"""What people have said in a conversation, for whoever talks there to read on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conversations.handoff import GIVEN_BACK, ends_of, open_handoffs, said_after
from conversations.looking import next_look
from conversations.models import Message
from conversations.sessions import find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conversations.models import Conversation
    from drafts.models import Entity

MOST = 50


@dataclass(frozen=True)
class News:
    """``messages`` are the next that people said, the oldest first, and in ``wait`` seconds there
    may be more (0: never). ``is_open``: a person has the conversation. ``given_back`` is the
    message after which nobody has it any more, as long as nothing was said since and the reader
    was not told; empty else."""

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
    wait = next_look(conversation, has_person=is_open)
    said = said_after(conversation, after).filter(role=Message.Role.PERSON)
    found = list(said.order_by("created_at")[:MOST])
    is_told = is_open or after.endswith(GIVEN_BACK)
    return News(found, is_open, wait, "" if is_told else _given_back(conversation))


def _given_back(conversation: Conversation) -> str:
    newest = Message.objects.filter(conversation=conversation).order_by("-created_at")
    last = newest.values_list("pk", flat=True).first()
    return str(last) if last in ends_of(conversation) else ""
