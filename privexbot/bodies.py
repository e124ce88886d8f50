"""Reads a request's body before anybody works on it, so that a slow sender holds no thread."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, BinaryIO, cast

from django.core.exceptions import RequestAborted, RequestDataTooBig

if TYPE_CHECKING:
    from privexbot.asgi_types import Receive, Scope

IN_MEMORY = 512 * 1024


async def read(scope: Scope, receive: Receive, largest: int) -> tuple[BinaryIO, int]:
    """The body as a file at its start, and its length.

    Raises ``RequestDataTooBig`` beyond ``largest`` bytes, ``RequestAborted`` when nobody waits.
    """
    if _declared(scope) > largest:
        raise RequestDataTooBig
    body = cast("BinaryIO", SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115 (the caller closes it)
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            body.close()
            raise RequestAborted
        body.write(message.get("body", b""))
        if body.tell() > largest:
            body.close()
            raise RequestDataTooBig
        more = message.get("more_body", False)
    length = body.tell()
    body.seek(0)
    return body, length


def _declared(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0
