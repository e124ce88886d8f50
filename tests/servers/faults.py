"""Faults that servers of tests answer with, one request each, before they behave again."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler


@dataclass(frozen=True)
class Answer:
    """What a request is answered with; ``body`` is sent as JSON unless it is bytes. ``slow``:
    seconds before each of its bytes."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    slow: float = 0

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()

    def send(self, handler: BaseHTTPRequestHandler) -> None:
        """Write the answer; whoever asked may have heard enough."""
        given = {"Content-Type": "application/json", "Content-Length": str(len(self.content))}
        with suppress(OSError):
            handler.send_response(self.status)
            for name, value in (given | self.headers).items():
                handler.send_header(name, value)
            handler.end_headers()
            for piece in self._pieces():
                time.sleep(self.slow)
                handler.wfile.write(piece)
                handler.wfile.flush()

    def _pieces(self) -> list[bytes]:
        content = self.content
        return [bytes([byte]) for byte in content] if self.slow else [content]


GARBAGE = Answer(200, b"<html>Sign in to the hotel's network</html>")
EMPTY_LIST = Answer(200, [])


def busy(seconds: float | str = "", status: int = 429) -> Answer:
    """Too many requests; come back in so many seconds."""
    headers = {"Retry-After": str(seconds)} if seconds != "" else {}
    return Answer(status, {"message": "slow down", "code": "rate_limited"}, headers)
