"""Interactions as Discord keeps them: what an app answered in time, and what it says later."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.servers.channel_server import Attempt
from tests.servers.discord_forms import Json, refused_message
from tests.servers.discord_payloads import COMMAND, COMPONENT, snowflake

if TYPE_CHECKING:
    from collections.abc import Callable

PONG, MESSAGE, THINKING, THINKING_UNSEEN, UPDATE, MODAL = 1, 4, 5, 6, 7, 9
OF_COMPONENTS = {THINKING_UNSEEN, UPDATE}
EPHEMERAL, LOADING = 64, 128
LIFE = 15 * 60
FOLLOW_UPS_OF_USER_INSTALLS = 5
NO_ANSWER = "The application did not respond"


@dataclass
class Interaction:
    """Something that a person did, and what came of it.

    ``attempt`` is the app's answer by HTTP. Until it is there, it ``waits``; afterwards its token
    is good for follow-ups, unless ``failed`` says what the person was told instead. ``messages``
    are what the person sees now; ``edits`` all contents that the first of them had.
    """

    application_id: str
    body: Json
    headers: dict[str, str]
    sent: bytes
    begun: float
    on: Json | None = None
    attempt: Attempt = field(default_factory=lambda: Attempt(0))
    waits: bool = True
    failed: str = ""
    original: Json | None = None
    follow_ups: int = 0
    messages: list[Json] = field(default_factory=list)
    edits: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        return str(self.body["id"])

    @property
    def token(self) -> str:
        return str(self.body["token"])

    @property
    def answer(self) -> Any:
        """What the app answered, as JSON."""
        return self.attempt.json

    @property
    def is_thinking(self) -> bool:
        """Whether the person still sees that the app is thinking."""
        return bool(self.original and self.original["flags"] & LOADING)

    @property
    def said(self) -> list[str]:
        """The contents that the person sees, without one that is still thought of."""
        return [each["content"] for each in self.messages if not each["flags"] & LOADING]

    @property
    def may_follow_up(self) -> bool:
        """Apps that only the person installed may not say as much as they like."""
        owners = self.body["authorizing_integration_owners"]
        return "0" in owners or self.follow_ups < FOLLOW_UPS_OF_USER_INSTALLS

    def accept(self, attempt: Attempt, patience: float) -> None:
        """The app's first answer is there, or will not come any more."""
        self.attempt = attempt
        by_callback = not self.waits
        self.waits = False
        if by_callback:
            self.failed = "" if (attempt.status, attempt.body) == (202, b"") else NO_ANSWER
        elif attempt.took > patience or not self._is_json() or not self.respond(attempt.json):
            self.failed = NO_ANSWER

    def _is_json(self) -> bool:
        kind = self.attempt.headers.get("content-type", "").partition(";")[0]
        try:
            is_object = isinstance(self.attempt.json, dict)
        except ValueError:
            return False
        return self.attempt.status == 200 and kind == "application/json" and is_object

    def respond(self, response: Json) -> bool:
        """Do what a first response asks for; False where it is none."""
        kind, data = response.get("type"), response.get("data") or {}
        respond = RESPONSES.get(kind)
        if respond is None or (kind in OF_COMPONENTS and self.body["type"] != COMPONENT):
            return False
        if kind in {MESSAGE, UPDATE} and refused_message(data, is_edit=kind == UPDATE):
            return False
        respond(self, data)
        self.waits = False
        return True

    def _say(self, data: Json) -> None:
        self.original = self.post(data)
        self.edits.append(self.original["content"])

    def _think(self, data: Json) -> None:
        flags = data.get("flags", 0) & EPHEMERAL | LOADING
        self.original = self.post({"content": "", "flags": flags})

    def _stay(self, _data: Json) -> None:
        self.original = self.on

    def _update(self, data: Json) -> None:
        self.original = self.on
        if self.original is not None:
            self.edit(self.original, data)

    def _ask(self, _data: Json) -> None:
        """A form of the app's is shown; there is no message."""

    def post(self, data: Json) -> Json:
        """A new message of the app's."""
        made = {
            "id": snowflake(),
            "type": 20 if self.body["type"] == COMMAND else 0,
            "channel_id": self.body["channel_id"],
            "author": {"id": self.application_id, "username": "PrivexBot", "bot": True},
            "content": data.get("content") or "",
            "mention_everyone": _calls_everyone(data),
            **{name: [] for name in ("embeds", "attachments", "mentions", "mention_roles")},
            "components": data.get("components") or [],
            "flags": data.get("flags", 0),
            "timestamp": datetime.now(UTC).isoformat(),
            "edited_timestamp": None,
            "pinned": False,
            "tts": False,
            "webhook_id": self.application_id,
            "application_id": self.application_id,
        }
        self.messages.append(made)
        return made

    def follow_up(self, data: Json) -> Json:
        """One more message; the first takes the place of one that is still thought of."""
        if self.original and self.is_thinking:
            self.edit(self.original, data)
            return self.original
        self.follow_ups += 1
        return self.post(data)

    def edit(self, message: Json, data: Json) -> None:
        """Only the first edit may call people, and none changes who sees the message."""
        given = {name: data[name] or [] for name in ("components", "embeds") if name in data}
        message |= given | {"flags": message["flags"] & ~LOADING}
        if not message["edited_timestamp"]:
            message["mention_everyone"] = _calls_everyone(data)
        if "content" in data:
            message["content"] = data["content"] or ""
        message["edited_timestamp"] = datetime.now(UTC).isoformat()
        if message is self.original:
            self.edits.append(message["content"])

    def find(self, message_id: str) -> Json | None:
        if message_id == "@original":
            return self.original
        return next((each for each in self.messages if each["id"] == message_id), None)


RESPONSES: dict[Any, Callable[[Interaction, Json], None]] = {
    MESSAGE: Interaction._say,
    THINKING: Interaction._think,
    THINKING_UNSEEN: Interaction._stay,
    UPDATE: Interaction._update,
    MODAL: Interaction._ask,
}


def _calls_everyone(data: Json) -> bool:
    """Whether the message calls everybody who is there: it does unless the app says otherwise."""
    allowed = (data.get("allowed_mentions") or {"parse": ["everyone"]}).get("parse", [])
    content = data.get("content") or ""
    return "everyone" in allowed and ("@everyone" in content or "@here" in content)
