"""Bots as Discord keeps them: their keys, and the commands that they registered."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.servers.discord_forms import Json, invalid_form, refusal, refused_command
from tests.servers.discord_payloads import snowflake
from tests.servers.faults import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_COMMANDS, MOST_CREATED = 100, 200
DAY = 24 * 3600
SIGNATURE = "X-Signature-Ed25519"
SENDER = "Discord-Interactions/1.0 (+https://discord.com)"
COMMAND_DEFAULTS: Json = {
    "type": 1,
    "name_localizations": None,
    "description_localizations": None,
    "default_member_permissions": None,
    "dm_permission": True,
    "contexts": None,
    "integration_types": [0],
    "nsfw": False,
}


@dataclass
class Application:
    """A bot. ``endpoint`` is where its interactions go; ``created`` when its commands were. It may
    write in every channel that is not ``closed`` to it."""

    name: str
    id: str = field(default_factory=snowflake)
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    endpoint: str | None = None
    commands: dict[str, Json] = field(default_factory=dict)
    created: list[float] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    is_revoked: bool = False

    @property
    def token(self) -> str:
        first = urlsafe_b64encode(self.id.encode()).decode().rstrip("=")
        return f"{first}.Gtest1.{'0123456789abcdef' * 2}abcdef"

    @property
    def public_key(self) -> str:
        return self.key.public_key().public_bytes_raw().hex()

    def signed(self, body: bytes, timestamp: str) -> dict[str, str]:
        """The headers of a delivery."""
        signature = self.key.sign(timestamp.encode() + body).hex()
        return {
            SIGNATURE: signature,
            "X-Signature-Timestamp": timestamp,
            "User-Agent": SENDER,
        }

    def as_json(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "icon": None,
            "description": "",
            "summary": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": self.public_key,
            "flags": 0,
            "interactions_endpoint_url": self.endpoint,
            "approximate_guild_count": 1,
            "integration_types_config": {"0": {}, "1": {}},
            "bot": {"id": self.id, "username": self.name, "discriminator": "0000", "bot": True},
        }

    # Commands; ``now`` is the time at which they are changed

    def listed(self) -> Answer:
        return Answer(200, list(self.commands.values()))

    def one(self, command_id: str) -> Answer:
        found = [each for each in self.commands.values() if each["id"] == command_id]
        return (
            Answer(200, found[0]) if found else refusal(404, 10063, "Unknown application command")
        )

    def add(self, given: Json, now: float) -> Answer:
        """A new command, or a new version of one that is there."""
        wrong = refused_command(given)
        if wrong:
            return invalid_form(*wrong)
        return self._too_many([given], self.commands, now) or self._put(given, now)

    def overwrite(self, given: Sequence[Json], now: float) -> Answer:
        """These commands and no others."""
        wrong = [
            each for number, one in enumerate(given) for each in refused_command(one, f"{number}.")
        ]
        if wrong:
            return invalid_form(*wrong)
        refused = self._too_many(given, (), now)
        if refused:
            return refused
        names = {each["name"] for each in given}
        self.commands = {name: each for name, each in self.commands.items() if name in names}
        return Answer(200, [self._put(each, now).body for each in given])

    def remove(self, command_id: str) -> Answer:
        for name, command in list(self.commands.items()):
            if command["id"] == command_id:
                del self.commands[name]
                return Answer(204, b"")
        return refusal(404, 10063, "Unknown application command")

    def _too_many(self, given: Sequence[Json], kept: Iterable[str], now: float) -> Answer | None:
        if len({*kept, *(each["name"] for each in given)}) > MOST_COMMANDS:
            told = f"Maximum number of application commands reached ({MOST_COMMANDS})."
            return refusal(400, 30032, told)
        new = [each for each in given if each["name"] not in self.commands]
        today = [at for at in self.created if now - at < DAY]
        if new and len(today) + len(new) > MOST_CREATED:
            told = (
                f"Max number of daily application command creates has been reached ({MOST_CREATED})"
            )
            wait = round(today[0] + DAY - now, 3)
            return refusal(429, 30034, told, retry_after=wait, **{"global": False})
        return None

    def _put(self, given: Json, now: float) -> Answer:
        known = self.commands.get(given["name"])
        if known is None:
            self.created.append(now)
        ids = {"id": known["id"] if known else snowflake(), "version": snowflake()}
        made = COMMAND_DEFAULTS | given | ids | {"application_id": self.id}
        self.commands[given["name"]] = made
        return Answer(200 if known else 201, made)
