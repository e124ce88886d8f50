"""Somebody's endpoints for webhooks, and Zapier's: real HTTP on loopback.

``server.hook()`` is an endpoint of somebody's own, which checks signatures as Standard Webhooks
say; ``server.zap()`` the address of a Zap that is on, and ``server.catch_hook()`` one that people
paste.
What arrived is in ``received`` of a hook, with what is wrong with it. Rules (``server.rule``) and
``busy`` have it answered otherwise; a hook that is ``gone`` answers 410.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from itertools import count
from math import ceil
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

from tests.servers.channel_server import PATIENCE, ChannelServer, serve
from tests.servers.faults import Answer

if TYPE_CHECKING:
    from tests.servers.channel_calls import Call, Rule

# Standard Webhooks: seconds that clocks may differ.
TOLERANCE = 300
PREFIX = "whsec_"
SECRET = PREFIX + base64.b64encode(b"a secret of twenty-four bytes").decode()
# Zapier: so many in a second, so many in five minutes, so many bytes.
PER_SECOND, PER_FIVE_MINUTES, LARGEST = 30, 10_000, 10 * 1024 * 1024
FIVE_MINUTES = 300

Kind = Literal["own", "zap", "catch"]


@dataclass(frozen=True)
class Received:
    """A delivery as it arrived. ``id`` is by what retries of it are known; ``problem`` why it was
    refused, empty where it was not."""

    id: str
    body: bytes
    headers: dict[str, str]
    at: float
    problem: str = ""

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Hook:
    """An endpoint. ``secret`` is what its deliveries must be signed with, where it has one."""

    url: str
    path: str
    kind: Kind
    secret: str = ""
    gone: bool = False
    received: list[Received] = field(default_factory=list)

    @property
    def taken(self) -> list[Received]:
        """What arrived and was right."""
        return [each for each in self.received if not each.problem]


class ReceiverServer(ChannelServer):
    """Answers 404 where there is no hook."""

    def reset(self) -> None:
        super().reset()
        self.hooks: dict[str, Hook] = {}
        self._numbers = count(1)
        self._arrived: list[float] = []

    def hook(self, secret: str = SECRET) -> Hook:
        """An endpoint of somebody's own; with an empty ``secret`` it checks no signatures."""
        return self._hook("own", f"/hooks/{next(self._numbers):05}", secret)

    def zap(self) -> Hook:
        """What Zapier gives as ``target_url`` when somebody turns a Zap on."""
        return self._hook("zap", f"/hooks/standard/1234567/{next(self._numbers):032x}/")

    def catch_hook(self) -> Hook:
        """What Zapier shows for people to paste; its address is its secret."""
        return self._hook("catch", f"/hooks/catch/1234567/c{next(self._numbers):05}/")

    def _hook(self, kind: Kind, path: str, secret: str = "") -> Hook:
        self.hooks[path] = Hook(f"{self.url}{path}", path, kind, secret)
        return self.hooks[path]

    def busy(self, hook: Hook, seconds: int, *, nth: int = 0) -> Rule:
        """Have deliveries answered that they come too fast."""
        body, headers = {"detail": "Slow down."}, {"Retry-After": str(seconds)}
        return self.rule(hook.path, "status", nth=nth, status=429, body=body, headers=headers)

    def until_taken(self, hook: Hook, count: int = 1, seconds: float = PATIENCE) -> list[Received]:
        """What arrived and was right, as soon as it is so many deliveries."""
        with self._changed:
            done = self._changed.wait_for(lambda: len(hook.taken) >= count, seconds)
        assert done, f"only {len(hook.taken)} arrived, {[each.problem for each in hook.received]}"
        return hook.taken

    # What it answers

    def answer(self, call: Call) -> Answer:
        hook = self.hooks.get(call.path)
        if hook is None:
            return Answer(404, {"detail": "Not found."})
        if hook.gone:
            return Answer(410, {"detail": "Gone."})
        if call.method == "DELETE" and hook.kind == "zap":
            # "Reverse unsubscribe": whoever delivers will do so no more.
            hook.gone = True
            return Answer(200, {"status": "success"})
        if call.method != "POST":
            return Answer(405, {"detail": "Method not allowed."}, {"Allow": "POST"})
        return self._take(hook, call)

    def _take(self, hook: Hook, call: Call) -> Answer:
        is_zapiers = hook.kind != "own"
        if is_zapiers and len(call.body) > LARGEST:
            return Answer(413, {"status": "error", "errors": ["Payload too large."]})
        wait = self._too_early() if is_zapiers else 0
        if wait:
            return Answer(429, {"status": "throttled"}, {"Retry-After": str(wait)})
        problem = wrong_signature(hook.secret, call) if hook.secret else wrong_body(hook, call)
        id_ = call.headers.get("webhook-id", "") or str(_id_of(call))
        with self._changed:
            hook.received.append(Received(id_, call.body, call.headers, call.at, problem))
            self._changed.notify_all()
        if problem:
            return Answer(401 if hook.secret else 400, {"detail": problem})
        return Answer(200, self._tracking() if is_zapiers else {"received": True})

    def _tracking(self) -> Any:
        id_, request_id = str(uuid4()), str(uuid4())
        return {"id": id_, "request_id": request_id, "attempt": request_id, "status": "success"}

    def _too_early(self) -> int:
        """Seconds until Zapier takes one more; counts it where it does now."""
        with self._changed:
            now = self.now()
            recent = [at for at in self._arrived if now - at < FIVE_MINUTES]
            if len(recent) >= PER_FIVE_MINUTES:
                return ceil(recent[0] + FIVE_MINUTES - now)
            if sum(now - at < 1 for at in recent) >= PER_SECOND:
                return 1
            self._arrived = [*recent, now]
        return 0

    def push(self, wanted: dict[str, Any]) -> Any:
        """``{"hook": "zap"}``: one more address; ``{"hook": "own", "secret": …}`` with a secret."""
        kind = wanted["hook"]
        made = {"zap": self.zap, "catch": self.catch_hook}.get(kind)
        return {"url": (made() if made else self.hook(wanted.get("secret", SECRET))).url}


def wrong_signature(secret: str, call: Call) -> str:
    """Why a delivery is not signed as Standard Webhooks say; empty where it is."""
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    id_, moment, given = (call.headers.get(name, "") for name in names)
    if not (id_ and moment and given):
        return "A header of Standard Webhooks is missing."
    if "." in id_:
        return "The id holds a dot."
    if not moment.isdigit() or abs(call.at - int(moment)) > TOLERANCE:
        return "The timestamp is too far off."
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = b".".join((id_.encode(), moment.encode(), call.body))
    made = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    versions = [each.partition(",") for each in given.split(" ")]
    if not any(hmac.compare_digest(made, one) for name, _comma, one in versions if name == "v1"):
        return "No signature fits."
    return ""


def wrong_body(hook: Hook, call: Call) -> str:
    """Why a Zap could not start on it; empty where it could."""
    if hook.kind == "own":
        return ""
    if not call.headers.get("content-type", "").startswith("application/json"):
        return "The body is not said to be JSON."
    try:
        given = call.json
    except ValueError:
        return "The body is no JSON."
    if not isinstance(given, dict):
        return "The body is no object."
    return "" if hook.kind == "catch" or given.get("id") else "The object has no id."


def _id_of(call: Call) -> Any:
    try:
        return call.json.get("id", "")
    except (ValueError, AttributeError):
        return ""


if __name__ == "__main__":
    serve(ReceiverServer())
