"""What apps ask of Discord by an interaction's token: first answers, edits, further messages."""

from __future__ import annotations

from collections import defaultdict
from math import ceil
from typing import TYPE_CHECKING

from tests.servers.channel_server import ChannelServer
from tests.servers.discord_forms import Json, invalid_form, refusal, refused_message
from tests.servers.discord_interactions import LIFE, Interaction
from tests.servers.faults import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

# Seconds that an app has for its first answer.
PATIENCE = 3.0
UNKNOWN_WEBHOOK = refusal(404, 10015, "Unknown Webhook")


class FollowUps(ChannelServer):
    """An interaction that was answered within ``patience`` seconds takes ``per_token`` requests in
    ``window`` seconds."""

    def reset(self) -> None:
        super().reset()
        self.patience = PATIENCE
        self.per_token, self.window = 5, 2.0
        self.interactions: list[Interaction] = []
        self._asked: defaultdict[str, list[float]] = defaultdict(list)

    def callback(self, given: Json, interaction_id: str, token: str) -> Answer:
        made = next((each for each in self.interactions if each.token == token), None)
        with self._changed:
            if made is None or made.id != interaction_id or made.failed:
                return refusal(404, 10062, "Unknown interaction")
            if not made.waits:
                return refusal(400, 40060, "Interaction has already been acknowledged.")
            refused = refused_message(given.get("data") or {}, is_edit=True)
            if refused:
                return refused
            if not made.respond(given):
                return invalid_form(("type", "BASE_TYPE_CHOICES", "Value is not a valid choice."))
            self._changed.notify_all()
        return Answer(204, b"")

    def follow_up(self, given: Json, app_id: str, token: str) -> Answer:
        made = self._answered(app_id, token)
        if isinstance(made, Answer):
            return made
        refused = refused_message(given)
        if refused:
            return refused
        if not made.may_follow_up:
            told = "This interaction has reached the maximum number of follow up messages"
            return refusal(400, 40094, told)
        with self._changed:
            message = made.follow_up(given)
            self._changed.notify_all()
        return self._within_limits(token, Answer(200, message))

    def read(self, _given: Json, app_id: str, token: str, message_id: str) -> Answer:
        return self._of_message(app_id, token, message_id, lambda _made, message: message)

    def edit(self, given: Json, app_id: str, token: str, message_id: str) -> Answer:
        def change(made: Interaction, message: Json) -> Json:
            made.edit(message, given)
            return message

        refused = refused_message(given, is_edit=True)
        return self._of_message(app_id, token, message_id, change, refused)

    def delete(self, _given: Json, app_id: str, token: str, message_id: str) -> Answer:
        def remove(made: Interaction, message: Json) -> None:
            made.messages = [each for each in made.messages if each is not message]
            if message is made.original:
                made.original = None

        return self._of_message(app_id, token, message_id, remove)

    def _of_message(
        self,
        app_id: str,
        token: str,
        message_id: str,
        do: Callable[[Interaction, Json], Json | None],
        refused: Answer | None = None,
    ) -> Answer:
        made = self._answered(app_id, token)
        if isinstance(made, Answer):
            return made
        with self._changed:
            message = made.find(message_id)
            if message is None:
                return refusal(404, 10008, "Unknown Message")
            if refused:
                return refused
            done = do(made, message)
            self._changed.notify_all()
        return self._within_limits(token, Answer(200, done) if done else Answer(204, b""))

    def _answered(self, app_id: str, token: str) -> Interaction | Answer:
        """The interaction of a token, as soon as it has its first answer."""
        made = next((each for each in self.interactions if each.token == token), None)
        if made is None or made.application_id != app_id:
            return UNKNOWN_WEBHOOK
        if self.now() - made.begun > LIFE:
            return refusal(401, 50027, "Invalid Webhook Token")
        wait = self._wait_for(token, self.per_token, self.window)
        if wait:
            return self._too_fast(wait)
        with self._changed:
            self._changed.wait_for(lambda: not made.waits, self.patience)
        return UNKNOWN_WEBHOOK if made.waits or made.failed else made

    def _within_limits(self, token: str, answer: Answer) -> Answer:
        """An answer with how many more requests are taken."""
        left = self.per_token - len(self._asked[token])
        return Answer(answer.status, answer.body, self._limits(left, self.window))

    def _wait_for(self, key: str, most: int, window: float) -> float:
        """How long a request comes too early; counts it where it does not."""
        with self._changed:
            recent = [at for at in self._asked[key] if self.now() - at < window]
            if len(recent) >= most:
                return recent[0] + window - self.now()
            self._asked[key] = [*recent, self.now()]
        return 0

    def _limits(self, left: int, wait: float) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self.per_token),
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Reset": f"{self.now() + wait:.3f}",
            "X-RateLimit-Reset-After": f"{wait:.3f}",
            "X-RateLimit-Bucket": "80c17d2f203122d936070c88c8d10f33",
        }

    def _too_fast(self, wait: float, *, is_global: bool = False) -> Answer:
        """Too many requests; the header says whole seconds, the body more exactly."""
        given = {"retry_after": round(wait, 3), "global": is_global}
        told = {"message": "You are being rate limited.", **given}
        scope = {"X-RateLimit-Scope": "global", "X-RateLimit-Global": "true"}
        headers = scope if is_global else self._limits(0, wait) | {"X-RateLimit-Scope": "user"}
        return Answer(429, told, {**headers, "Retry-After": str(ceil(wait))})


TOKEN_ROUTES: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
    ("POST", r"/interactions/(\d+)/([^/]+)/callback", FollowUps.callback),
    ("POST", r"/webhooks/(\d+)/([^/]+)", FollowUps.follow_up),
    ("GET", r"/webhooks/(\d+)/([^/]+)/messages/([^/]+)", FollowUps.read),
    ("PATCH", r"/webhooks/(\d+)/([^/]+)/messages/([^/]+)", FollowUps.edit),
    ("DELETE", r"/webhooks/(\d+)/([^/]+)/messages/([^/]+)", FollowUps.delete),
)
