"""One attempt to deliver an event: what is sent, and what the receiver makes of it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx
from django.utils.translation import gettext as _

from common.outbound import BlockedError, async_client
from common.plain_text import visible
from common.retry_after import seconds
from common.unpacking import async_pieces
from common.unreachable import why_unreachable
from common.webhook_signature import signed_headers
from webhooks.models import LONGEST_EXCERPT

if TYPE_CHECKING:
    from collections.abc import Mapping

# Seconds, from the look-up of the name to the end of what is read of the answer.
PATIENCE = 15.0
# Of an answer so many bytes are read.
READ = 4 * LONGEST_EXCERPT


@dataclass(frozen=True)
class Attempt:
    """What came of it. ``status`` is None where there was no answer; ``error`` says what is wrong,
    empty where the event was taken. ``permanent``: the next attempt would come to the same.
    ``retry_after`` are the seconds that the receiver wants to be left alone."""

    status: int | None = None
    excerpt: str = ""
    error: str = ""
    permanent: bool = False
    retry_after: int | None = None
    duration_ms: int = 0

    @property
    def is_taken(self) -> bool:
        return self.status is not None and httpx.codes.is_success(self.status)

    @property
    def is_gone(self) -> bool:
        return self.status == HTTPStatus.GONE


async def attempt(values: Mapping[str, str], event_id: str, payload: str) -> Attempt:
    """Send the event to ``url``, signed with ``secret``, both of ``values``. Never raises."""
    began = time.monotonic()
    try:
        async with asyncio.timeout(PATIENCE):
            status, retry_after, said = await _sent(values, event_id, payload.encode())
    except BlockedError as error:
        return Attempt(error=str(error), permanent=True, duration_ms=_since(began))
    except (TimeoutError, httpx.TimeoutException):
        words = _("The receiver did not answer within %(count)d seconds.")
        return Attempt(error=words % {"count": PATIENCE}, duration_ms=_since(began))
    except httpx.HTTPError as error:
        return Attempt(error=why_unreachable(error), duration_ms=_since(began))
    found = Attempt(status, excerpt(said, values["url"]), duration_ms=_since(began))
    if found.is_taken:
        return found
    words = _("The receiver answered %(status)d.") % {"status": status}
    return replace(found, error=words, retry_after=seconds(retry_after))


async def _sent(values: Mapping[str, str], event_id: str, body: bytes) -> tuple[int, str, bytes]:
    """Status, ``Retry-After`` and the beginning of the answer. A redirect is an answer like any
    other: it is not followed."""
    signed = signed_headers(values["secret"], event_id, time.time(), body)
    headers = {"Content-Type": "application/json", **signed}
    async with (
        async_client() as client,
        client.stream("POST", values["url"], content=body, headers=headers) as response,
    ):
        retry_after = response.headers.get("Retry-After", "")
        return response.status_code, retry_after, await _beginning(response)


async def _beginning(response: httpx.Response) -> bytes:
    """Whatever is wrong with it, the status has been said."""
    read = bytearray()
    try:
        async for piece in async_pieces(response):
            read += piece
            if len(read) >= READ:
                break
    except httpx.HTTPError:
        pass
    return bytes(read[:READ])


def excerpt(said: bytes, address: str) -> str:
    """The beginning of an answer in plain text, without the address: servers quote what they were
    asked for, and whoever knows the whole address can send to it."""
    text = said.decode(errors="replace")
    url = httpx.URL(address)
    for secret in (address, url.raw_path.decode(), url.path):
        if len(secret) > 1:
            text = text.replace(secret, "…")
    return visible(text)[:LONGEST_EXCERPT]


def _since(began: float) -> int:
    return round(1000 * (time.monotonic() - began))
