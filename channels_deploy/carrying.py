"""Takes what people answer in the inbox to the messenger on which the visitor reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from channels_deploy import channels, incoming
from channels_deploy.answering.claiming import ANSWERS
from channels_deploy.answering.outbound import say
from channels_deploy.messenger import Messenger
from channels_deploy.models import Chat
from common.problems import conflict
from conversations.turn import Done

if TYPE_CHECKING:
    from channels_deploy.channel import Channel
    from conversations.models import Conversation, Message


def carry(conversation: Conversation, said: Message) -> None:
    """Keep what a person said to be sent, in their transaction; raises ``Problem`` 409 with what
    keeps it from arriving."""
    channel, chat = channels.find(conversation.channel), _chat(conversation)
    if why := _obstacle(channel, chat):
        raise conflict(why)
    assert isinstance(channel, Messenger)
    assert chat is not None
    parts = channel.parts(Done(said.content))
    if not parts:
        raise conflict(_("There is nothing in it that %(channel)s shows.") % _named(channel))
    say(chat, parts, chat.address, message_id=said.pk)
    incoming.wake()


def obstacle(conversation: Conversation) -> str:
    """Why nobody can be answered there now, in sentences; empty where they can."""
    return _obstacle(channels.find(conversation.channel), _chat(conversation))


def _obstacle(channel: Channel | None, chat: Chat | None) -> str:
    if not isinstance(channel, Messenger) or chat is None:
        return _("The channel does not know this chat any more.")
    if not channel.hears(chat.address):
        return _("%(channel)s tells nobody what is answered here.") % _named(channel)
    connection = chat.connection
    if not connection.enabled or connection.status not in ANSWERS:
        return _("%(channel)s is not connected.") % _named(channel)
    lasts = channel.answerable_for
    if lasts is not None and chat.heard_at + lasts <= timezone.now():
        return channel.too_late()
    return ""


def _chat(conversation: Conversation) -> Chat | None:
    rows = Chat.objects.select_related("connection").filter(
        connection__entity=conversation.entity_id, connection__channel=conversation.channel
    )
    return rows.filter(session_id=conversation.session_id).first()


def _named(channel: Channel) -> dict[str, str]:
    return {"channel": str(channel.short)}
