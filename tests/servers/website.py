"""A website that a test puts together page by page, with the bad manners that sites have."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING

from tests.support.loopback import LoopbackServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

HTML = "text/html; charset=utf-8"
FILLER = "Nobody reads such sentences, but a main text is made of some of them."


@dataclass(frozen=True)
class Reply:
    """What a path answers; ``pieces`` are sent one after the other. ``raw``: without a head, which
    is then in the pieces."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pieces: Callable[[], Iterable[bytes]] = tuple
    raw: bool = False


class WebsiteServer(LoopbackServer):
    """Answers 404 where nothing was put. ``asked`` are the paths that somebody asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.going_away = threading.Event()
        self._replies: dict[str, Callable[[], Reply]] = {}
        self._elsewhere: Callable[[str], Reply | None] = lambda _path: None

    def page(
        self,
        path: str,
        text: str = "",
        links: Sequence[str] = (),
        head: str = "",
        body: str = "",
        **headers: str,
    ) -> None:
        """An ordinary page with ``text`` as its main text."""
        self.put(path, html(path, text, links, head, body).encode(), **headers)

    def put(self, path: str, body: bytes, type_: str = HTML, **headers: str) -> None:
        given = {"Content-Type": type_, **named(headers)}
        self.answer(path, lambda: Reply(200, given, lambda: [body]))

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        self.answer(path, lambda: Reply(status, {"Location": to}))

    def fail(self, path: str, status: int, **headers: str) -> None:
        self.answer(path, lambda: Reply(status, named(headers)))

    def stream(self, path: str, pieces: Callable[[], Iterable[bytes]], **headers: str) -> None:
        given = {"Content-Type": HTML, **named(headers)}
        self.answer(path, lambda: Reply(200, given, pieces))

    def answer(self, path: str, reply: Callable[[], Reply]) -> None:
        self._replies[path] = reply

    def anywhere(self, reply: Callable[[str], Reply | None]) -> None:
        """What paths answer where nothing was put."""
        self._elsewhere = reply

    def reply_to(self, path: str) -> Reply:
        if path in self._replies:
            return self._replies[path]()
        return self._elsewhere(path) or Reply(404)

    def __exit__(self, *error: object) -> None:
        self.going_away.set()
        super().__exit__(*error)

    def handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append(self.path)
                server.headers.append(dict(self.headers))
                reply = server.reply_to(self.path)
                # Whoever asked may have heard enough.
                with suppress(OSError):
                    if not reply.raw:
                        self._send_head(reply)
                    for piece in reply.pieces():
                        self.wfile.write(piece)
                        self.wfile.flush()

            def _send_head(self, reply: Reply) -> None:
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.end_headers()

        return Handler


def html(
    path: str, text: str = "", links: Sequence[str] = (), head: str = "", body: str = ""
) -> str:
    """A page with a menu of ``links``."""
    menu = "".join(f'<li><a href="{link}">Menu</a></li>' for link in links)
    return (
        f"<!doctype html><html><head><title>Title of {path}</title>{head}</head><body>"
        f"<nav><ul>{menu}</ul></nav><main><article><h1>About {path}</h1>"
        f"<p>{text or f'This is what {path} says.'} {FILLER}</p></article></main>{body}"
        "</body></html>"
    )


def named(headers: dict[str, str]) -> dict[str, str]:
    """``X_Robots_Tag`` for ``X-Robots-Tag``."""
    return {name.replace("_", "-"): value for name, value in headers.items()}
