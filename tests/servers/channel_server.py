"""What the stand-ins for messengers share: they record calls, misbehave by rule, and deliver.

A rule says which calls go wrong and how: ``server.rule("sendMessage", "status", nth=3)``. Calls are
in ``server.calls``. Another process does the same by ``POST /_ctl {"rule": {"match": "sendMessage",
"nth": 3, "do": "status"}}`` and ``GET /_ctl/calls``, says where addresses lead by ``POST /_ctl
{"lead": {"https://bots.example": "http://127.0.0.1:8000"}}``, has the service deliver something by
``POST /_ctl/push``, with what its ``push`` takes, learns its tokens from ``GET /_ctl``, and makes
it forget everything by ``DELETE /_ctl``.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from abc import abstractmethod
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from tests.servers.channel_calls import Call, CallHandler, Fault, Rule
from tests.servers.faults import Answer
from tests.support.loopback import LoopbackServer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from http.server import BaseHTTPRequestHandler

CONTROL = "/_ctl"
PATIENCE = 20.0
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Attempt:
    """One try to deliver something. ``status`` is 0 where nobody answered, for which ``error`` is
    the reason; ``took``: seconds until the whole answer was there."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    took: float = 0
    error: str = ""

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Delivery:
    """Something that was delivered, or was not, with every attempt."""

    url: str
    body: bytes
    attempts: tuple[Attempt, ...]

    @property
    def last(self) -> Attempt:
        return self.attempts[-1]

    @property
    def arrived(self) -> bool:
        return 200 <= self.last.status < 300


