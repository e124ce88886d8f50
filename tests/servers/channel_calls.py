"""Calls of a stand-in for a service, and the rules by which some of them go wrong."""

from __future__ import annotations

import json
import os
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args
from urllib.parse import parse_qsl, urlsplit

from tests.servers.faults import GARBAGE, Answer

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST = 32 * 1024 * 1024
PIECE = b"x" * 65536

Fault = Literal["status", "delay", "reset", "half_body", "hang", "bad_json", "huge"]


@dataclass
class Call:
    """One request as it arrived: ``headers`` have names in small letters, ``at`` is the server's
    time. ``answered`` is the status that it was given, 0 where it was left without one."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    at: float
    answered: int = 0

    @property
    def name(self) -> str:
        """What rules and tests know it by."""
        return f"{self.method} {self.path}"

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    def has(self, words: str) -> bool:
        """Whether ``words`` are in its name, however they are written."""
        return words.casefold() in self.name.casefold()


@dataclass
class Rule:
    """What happens to calls that have ``match`` in their names: to the ``nth`` since the rule was
    made, or to all (0).

    ``status`` answers that status with ``body`` and ``headers``; ``delay`` answers ``seconds``
    late; ``reset`` tears the connection down; ``half_body`` ends it in the midst of the true
    answer; ``hang`` says nothing until the server is reset; ``bad_json`` answers what is no JSON;
    ``huge`` answers so many ``bytes``. A call that is answered truly is carried out, any other only
    if it ``acts``: such a call took effect, and the caller cannot know.
    """

    match: str
    do: Fault
    nth: int = 0
    status: int = 0
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0
    bytes: int = LARGEST
    acts: bool = False
    met: int = 0

    def __post_init__(self) -> None:
        if self.do not in get_args(Fault):
            raise ValueError(f"No fault is called {self.do!r}.")
        self.acts = self.acts or self.do in {"delay", "half_body"}

    def meets(self, call: Call) -> bool:
        """Whether it is for this call, which is counted."""
        self.met += call.has(self.match)
        return call.has(self.match) and self.nth in {0, self.met}


class Service(Protocol):
    """What a handler needs to know of a service."""

    def now(self) -> float: ...

    def wait(self, seconds: float) -> None:
        """Wait, or until the service is reset."""

    def take_down(self, call: Call) -> Rule | None:
        """Record a call; gives the rule that it falls under."""

    def note(self, call: Call, status: int) -> None:
        """A call has its answer."""

    def given(self, call: Call) -> Answer:
        """The true answer, with what follows from it."""


class CallHandler(BaseHTTPRequestHandler):
    """Answers one call after the other on a connection; ``service`` knows how."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    service: Service

    def handle(self) -> None:
        """Who called may go away at any time."""
        with suppress(ConnectionError):
            super().handle()

    def _serve(self) -> None:
        url = urlsplit(self.path)
        size = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        body = self.rfile.read(size)
        call = Call(self.command, url.path, query, headers, body, self.service.now())
        rule = self.service.take_down(call)
        true = self.service.given(call) if rule is None or rule.acts else Answer()
        answer = FAULTS[rule.do](self, rule, true) if rule else true
        # Noted first, so that whoever has the answer finds it noted.
        if answer is not None:
            self.service.note(call, answer.status)
            answer.send(self)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815

    # What rules do: each gives what is answered, or None where it is nothing more

    def status(self, rule: Rule, _true: Answer) -> Answer:
        return Answer(rule.status or 500, rule.body, rule.headers)

    def delay(self, rule: Rule, true: Answer) -> Answer:
        self.service.wait(rule.seconds)
        return true

    def hang(self, _rule: Rule, _true: Answer) -> None:
        self.service.wait(60)
        self._tear_down()

    def reset(self, _rule: Rule, _true: Answer) -> None:
        self._tear_down()

    def _tear_down(self) -> None:
        """Not closed, but reset: what was on its way is lost too."""
        self.close_connection = True
        at_once = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        os.close(self.connection.detach())

    def half_body(self, _rule: Rule, true: Answer) -> Answer:
        self.close_connection = True
        length = {"Content-Length": str(len(true.content))}
        return Answer(true.status, true.content[: len(true.content) // 2], true.headers | length)

    def bad_json(self, rule: Rule, _true: Answer) -> Answer:
        return Answer(rule.status or 200, GARBAGE.content, rule.headers)

    def huge(self, rule: Rule, _true: Answer) -> None:
        """Begins like JSON, and is sent piece by piece until the other side has enough."""
        self.close_connection = True
        with suppress(OSError):
            self.send_response(rule.status or 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(rule.bytes))
            self.end_headers()
            self.wfile.write(b'{"result":"')
            for _ in range(rule.bytes // len(PIECE)):
                self.wfile.write(PIECE)


FAULTS: dict[str, Callable[[CallHandler, Rule, Answer], Answer | None]] = {
    "status": CallHandler.status,
    "delay": CallHandler.delay,
    "reset": CallHandler.reset,
    "half_body": CallHandler.half_body,
    "hang": CallHandler.hang,
    "bad_json": CallHandler.bad_json,
    "huge": CallHandler.huge,
}
