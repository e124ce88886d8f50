"""What people do with an application, as Discord tells it, and the first answer to it.

That has to come within three seconds, so it is only that an answer follows. Discord's token for the
rest is good for a quarter of an hour.
"""

from __future__ import annotations

from datetime import timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from channels_deploy.channels.discord.follow_ups import address_of
from channels_deploy.messenger import Arrived, Reading
from common.http import json_object
from common.problems import malformed

PONG, MESSAGE, THINKING, CHOICES = 1, 4, 5, 8
EPHEMERAL = 64
TYPED = 1
# Where it was done: in a direct message with the bot, or in another one among people.
AMONG_PEOPLE = 2
ASK, OPTION = "ask", "message"
# An answer has to be there a little sooner than Discord stops taking it.
TIME_TO_ANSWER = timedelta(minutes=14)


class Kind(IntEnum):
    PING = 1
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    FORM = 5


class User(BaseModel):
    id: str
    username: str = ""
    global_name: str | None = None


class Member(BaseModel):
    user: User
    nick: str | None = None


class Option(BaseModel):
    name: str = ""
    value: Any = None


class Data(BaseModel):
    """Of a command its ``name`` and ``options``, of a button its ``custom_id``, of a list what was
    chosen."""

    name: str = ""
    type: int = TYPED
    options: tuple[Option, ...] = ()
    custom_id: str = ""
    values: tuple[str, ...] = ()


class Message(BaseModel):
    components: tuple[dict[str, Any], ...] = ()


class Interaction(BaseModel):
    id: str
    application_id: str
    type: int
    token: str = ""
    data: Data = Data()
    guild_id: str | None = None
    channel_id: str | None = None
    context: int | None = None
    member: Member | None = None
    user: User | None = None
    message: Message = Message()


if TYPE_CHECKING:
    Json = dict[str, Any]


def parsed(body: bytes) -> Interaction:
    """Raises ``Problem`` 400."""
    try:
        return Interaction.model_validate(json_object(body))
    except ValidationError as error:
        detail = f"This is no interaction: {error.errors()[0]['msg']}."
        raise malformed(detail) from None


def read(interaction: Interaction, *, is_away: bool) -> Reading:
    """``is_away``: nothing can be answered now. Raises ``Problem`` 400 for an unknown kind."""
    match interaction.type:
        case Kind.PING:
            return Reading(answer={"type": PONG})
        case Kind.COMMAND | Kind.COMPONENT if is_away:
            return _told(_("This bot cannot answer now. Try again later."))
        case Kind.COMMAND if not _is_ours(interaction.data):
            return _told(_("This bot answers /%s and nothing else.") % ASK)
        case Kind.COMMAND | Kind.COMPONENT:
            return Reading((_arrived(interaction),), answer={"type": THINKING})
        case Kind.AUTOCOMPLETE:
            return Reading(answer={"type": CHOICES, "data": {"choices": []}})
        case Kind.FORM:
            return _told(_("This form is not used any more. Write with /%s.") % ASK)
    raise malformed("Interactions of this type are not known.")


def _told(words: str) -> Reading:
    """An answer at once, that only the person sees."""
    data = {"content": words, "flags": EPHEMERAL, "allowed_mentions": {"parse": []}}
    return Reading(answer={"type": MESSAGE, "data": data})


def _is_ours(data: Data) -> bool:
    return (data.name, data.type) == (ASK, TYPED)


def _arrived(interaction: Interaction) -> Arrived:
    member, user = interaction.member, interaction.user
    person = member.user if member else user
    if person is None or not interaction.token:
        raise malformed("An interaction says who did it, and has a token.")
    text = _text(interaction).strip()
    name = (member.nick if member else "") or person.global_name or person.username
    is_named = {"user": f"@{person.username}"[:200]} if person.username else {}
    return Arrived(
        id=interaction.id,
        chat=_chat(interaction, person),
        text=text,
        address=address_of(interaction.application_id, interaction.token),
        later=_later(interaction, person),
        visitor={"user_id": person.id, "name": name[:200], **is_named},
        notice="" if text else _("Please write what you need behind /%s.") % ASK,
        deadline=timezone.now() + TIME_TO_ANSWER,
    )


def _text(interaction: Interaction) -> str:
    """What was typed, or what is on the button that was pressed."""
    data = interaction.data
    if interaction.type == Kind.COMMAND:
        return next((str(each.value) for each in data.options if each.name == OPTION), "")
    if data.values:
        return ", ".join(data.values)
    return _label(interaction.message.components, data.custom_id) or data.custom_id


def _label(components: object, custom_id: str) -> str:
    for each in components if isinstance(components, list | tuple) else ():
        if isinstance(each, dict):
            if each.get("custom_id") == custom_id:
                return str(each.get("label") or "")
            if found := _label(each.get("components"), custom_id):
                return found
    return ""


def _chat(interaction: Interaction, person: User) -> str:
    """Each person has a conversation in each server, in each chat among people, and with the bot
    alone."""
    if interaction.guild_id:
        return f"{interaction.guild_id}:{person.id}"
    if interaction.context == AMONG_PEOPLE:
        return f"{interaction.channel_id}:{person.id}"
    return person.id


def _later(interaction: Interaction, person: User) -> Json:
    place = {"channel_id": interaction.channel_id}
    return place | ({"user_id": person.id} if interaction.guild_id else {})
