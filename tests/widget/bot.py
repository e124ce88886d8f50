"""A server that speaks the widget's protocol, for tests of the script alone: real HTTP on loopback.

It serves the built script as well. What it answers is scripted; every request is recorded.
"""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conversations.languages import RIGHT_TO_LEFT
from conversations.publicity import EARLY, styles, words
from tests.support.loopback import LoopbackServer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conversations.languages import Language

SCRIPT = Path(__file__).parents[2] / "static" / "widget" / "widget.js"
SCRIPTS = {"/widget.js": SCRIPT, "/widget.launch.js": SCRIPT.with_name("launch.js")}
PROFILE: dict[str, Any] = {
    "name": "Helper",
    "title": "Ask us",
    "welcome_message": "Hello. How can I help?",
    "suggested_prompts": ["Opening hours", "Prices"],
    "placeholder": "",
    "avatar_url": "",
    "theme": "light",
    "primary_color": "#4F46E5",
    "position": "bottom-right",
    "feedback": True,
    "citations": True,
    "follow_ups": True,
    "collect": [],
    "lead": None,
}
CITATION: dict[str, Any] = {
    "number": 1,
    "title": "Guide",
    "url": "https://docs.example/g",
    "text": "Nine to five.",
}


def lead_form(timing: str, **more: Any) -> dict[str, Any]:
    email = {"name": "email", "type": "email", "label": "E-mail", "required": True, "options": []}
    email["autocomplete"] = "email"
    name = {"name": "name", "type": "text", "label": "Name", "required": False, "options": []}
    consent = "We keep this to write back to you."
    given = {"timing": timing, "after_messages": 1, "title": "Who are you?"}
    return {**given, "consent_text": consent, "fields": [email, name], **more}


@dataclass(frozen=True)
class Refusal:
    """An answer other than the scripted one, given once."""

    status: int
    detail: str = "No."
    retry_after: int | None = None


@dataclass
class Answer:
    """How a message is answered: ``pieces`` of text, or of bytes that are sent as they are.

    ``hold`` stops before the last piece until the event is set; ``cut`` ends without ``done``.
    ``handoff``: a person has the conversation now; in ``wait`` seconds one may have stepped in.
    """

    pieces: tuple[str | bytes, ...] = ("You said it.",)
    citations: tuple[dict[str, Any], ...] = ()
    follow_ups: tuple[str, ...] = ()
    hold: threading.Event | None = None
    error: dict[str, Any] | None = None
    cut: bool = False
    handoff: bool = False
    wait: float = 0

    def frames(self) -> Iterable[bytes]:
        said = ""
        for place, piece in enumerate(self.pieces):
            if self.hold and place == len(self.pieces) - 1:
                yield b""
            if isinstance(piece, bytes):
                yield piece
            else:
                said += piece
                yield frame("token", {"text": piece})
        if self.error:
            yield frame("error", self.error)
        elif not self.cut:
            yield from (frame("citation", citation) for citation in self.citations)
            yield frame("done", self._done(said))

    def _done(self, said: str) -> dict[str, Any]:
        listed = {"citations": list(self.citations), "follow_ups": list(self.follow_ups)}
        return {"message": said, "message_id": "m1", "session_id": "s_1", **listed} | {
            "handoff": self.handoff,
            "wait": 1 if self.handoff else self.wait,
        }


def frame(event: str, data: dict[str, Any]) -> bytes:
    return f"event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


