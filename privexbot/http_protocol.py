"""What uvicorn's fast protocol lacks: limits on heads of requests, the refusal of bodies that a
proxy may read otherwise, and an end to event streams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping
    from typing import Any

LARGEST_HEAD = 64 * 1024


class UnknownTransferEncodingError(ValueError):
    """A proxy may see the end of such a body elsewhere than we do; uvicorn answers with 400."""


class HttpProtocol(HttpToolsProtocol):
    """Closes a connection whose head of a request is too large, takes too long, or names another
    transfer encoding than chunked.

    A head is the first line and the headers. Between two requests of one connection uvicorn's own
    keep-alive time counts. When the server is told to stop, event streams end at once: they would
    never by themselves.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.head_bytes = 0
        self.deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_read()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.deadline is not None:
            self.head_bytes += len(data)
        super().data_received(data)
        if self.deadline is not None and self.head_bytes > LARGEST_HEAD:
            self.send_400_response("The head of the request is too large.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self.deadline is None:
            self._wait_for_head()

    def on_headers_complete(self) -> None:
        self._head_is_read()
        encodings = [value.lower() for name, value in self.headers if name == b"transfer-encoding"]
        if encodings not in ([], [b"chunked"]):
            raise UnknownTransferEncodingError
        super().on_headers_complete()

    def shutdown(self) -> None:
        super().shutdown()
        if self.cycle is not None and _is_for_event_source(self.cycle.scope):
            self.transport.close()

    def _wait_for_head(self) -> None:
        self.head_bytes = 0
        self.deadline = self.loop.call_later(settings.REQUEST_PATIENCE, self.transport.close)

    def _head_is_read(self) -> None:
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None


def _is_for_event_source(scope: Mapping[str, Any]) -> bool:
    """Whether a browser's EventSource asks, which connects again whenever a stream ends."""
    accepts = (b"accept", b"text/event-stream")
    return scope["method"] == "GET" and accepts in scope["headers"]
