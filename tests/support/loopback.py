"""Small HTTP servers on this machine, each for the length of a ``with`` block."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler


class LoopbackServer(ABC):
    """Serves while it is entered, at ``port``, or a free one. ``host`` is what its address calls
    this machine."""

    host = "127.0.0.1"
    port = 0

    @abstractmethod
    def handler(self) -> type[BaseHTTPRequestHandler]:
        """What answers requests; it knows this server."""

    def __enter__(self) -> Self:
        quiet = type("Quiet", (self.handler(),), {"log_message": _log_nothing})
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), quiet)
        # Looks that often whether it is to stop, so that no test waits long for it.
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://{self.host}:{self._server.server_port}"


def _log_nothing(_handler: BaseHTTPRequestHandler, *_words: object) -> None:
    """In place of a line on the console for every request."""