@dataclass
class Bot(LoopbackServer):
    """The server. Change its fields between requests; read ``requests`` (path, body, headers)."""

    profile: dict[str, Any] = field(default_factory=lambda: dict(PROFILE))
    messages: list[dict[str, Any]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    refusals: dict[str, Refusal] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    opens: threading.Event | None = None  # a session waits for it
    collect_needed: bool = False
    lead_needed: bool = False
    handoff: bool = False
    language: Language = "en"
    launcher_text: str = ""
    invitations: list[dict[str, Any]] = field(default_factory=list)
    news: list[dict[str, Any]] = field(default_factory=list)
    token: int = 0
    headers: str = "authorization, content-type"
    left: threading.Event = field(default_factory=threading.Event)

    def handler(self) -> type[BaseHTTPRequestHandler]:
        return type("Handler", (_Handler,), {"bot": self})

    def bodies(self, path: str) -> list[dict[str, Any]]:
        return [body for asked, body, _ in self.requests if asked == path]

    def asked(self, path: str, times: int = 1) -> None:
        """Wait until ``path`` was asked for so many times."""
        until = time.monotonic() + 8
        while len(self.bodies(path)) < times:
            assert time.monotonic() < until, self.requests
            time.sleep(0.02)

    def news_after(self, after: str | None) -> dict[str, Any]:
        """The news of which a page has not the last message yet: one that nobody listened to is
        asked for again."""
        while self.news and self.news[0]["messages"][-1]["id"] == after:
            self.news.pop(0)
        return self.news[0] if self.news else {"messages": [], "handoff": True, "wait": 0.05}

    def early(self) -> dict[str, Any]:
        """What a page shows before the chat is opened."""
        said = words(self.language)
        return {
            "launcher_text": self.launcher_text,
            "invitations": self.invitations,
            "language": self.language,
            "dir": "rtl" if self.language in RIGHT_TO_LEFT else "ltr",
            "strings": {name: said[name] for name in EARLY},
        }

    def session(self, body: dict[str, Any]) -> dict[str, Any]:
        self.token += 1
        return {
            "token": f"t{self.token}",
            "expires_at": "2099-01-01T00:00:00Z",
            "session_id": body.get("session_id") or "s_1",
            "profile": self.profile,
            "language": self.language,
            "strings": words(self.language),
            "styles": styles(),
            "messages": self.messages,
            "handoff": self.handoff,
            "wait": int(self.handoff),
            "collect_needed": self.collect_needed,
            "lead_needed": self.lead_needed,
        }


class _Handler(BaseHTTPRequestHandler):
    bot: Bot
    protocol_version = "HTTP/1.1"

    def do_OPTIONS(self) -> None:
        self._send(204)

    def do_GET(self) -> None:
        path, _mark, query = self.path.partition("?")
        if path in SCRIPTS:
            self._send(200, SCRIPTS[path].read_bytes(), "text/javascript")
        elif path.endswith("/launch"):
            self.bot.requests.append(("launch", {"query": query}, dict(self.headers)))
            self._send(200, json.dumps(self.bot.early()).encode(), "application/json")
        else:
            self._send(404)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length) or b"{}")
        path = self.path.rpartition("/")[2]
        self.bot.requests.append((path, body, dict(self.headers)))
        if path == "session" and self.bot.opens:
            self.bot.opens.wait(10)
        refusal = self.bot.refusals.pop(path, None)
        if refusal:
            self._refuse(refusal)
        elif path == "session":
            self._send(200, json.dumps(self.bot.session(body)).encode(), "application/json")
        elif path == "messages":
            self._stream(self.bot.answers.pop(0) if self.bot.answers else Answer())
        elif path == "news":
            told = self.bot.news_after(body.get("after"))
            self._send(200, json.dumps(told).encode(), "application/json")
        else:
            self._send(204)

    def _refuse(self, refusal: Refusal) -> None:
        body = json.dumps({"status": refusal.status, "detail": refusal.detail}).encode()
        after = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else {}
        self._send(refusal.status, body, "application/problem+json", after)

    def _stream(self, answer: Answer) -> None:
        self._head(200, {"Content-Type": "text/event-stream", "Connection": "close"})
        with suppress(ConnectionError):
            for chunk in answer.frames():
                if not chunk and answer.hold:
                    self._wait(answer.hold)
                self.wfile.write(chunk)
                self.wfile.flush()
        self.close_connection = True

    def _wait(self, hold: threading.Event) -> None:
        """Wait, with a heartbeat that shows when the visitor has left."""
        while not hold.wait(0.02):
            try:
                self.wfile.write(b":\n\n")
                self.wfile.flush()
            except ConnectionError:
                self.bot.left.set()
                raise

    def _send(
        self,
        status: int,
        body: bytes = b"",
        content_type: str = "text/plain",
        headers: dict[str, str] | None = None,
    ) -> None:
        given = {"Content-Type": content_type, "Content-Length": str(len(body))}
        self._head(status, given | (headers or {}))
        self.wfile.write(body)

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        cors = {
            "Access-Control-Allow-Origin": self.headers.get("Origin", "*"),
            "Access-Control-Allow-Headers": self.bot.headers,
            "Access-Control-Expose-Headers": "retry-after",
            "Timing-Allow-Origin": "*",
            "Vary": "Origin",
        }
        for name, value in (cors | headers).items():
            self.send_header(name, value)
        self.end_headers()
