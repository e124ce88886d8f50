"""How what people answer reaches whoever talks to the bot.

Browsers and clients of the API ask for it (``conversations.news``). The app of a channel on which
nobody asks registers a carrier for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from uuid import UUID

    from conversations.models import Conversation, Message


@dataclass(frozen=True)
class Receipt:
    """What became of a message on its way to the visitor, for a page; ``error`` is what went wrong.
    Without ``words`` nothing is known yet."""

    words: str = ""
    tone: str = ""
    icon: str = "clock"
    error: str = ""


# By channel: called in the transaction that keeps what a person said, with the conversation locked.
# It writes rows of its own and starts tasks ``after_commit``; what it raises undoes the answer, and
# a ``Problem`` says why.
carriers: Registry[Callable[[Conversation, Message], None]] = Registry("carrier")
# By channel: what became of the messages with these ids, as far as it is known.
receipts: Registry[Callable[[Collection[UUID]], Mapping[UUID, Receipt]]] = Registry("receipts")
# By channel: why nobody can be answered in a conversation now, in sentences; empty where they can.
obstacles: Registry[Callable[[Conversation], str]] = Registry("obstacle")
# Channels on which nobody reads, such as that of runs at set times, by name.
unread_channels: Registry[None] = Registry("channel that nobody reads")


def is_read(conversation: Conversation) -> bool:
    """Whether somebody is there to read what people answer."""
    return conversation.channel not in unread_channels


def carry(conversation: Conversation, said: Message) -> None:
    """Tell the conversation's channel what a person said, within the caller's transaction."""
    if conversation.channel in carriers:
        carriers.get(conversation.channel)(conversation, said)


def receipts_in(conversation: Conversation, ids: Collection[UUID]) -> Mapping[UUID, Receipt] | None:
    """What became of the conversation's messages with these ids; None on a channel that does not
    say it."""
    if conversation.channel not in receipts:
        return None
    return receipts.get(conversation.channel)(ids)


def obstacle(conversation: Conversation) -> str:
    """Why nobody can be answered there now, in sentences; empty where they can."""
    if conversation.channel not in obstacles:
        return ""
    return obstacles.get(conversation.channel)(conversation)
