"""How what people answer reaches whoever talks to the bot.

Browsers and clients of the API ask for it (``conversations.news``). The app of a channel on which
nobody asks registers a carrier for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from conversations.models import Conversation, Message

# By channel: called in the transaction that keeps what a person said, with the conversation locked.
# It writes rows of its own and starts tasks with ``delay_on_commit``; what it raises undoes the
# answer, and a ``Problem`` says why.
carriers: Registry[Callable[[Conversation, Message], None]] = Registry("carrier")
# Channels on which nobody reads, such as that of runs at set times, by name.
unread_channels: Registry[None] = Registry("channel that nobody reads")


def is_read(conversation: Conversation) -> bool:
    """Whether somebody is there to read what people answer."""
    return conversation.channel not in unread_channels


def carry(conversation: Conversation, said: Message) -> None:
    """Tell the conversation's channel what a person said, within the caller's transaction."""
    if conversation.channel in carriers:
        carriers.get(conversation.channel)(conversation, said)
