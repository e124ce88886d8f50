"""A conversation's messages as lines of a page, with what became of them on their way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zlib import crc32

from conversations.delivery import receipts, receipts_in
from conversations.handoff import ends_of
from conversations.models import Message
from conversations.transcript import of_messages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from conversations.delivery import Receipt
    from conversations.models import Conversation
    from conversations.transcript import Line

# Of so many of the newest messages, a page that is open is told what becomes of them.
RECENT = 20
WEBSITE = "website"


def as_lines(
    conversation: Conversation,
    newest_first: Sequence[Message],
    given_back: Mapping[UUID, datetime] | None = None,
) -> list[Line]:
    """The messages, the oldest first."""
    ends = ends_of(conversation) if given_back is None else given_back
    ids = [message.pk for message in newest_first]
    lines = of_messages(newest_first, ends, receipts_in(conversation, ids))
    if conversation.channel != WEBSITE and conversation.channel not in receipts:
        return lines
    # Strangers, unlike programs that ask with a key, read why nothing was answered nowhere.
    return [replace(line, is_kept_back=True) if line.error else line for line in lines]


def recent_receipts(conversation: Conversation) -> Mapping[UUID, Receipt]:
    """What became of the newest messages that visitors were sent."""
    if conversation.channel not in receipts:
        return {}
    sent = Message.objects.filter(conversation=conversation).exclude(role=Message.Role.USER)
    newest = sent.order_by("-created_at").values_list("pk", flat=True)[:RECENT]
    return receipts_in(conversation, list(newest)) or {}


def mark_of(found: Mapping[UUID, Receipt]) -> str:
    """Another one when any of them has changed; empty for none."""
    told = sorted(f"{pk} {receipt}" for pk, receipt in found.items())
    return f"{crc32(repr(told).encode()):x}" if told else ""
