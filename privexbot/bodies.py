"""Reads a request's body before anybody works on it, so that a slow sender holds no thread."""

from __future__ import annotations

import asyncio
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, BinaryIO, cast

from django.conf import settings
from django.core.exceptions import RequestAborted

from common.problems import Problem, too_large

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from privexbot.asgi_types import Receive, Scope

IN_MEMORY = 512 * 1024
# A sender has REQUEST_PATIENCE seconds, and another for each so many bytes that came.
SLOWEST_PER_SECOND = 16 * 1024


async def read(scope: Scope, receive: Receive, largest: int) -> tuple[BinaryIO, int]:
    """The body as a file at its start, and its length.

    Raises a ``Problem`` 413 beyond ``largest`` bytes and 408 when it comes drop by drop,
    ``RequestAborted`` when nobody waits for an answer.
    """
    if _declared(scope) > largest:
        raise _too_large()
    body = cast("BinaryIO", SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115 (the caller closes it)
    try:
        await _fill(body, receive, largest)
    except BaseException:
        body.close()
        raise
    length = body.tell()
    body.seek(0)
    return body, length


async def _fill(body: BinaryIO, receive: Receive, largest: int) -> None:
    deadline, more = asyncio.get_running_loop().time() + settings.REQUEST_PATIENCE, True
    while more:
        message = await _next(receive, deadline + body.tell() / SLOWEST_PER_SECOND)
        if message["type"] == "http.disconnect":
            raise RequestAborted
        body.write(message.get("body", b""))
        if body.tell() > largest:
            raise _too_large()
        more = message.get("more_body", False)


async def _next(receive: Receive, deadline: float) -> Mapping[str, Any]:
    try:
        async with asyncio.timeout_at(deadline):
            return await receive()
    except TimeoutError:
        detail = "The body of the request came too slowly."
        raise Problem(408, "Request timeout", detail, "request-timeout") from None


def _too_large() -> Problem:
    return too_large("The request is too large.")


def _declared(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0
