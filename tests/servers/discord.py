"""Discord's API for tests: real HTTP on loopback, as its documentation says that it answers.

A bot is an ``Application`` with a token and a key of its own; ``server.app`` is the usual one.
People do things by ``interact``, which posts a signed interaction to the address that the app gave.
An address is only taken after it answered a ping and refused a bad signature, and an interaction's
token is good for a quarter of an hour if the app answered within ``patience`` seconds. So that an
answer and what follows it cannot overtake each other here, what follows waits for the answer.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.servers.channel_server import PATIENCE, serve
from tests.servers.discord_apps import SIGNATURE, Application
from tests.servers.discord_follow_ups import PATIENCE as FIRST_ANSWER
from tests.servers.discord_follow_ups import TOKEN_ROUTES, FollowUps
from tests.servers.discord_forms import Json, invalid_form, refusal, refused_message
from tests.servers.discord_interactions import PONG, Interaction
from tests.servers.discord_payloads import GUILD, PERSON, interaction, snowflake, user_of
from tests.servers.faults import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers.channel_calls import Call
    from tests.servers.channel_server import Attempt

BASE = "/api/v10"
PING = 1
TEN_MINUTES = 600
MOST_INVALID = 10_000
COUNTED = {401, 403, 429}
ILL_FORMED = ("", "00", "no hexadecimal digits", "ab" * 64, None)
WRONG_TYPE = "Expected \"Content-Type\" header to be one of {'application/json'}."
NOT_VERIFIED = "The specified interactions endpoint url could not be verified."
BANNED = Answer(429, b"error code: 1015", {"Content-Type": "text/plain", "Retry-After": "600"})


class DiscordServer(FollowUps):
    """A bot may make ``per_bot`` requests in a second. ``posted``: what bots wrote in channels."""

    gives_up = FIRST_ANSWER
    per_bot = 50

    def reset(self) -> None:
        super().reset()
        self.apps: list[Application] = []
        self._invalid: list[float] = []
        self.posted: list[Json] = []
        self.app = self.application("PrivexBot")

    def application(self, name: str) -> Application:
        """One more bot."""
        self.apps.append(Application(name))
        return self.apps[-1]

    @property
    def invalid_requests(self) -> int:
        """How many requests of the last ten minutes count towards a ban."""
        return sum(self.now() - at < TEN_MINUTES for at in self._invalid)

    def note(self, call: Call, status: int) -> None:
        if status in COUNTED:
            self._invalid.append(self.now())
        super().note(call, status)

    # What people do

    def interact(
        self,
        data: Json,
        *,
        app: Application | None = None,
        user: str = PERSON,
        guild: str = GUILD,
        on: Interaction | None = None,
        is_users_app: bool = False,
        to: str = "",
    ) -> Interaction:
        """Somebody uses a command or presses a button (``asked``, ``pressed``, ``chosen``), in a
        server, or in a direct message where there is no ``guild``; a button ``on`` the message of
        an earlier interaction. Gives what came of it when the app has answered, or not in time."""
        app = app or self.app
        body = interaction(app.id, data, user, guild, is_users_app=is_users_app)
        message = on.original if on else None
        sent = json.dumps(body | ({"message": message} if message else {})).encode()
        headers = app.signed(sent, str(int(self.now())))
        made = Interaction(app.id, body, headers, sent, self.now(), message)
        with self._changed:
            self.interactions.append(made)
        attempt = self._send(to or app.endpoint, made)
        with self._changed:
            made.accept(attempt, self.patience)
            self._changed.notify_all()
        return made

    def replay(self, made: Interaction, to: str = "") -> Attempt:
        """Post an interaction again, byte for byte, as somebody would who overheard it."""
        app = next(each for each in self.apps if each.id == made.application_id)
        return self._send(to or app.endpoint, made)

    def _send(self, url: str | None, made: Interaction) -> Attempt:
        assert url, "The app gave no address."
        return self.deliver(url, made.sent, made.headers).last

    def until_said(self, made: Interaction, parts: int = 1, seconds: float = PATIENCE) -> list[str]:
        """What the person sees as soon as there are so many messages."""
        with self._changed:
            done = self._changed.wait_for(lambda: len(made.said) >= parts, seconds)
        assert done, f"only {made.said} was said"
        return made.said

    def routine_check(self, app: Application | None = None) -> bool:
        """Discord's own look at an address, now and then, with signatures of all bad forms; an
        address that does not refuse them is removed."""
        app = app or self.app
        url = app.endpoint
        if url and not (self._verifies(app, url) and self._refuses(app, url, *ILL_FORMED)):
            app.endpoint = None
        return app.endpoint is not None

    def _verifies(self, app: Application, url: str) -> bool:
        """Whether a ping is answered, and refused where somebody else signed it."""
        body, timestamp = self._ping(app)
        answer = self.post(url, body, app.signed(body, timestamp))
        kind = answer.headers.get("content-type", "").partition(";")[0]
        try:
            is_pong = answer.json == {"type": PONG}
        except ValueError:
            return False
        forged = Ed25519PrivateKey.generate().sign(timestamp.encode() + body).hex()
        refuses = self._refuses(app, url, forged)
        return (answer.status, kind) == (200, "application/json") and is_pong and refuses

    def _refuses(self, app: Application, url: str, *signatures: str | None) -> bool:
        """Whether pings with these signatures are refused; None is for none at all."""
        body, timestamp = self._ping(app)
        headers = app.signed(body, timestamp)
        del headers[SIGNATURE]
        given = [{} if each is None else {SIGNATURE: each} for each in signatures]
        return {self.post(url, body, headers | each).status for each in given} == {401}

    def _ping(self, app: Application) -> tuple[bytes, str]:
        ping = {"application_id": app.id, "id": snowflake(), "token": snowflake()}
        body = {**ping, "type": PING, "user": user_of(PERSON), "version": 1}
        return json.dumps(body).encode(), str(int(self.now()))

    def about(self) -> Json:
        return {
            each.name: {"id": each.id, "token": each.token, "public_key": each.public_key}
            for each in self.apps
        }

    def push(self, wanted: Json) -> Any:
        """``{"interact": data}``, with other arguments of ``interact`` beside it."""
        made = self.interact(wanted.pop("interact"), **wanted)
        return {"id": made.id, "status": made.attempt.status, "failed": made.failed}

    # What it answers

    def answer(self, call: Call) -> Answer:
        if self.invalid_requests >= MOST_INVALID:
            return BANNED
        if not re.match(r"DiscordBot \(\S+, \S+\)", call.headers.get("user-agent", "")):
            return refusal(403, 40333, "internal network error")
        if call.body and not call.headers.get("content-type", "").startswith("application/json"):
            return refusal(400, 50035, WRONG_TYPE)
        try:
            given = json.loads(call.body or b"{}")
        except ValueError:
            return refusal(400, 50109, "The request body contains invalid JSON.")
        return self._routed(call, given)

    def _routed(self, call: Call, given: Any) -> Answer:
        for method, pattern, answer in TOKEN_ROUTES:
            found = re.fullmatch(BASE + pattern, call.path)
            if found and method == call.method:
                return answer(self, given, *found.groups())
        app = self._authorized(call)
        if app is None:
            return refusal(401, 0, "401: Unauthorized")
        wait = self._wait_for(app.id, self.per_bot, 1)
        if wait:
            return self._too_fast(wait, is_global=True)
        methods = set()
        for method, pattern, answer_bot in BOT_ROUTES:
            found = re.fullmatch(BASE + pattern, call.path)
            if found and method == call.method:
                return answer_bot(self, app, given, *found.groups())
            methods |= {method} if found else set()
        if methods:
            return refusal(405, 0, "405: Method Not Allowed")
        return refusal(404, 0, "404: Not Found")

    def _authorized(self, call: Call) -> Application | None:
        given = call.headers.get("authorization")
        known = [each for each in self.apps if given == f"Bot {each.token}" and not each.is_revoked]
        return known[0] if known else None

    # Applications

    def _about(self, app: Application, _given: Json) -> Answer:
        return Answer(200, app.as_json())

    def _change(self, app: Application, given: Json) -> Answer:
        field_name = "interactions_endpoint_url"
        if field_name in given:
            url = given[field_name] or None
            if url is not None and not url.startswith("https://"):
                told = "Scheme \"http\" must be one of ('https',)."
                return invalid_form((field_name, "URL_TYPE_INVALID_SCHEME", told))
            if url is not None and not self._verifies(app, url):
                code = "APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID"
                return invalid_form((field_name, code, NOT_VERIFIED))
            app.endpoint = url
        return self._about(app, given)

    def _commands(self, app: Application, _given: Json, app_id: str) -> Answer:
        return app.listed() if app.id == app_id else OTHER_APP

    def _add(self, app: Application, given: Json, app_id: str) -> Answer:
        return app.add(given, self.now()) if app.id == app_id else OTHER_APP

    def _overwrite(self, app: Application, given: list[Json], app_id: str) -> Answer:
        return app.overwrite(given, self.now()) if app.id == app_id else OTHER_APP

    def _one_command(self, app: Application, _given: Json, _app_id: str, command_id: str) -> Answer:
        return app.one(command_id)

    def _remove(self, app: Application, _given: Json, app_id: str, command_id: str) -> Answer:
        return app.remove(command_id) if app.id == app_id else OTHER_APP

    # Channels

    def _write(self, app: Application, given: Json, channel_id: str) -> Answer:
        if channel_id in app.closed:
            return refusal(403, 50001, "Missing Access")
        refused = refused_message(given)
        if refused:
            return refused
        posted = {"id": snowflake(), "channel_id": channel_id, "author": {"id": app.id}, **given}
        self.posted.append(posted)
        return Answer(200, posted)


OTHER_APP = refusal(403, 20012, "You are not authorized to perform this action on this application")
BOT_ROUTES: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
    ("GET", "/applications/@me", DiscordServer._about),
    ("PATCH", "/applications/@me", DiscordServer._change),
    ("GET", r"/applications/(\d+)/commands", DiscordServer._commands),
    ("POST", r"/applications/(\d+)/commands", DiscordServer._add),
    ("PUT", r"/applications/(\d+)/commands", DiscordServer._overwrite),
    ("GET", r"/applications/(\d+)/commands/(\d+)", DiscordServer._one_command),
    ("DELETE", r"/applications/(\d+)/commands/(\d+)", DiscordServer._remove),
    ("POST", r"/channels/(\d+)/messages", DiscordServer._write),
)


if __name__ == "__main__":
    serve(DiscordServer())