class ChannelServer(LoopbackServer):
    """A service that is called, and calls back.

    ``hastens`` is how many times sooner than the service itself it tries again; it waits for an
    answer ``gives_up`` seconds.
    """

    hastens = 1000.0
    gives_up = 10.0

    def __init__(self) -> None:
        # A connection each: one that is kept might be closed just when it is used again.
        each = httpx.Limits(max_keepalive_connections=0)
        self._client = httpx.Client(timeout=self.gives_up, limits=each, trust_env=False)
        self._changed = threading.Condition()
        self._awake = threading.Event()
        self.reset()

    def reset(self) -> None:
        """Nothing was asked, nothing is wrong, and who hangs is let go."""
        self._awake.set()
        self._awake = threading.Event()
        self.calls: list[Call] = []
        self.rules: list[Rule] = []
        self.deliveries: list[Delivery] = []
        self._ways: dict[str, str] = {}
        self._later = self._stopped = 0.0
        self.hastens = type(self).hastens

    def __exit__(self, *error: object) -> None:
        self._awake.set()
        super().__exit__(*error)
        self._client.close()

    # What a service says of itself

    @abstractmethod
    def answer(self, call: Call) -> Answer:
        """What a call is answered with; called by several threads at once."""

    def about(self) -> dict[str, Any]:
        """What somebody has to know to use it: tokens, secrets, ids."""
        return {}

    def push(self, wanted: dict[str, Any]) -> Any:
        """Deliver what another process asks for; gives what is to be told of it, as JSON. None: it
        only answers."""
        del wanted

    # What a test does

    def rule(self, match: str, do: Fault, **how: Any) -> Rule:
        """Have calls go wrong from now on; see ``Rule``. The first rule that fits decides."""
        made = Rule(match, do, **how)
        self.rules.append(made)
        return made

    def called(self, words: str) -> list[Call]:
        """The calls that have ``words`` in their names."""
        return [call for call in self.calls if call.has(words)]

    def wait_for(self, words: str, count: int = 1, seconds: float = PATIENCE) -> list[Call]:
        """The calls with ``words`` in their names as soon as so many were answered."""

        def answered() -> list[Call]:
            return [call for call in self.called(words) if call.answered]

        with self._changed:
            done = self._changed.wait_for(lambda: len(answered()) >= count, seconds)
        assert done, f"{count} x {words!r} did not come, only {[c.name for c in self.calls]}"
        return answered()

    def now(self) -> float:
        """Its time, in seconds since 1970."""
        return (self._stopped or time.time()) + self._later

    def stop_clock(self) -> None:
        """From now on, its time, a whole second, passes by ``advance`` alone."""
        self._stopped = float(int(time.time()))

    def advance(self, seconds: float) -> None:
        """Let time pass for the service alone."""
        self._later += seconds

    def lead(self, public: str, to: str) -> None:
        """Addresses below ``public`` are at ``to`` in truth: services want https and a name, and
        the product of a test is on this machine."""
        self._ways[public.rstrip("/")] = to.rstrip("/")

    # Delivering

    def deliver(
        self, url: str, body: bytes, headers: Mapping[str, str], waits: Iterable[float] = ()
    ) -> Delivery:
        """Post ``body`` until somebody answers 2xx, after each of ``waits`` (seconds of the
        service's time) once more. A ``Retry-After`` is waited for where it is longer."""
        attempts = [self.post(url, body, headers)]
        for wait in waits:
            if 200 <= attempts[-1].status < 300:
                break
            asked = attempts[-1].headers.get("retry-after", "")
            self.wait(max(wait, float(asked) if asked.isdigit() else 0) / self.hastens)
            attempts.append(self.post(url, body, headers))
        made = Delivery(url, body, tuple(attempts))
        with self._changed:
            self.deliveries.append(made)
            self._changed.notify_all()
        return made

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Attempt:
        """One attempt at an address that somebody told the service."""
        return self.request("POST", url, body, {**JSON, **headers})

    def request(
        self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Attempt:
        begun = time.monotonic()
        try:
            given = self._client.request(method, self._way(url), content=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as exc:
            took = time.monotonic() - begun
            return Attempt(0, took=took, error=f"{type(exc).__name__}: {exc}")
        took = time.monotonic() - begun
        return Attempt(given.status_code, given.headers, given.content, took)

    def _way(self, url: str) -> str:
        for public, to in self._ways.items():
            if url == public or url.startswith((f"{public}/", f"{public}?")):
                return f"{to}{url.removeprefix(public)}"
        return url

    # Being asked

    def wait(self, seconds: float) -> None:
        self._awake.wait(seconds)

    def given(self, call: Call) -> Answer:
        return self._control(call) if call.path.startswith(CONTROL) else self.answer(call)

    def take_down(self, call: Call) -> Rule | None:
        if call.path.startswith(CONTROL):
            return None
        with self._changed:
            self.calls.append(call)
            met = [rule for rule in self.rules if rule.meets(call)]
        return met[0] if met else None

    def note(self, call: Call, status: int) -> None:
        with self._changed:
            call.answered = status
            self._changed.notify_all()

    def _control(self, call: Call) -> Answer:
        """What another process sets and asks."""
        match call.method, call.path.removeprefix(CONTROL):
            case "GET", "":
                return Answer(200, self.about())
            case "POST", "":
                return Answer(201, self._set(call.json))
            case "DELETE", "":
                self.reset()
                return Answer(200, {})
            case "GET", "/calls":
                told = [
                    {**asdict(each), "body": each.body.decode(errors="replace")}
                    for each in self.calls
                ]
                return Answer(200, {"calls": told})
            case "POST", "/push":
                return Answer(200, self.push(call.json))
        return Answer(404, {"error": "no such control"})

    def _set(self, wanted: dict[str, Any]) -> Any:
        for public, to in wanted.get("lead", {}).items():
            self.lead(public, to)
        return asdict(self.rule(**wanted["rule"])) if "rule" in wanted else {}

    def handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(CallHandler):
            service = server

        return Handler


def serve(server: ChannelServer) -> None:
    """Run a stand-in by itself, for somebody who looks at the product by hand: ``--port``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    server.port = parser.parse_args().port
    with server, suppress(KeyboardInterrupt):
        sys.stdout.write(f"{json.dumps({'url': server.url, **server.about()}, indent=2)}\n")
        sys.stdout.flush()
        threading.Event().wait()
