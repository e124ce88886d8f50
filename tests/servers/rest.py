"""An HTTP API that a test scripts: what each path answers, and what was asked of it."""

from __future__ import annotations

import json
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.support.loopback import LoopbackServer


@dataclass(frozen=True)
class Asked:
    """One request as it arrived; ``headers`` have names in small letters."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """``hangs``: nothing is sent until the server goes away."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    hangs: bool = False


class RestServer(LoopbackServer):
    """Answers what was scripted for a path, the last answer again and again; else 404."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.going_away = threading.Event()
        self._answers: dict[str, deque[Answer]] = {}

    def put(self, path: str, *answers: Answer | Any) -> None:
        """What ``path`` answers, one after the other: an ``Answer``, or its JSON."""
        self._answers[path] = deque(
            each if isinstance(each, Answer) else Answer(body=json.dumps(each).encode())
            for each in answers
        )

    def answer_to(self, path: str) -> Answer:
        answers = self._answers.get(path.partition("?")[0], deque())
        if not answers:
            return Answer(404, b'{"error":"not found"}')
        return answers.popleft() if len(answers) > 1 else answers[0]

    def __exit__(self, *error: object) -> None:
        self.going_away.set()
        super().__exit__(*error)

    def handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.command, self.path, headers, self.rfile.read(size))
                server.asked.append(asked)
                answer = server.answer_to(self.path)
                if answer.hangs:
                    server.going_away.wait(60)
                    return
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                with suppress(OSError):
                    self.wfile.write(answer.body)

        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            setattr(Handler, f"do_{method}", Handler._answer)
        return Handler
