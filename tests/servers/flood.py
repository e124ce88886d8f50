"""A server that never ends its answer, and sends it in as small parts as it can."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Self

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
EVENTS = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
# What it may send again and again.
CONTINUE, HEADER, ONE_BYTE = b"HTTP/1.1 100 Continue\r\n\r\n", b"X-One: more\r\n", b"1\r\nx\r\n"


class Flood:
    """Answers each connection with ``begins``, and then ``again`` until the other side leaves."""

    def __init__(self, begins: bytes, again: bytes) -> None:
        self._begins, self._again = begins, again

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                threading.Thread(target=self._send, args=(connection,), daemon=True).start()

    def _send(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65536)
            connection.sendall(self._begins)
            while self._again:
                connection.sendall(self._again * 200)
