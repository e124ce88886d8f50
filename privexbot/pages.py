"""Serves Django's WSGI handler on threads behind ASGI.

A plain answer crosses from its thread to the event loop once, as a whole; only what Django itself
streams (a file, an export) goes piece by piece.
"""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from django.conf import settings
from django.core.exceptions import RequestAborted
from django.db import close_old_connections
from django.http import FileResponse

from common.http import problem_response
from common.problems import Problem
from privexbot import bodies

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.core.handlers.wsgi import WSGIHandler

    from privexbot.asgi_types import Receive, Scope, Send

Environ = dict[str, Any]
PIECE = 64 * 1024


class Answer(NamedTuple):
    """What a page answers: all of it in ``content``, or in ``pieces`` that are still to come."""

    status: int
    headers: list[tuple[bytes, bytes]]
    content: bytes
    pieces: Iterator[bytes] | None
    response: Any


class Pages:
    """``handler`` as an ASGI application that runs on ``threads`` threads."""

    def __init__(self, handler: WSGIHandler, threads: int) -> None:
        self.handler = handler
        self.executor = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body, length = await bodies.read(scope, receive, largest(scope["path"]))
        except RequestAborted:
            return
        except Problem as problem:
            refusal = problem_response(problem)
            await _send(_plain(refusal, refusal.status_code, refusal.items()), send)
            return
        run = asyncio.get_running_loop().run_in_executor
        with body:
            answer = await run(self.executor, self.answer, environ_of(scope, body, length))
        await _send(answer, send)
        if answer.pieces is not None:
            await self.send_pieces(answer, send)

    def answer(self, environ: Environ) -> Answer:
        """Run the handler; on a thread."""
        start: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
            start[:] = int(status.split(" ", 1)[0]), headers

        response = self.handler(environ, start_response)
        status, headers = start
        if response.streaming:
            if isinstance(response, FileResponse):
                response.block_size = PIECE
            return Answer(status, _encoded(headers), b"", iter(response), response)
        try:
            return _plain(response, status, headers)
        finally:
            response.close()

    async def send_pieces(self, answer: Answer, send: Send) -> None:
        run = asyncio.get_running_loop().run_in_executor
        assert answer.pieces is not None
        try:
            while (piece := await run(self.executor, _next, answer.pieces)) is not None:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            await run(self.executor, answer.response.close)


def largest(path: str) -> int:
    """How many bytes a request to ``path`` may have."""
    brings_files = settings.FILE_REQUESTS.fullmatch(path)
    return settings.LARGEST_FILE_REQUEST if brings_files else settings.LARGEST_REQUEST


def _next(pieces: Iterator[bytes]) -> bytes | None:
    """The next piece, on whichever thread is free; what it needed the database for is done."""
    try:
        return next(pieces, None)
    finally:
        close_old_connections()


def _plain(response: Any, status: int, headers: Iterable[tuple[str, str]]) -> Answer:
    return Answer(status, _encoded(headers), response.content, None, response)


def _encoded(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers]


async def _send(answer: Answer, send: Send) -> None:
    start = {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
    await send(start)
    if answer.pieces is None:
        await send({"type": "http.response.body", "body": answer.content})


def environ_of(scope: Scope, body: BinaryIO, length: int) -> Environ:
    """The request in the words of PEP 3333."""
    server = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    root = scope.get("root_path", "")
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": _latin(root),
        "PATH_INFO": _latin(scope["path"].removeprefix(root)),
        "QUERY_STRING": scope["query_string"].decode("latin1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    _add_headers(environ, scope["headers"])
    return environ | {"CONTENT_LENGTH": str(length)}


def _add_headers(environ: Environ, headers: Iterable[tuple[bytes, bytes]]) -> None:
    for raw_name, raw_value in headers:
        if b"_" in raw_name:  # would pass for the header with a dash that a proxy has checked
            continue
        name, value = (
            raw_name.decode("latin1").upper().replace("-", "_"),
            raw_value.decode("latin1"),
        )
        key = name if name == "CONTENT_TYPE" else f"HTTP_{name}"
        if key in environ:
            separator = "; " if key == "HTTP_COOKIE" else ","
            value = f"{environ[key]}{separator}{value}"
        environ[key] = value


def _latin(text: str) -> str:
    """UTF-8 bytes in the guise of Latin-1, as PEP 3333 wants them."""
    return text.encode("utf-8").decode("latin1")
