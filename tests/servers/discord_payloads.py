"""What Discord posts to apps: commands, buttons, who used them and where."""

from __future__ import annotations

import time
from base64 import urlsafe_b64encode
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.servers.discord_forms import Json

COMMAND, COMPONENT = 2, 3
GUILD, CHANNEL, PERSON = "290926798626357999", "645027906669510667", "53908232506183680"
EPOCH = 1_420_070_400
_numbers = count()


def snowflake() -> str:
    """An id that is larger than those before it."""
    return str((int((time.time() - EPOCH) * 1000) << 22) | (next(_numbers) & 0x3FFFFF))


def asked(text: str, command: str = "ask", option: str = "message") -> Json:
    """The data of a command with one text."""
    options = [{"name": option, "type": 3, "value": text}]
    return {"id": snowflake(), "name": command, "type": 1, "options": options}


def pressed(custom_id: str) -> Json:
    """The data of a button."""
    return {"custom_id": custom_id, "component_type": 2, "id": 2}


def chosen(custom_id: str, *values: str) -> Json:
    """The data of a list of choices."""
    return {"custom_id": custom_id, "component_type": 3, "values": list(values), "id": 2}


def interaction(
    application_id: str, data: Json, user: str, guild: str, *, is_users_app: bool
) -> Json:
    """What is posted to the app of something that ``user`` did."""
    where: Json = {"guild_id": guild, "guild_locale": "en-US"} if guild else {}
    person = {"member": _member_of(user)} if guild else {"user": user_of(user)}
    owners = {"1": user} if is_users_app else {"0": guild or "0"}
    return {
        "id": snowflake(),
        "application_id": application_id,
        "type": COMPONENT if "component_type" in data else COMMAND,
        "data": data,
        **where,
        "channel_id": CHANNEL,
        "channel": {"id": CHANNEL, "type": 0 if guild else 1},
        **person,
        "token": urlsafe_b64encode(f"interaction:{snowflake()}".encode()).decode().rstrip("="),
        "version": 1,
        "app_permissions": "442368",
        "locale": "en-US",
        "context": 0 if guild else 1,
        "authorizing_integration_owners": owners,
        "entitlements": [],
        "attachment_size_limit": 10_485_760,
    }


def user_of(user_id: str) -> Json:
    return {
        "id": user_id,
        "username": "mason",
        "global_name": "Mason",
        "discriminator": "0",
        "avatar": None,
        "public_flags": 0,
    }


def _member_of(user_id: str) -> Json:
    return {
        "user": user_of(user_id),
        "roles": ["539082325061836999"],
        "premium_since": None,
        "permissions": "2147483647",
        "pending": False,
        "nick": None,
        "mute": False,
        "deaf": False,
        "joined_at": "2017-03-13T19:19:14.040000+00:00",
    }
