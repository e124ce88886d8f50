"""Telegram's updates as messages for the assistant. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from channels_deploy.loose_json import list_at, object_at
from channels_deploy.messenger import Arrived

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# What people send that is no text.
MEDIA = frozenset(
    {
        *("animation", "audio", "contact", "dice", "document", "game", "location", "paid_media"),
        *("photo", "poll", "sticker", "story", "venue", "video", "video_note", "voice"),
    }
)
START = "/start"
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{1,64}))?(?:\s+|\Z)")


def arrived(update: Mapping[str, Any], bot: str) -> Iterator[Arrived]:
    """The message of an update, if it has one for the bot with the user name ``bot``."""
    update_id = update.get("update_id")
    message, press = update.get("message"), update.get("callback_query")
    if isinstance(message, dict):
        found = _of_message(message, bot)
    elif isinstance(press, dict):
        found = _of_press(press)
    else:
        found = None
    if found and isinstance(update_id, int):
        yield Arrived(id=str(update_id), **found)


def _of_message(message: Mapping[str, Any], bot: str) -> dict[str, Any] | None:
    sender, chat = object_at(message, "from"), object_at(message, "chat")
    if sender.get("is_bot") or "id" not in chat or "id" not in sender:
        return None
    text = str(message.get("text") or message.get("caption") or "")
    if chat.get("type") != "private" and not _is_for(message, text, bot):
        return None
    found = _place(chat, sender, message)
    words, command = _without_names(text, bot)
    if command == START:
        return found | {"greets": True}
    if words:
        return found | {"text": words}
    if MEDIA & message.keys():
        return found | {"notice": _("I can read text only. Please write what you need.")}
    return None


def _of_press(press: Mapping[str, Any]) -> dict[str, Any] | None:
    """What is on the button that was pressed; its data may be cut off."""
    sender, message = object_at(press, "from"), object_at(press, "message")
    chat = object_at(message, "chat")
    text = _label(message, press.get("data")) or str(press.get("data") or "")
    if not text or "id" not in chat or "id" not in sender:
        return None
    found = _place(chat, sender, message)
    found["address"] |= {"press": str(press.get("id", ""))}
    return found | {"text": text}


def _label(message: Mapping[str, Any], data: object) -> str:
    for row in list_at(object_at(message, "reply_markup"), "inline_keyboard"):
        for button in row if isinstance(row, list) else []:
            if isinstance(button, dict) and button.get("callback_data") == data:
                return str(button.get("text", ""))
    return ""


def _place(
    chat: Mapping[str, Any], sender: Mapping[str, Any], message: Mapping[str, Any]
) -> dict[str, Any]:
    """Where it was said and by whom. In a group each person has a conversation of their own."""
    is_private = chat.get("type") == "private"
    address: dict[str, Any] = {"chat_id": chat["id"]}
    if not is_private:
        address["reply_to"] = message.get("message_id")
    if message.get("is_topic_message"):
        address["thread"] = message.get("message_thread_id")
    name = " ".join(str(sender[part]) for part in ("first_name", "last_name") if sender.get(part))
    visitor = {"user_id": str(sender["id"]), "name": name[:200]}
    if username := sender.get("username"):
        visitor["user"] = f"@{username}"[:200]
    return {
        "chat": str(chat["id"]) if is_private else f"{chat['id']}:{sender['id']}",
        "address": address,
        "visitor": visitor,
    }


def _is_for(message: Mapping[str, Any], text: str, bot: str) -> bool:
    """Whether a group's message speaks to the bot: names it, answers it, or is a command."""
    replied = object_at(object_at(message, "reply_to_message"), "from")
    if bot and str(replied.get("username", "")).lower() == bot.lower():
        return True
    command = _COMMAND.match(text)
    if command and command[2]:
        return command[2].lower() == bot.lower()
    return command is not None or (bot != "" and _mention(bot).search(text) is not None)


def _without_names(text: str, bot: str) -> tuple[str, str]:
    """What is said beside the bot's name and the command before it, and that command."""
    command = _COMMAND.match(text)
    if command and (not command[2] or command[2].lower() == bot.lower()):
        name = f"/{command[1].lower()}"
        if name in (START, "/ask"):
            return text[command.end() :].strip(), name
        text = text.replace(command[0], f"{name} ", 1)
    return (_mention(bot).sub("", text) if bot else text).strip(), ""


def _mention(bot: str) -> re.Pattern[str]:
    return re.compile(rf"@{re.escape(bot)}(?![A-Za-z0-9_])", re.IGNORECASE)
