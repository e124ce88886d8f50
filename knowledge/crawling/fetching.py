"""Asks a site for one thing after the other, through the guard of outgoing requests.

Redirects are followed by hand, each is judged first. A request ends when its time is over, however
slowly its answer drips, and when the crawl is stopped. Nothing is sent that could tell one site of
another: no cookies, no referrer, no credentials.
"""

from __future__ import annotations

import asyncio
import time
import zlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self, TypeVar

import httpx
from django.utils.translation import gettext as _

from common import outbound
from common.compression import ExcessError, Gathered
from knowledge.crawling import failures
from knowledge.crawling.addresses import normalised
from knowledge.crawling.errors import CrawlStoppedError, PageError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from knowledge.crawling.limits import Patience

T = TypeVar("T")
BUSY = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
# Seconds between two looks at whether the crawl is stopped.
LOOK = 0.2


@dataclass(frozen=True)
class Want:
    """What is asked for. ``types`` empty: whatever comes. An answer is cut after ``most`` bytes,
    or refused."""

    most: int
    types: frozenset[str] = frozenset()
    is_cut: bool = False


@dataclass(frozen=True)
class Answer:
    """``url`` is where redirects led; the body of anything but a success is empty."""

    url: str
    status: int
    headers: httpx.Headers
    body: bytes = b""

    @property
    def type(self) -> str:
        named: str = self.headers.get("Content-Type", "")
        return named.partition(";")[0].strip().lower()

    @property
    def is_redirect(self) -> bool:
        return self.status in {301, 302, 303, 307, 308} and "Location" in self.headers


class Fetcher:
    """Use it in a ``with`` block, in one thread that runs no event loop. ``get`` and ``wait`` raise
    ``CrawlStoppedError``."""

    def __init__(self, patience: Patience, is_stopped: Callable[[], bool]) -> None:
        self._patience = patience
        self._is_stopped = is_stopped
        self._runner = asyncio.Runner()
        self._client = outbound.async_client(timeout=httpx.Timeout(patience.silence))
        self._asked_at = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._runner:
            self._runner.run(self._client.aclose())

    def get(self, url: str, want: Want, judge: Callable[[str], None]) -> Answer:
        """The answer, asked for again when the site is busy and says for how long. ``judge`` raises
        ``PageError`` for an address that a redirect must not lead to; so does this for what cannot
        be had at all."""
        end = time.monotonic() + self._patience.retry_seconds
        for _attempt in range(self._patience.retries):
            answer = self._followed(url, want, judge)
            pause = _pause_asked(answer)
            if pause is None or time.monotonic() + pause > end:
                return answer
            self.wait(pause)
        return self._followed(url, want, judge)

    def wait(self, seconds: float) -> None:
        self._run(asyncio.sleep(seconds))

    def keep_distance(self, seconds: float) -> None:
        """Wait until the last request is so long ago."""
        left = self._asked_at + seconds - time.monotonic()
        if left > 0:
            self.wait(left)

    def _followed(self, url: str, want: Want, judge: Callable[[str], None]) -> Answer:
        end = time.monotonic() + self._patience.page_seconds
        for _hop in range(self._patience.redirects + 1):
            answer = self._run(self._asked(url, want, end - time.monotonic()))
            self._asked_at = time.monotonic()
            if not answer.is_redirect:
                return answer
            url = normalised(answer.headers["Location"], url)
            if not url:
                raise PageError(_("It leads to what is not an address of the web."))
            judge(url)
        raise PageError(_("It leads from address to address without end."), _("Check the address."))

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(self._unless_stopped(work))

    async def _unless_stopped(self, work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.ensure_future(work)
        while not task.done():
            await asyncio.wait({task}, timeout=LOOK)
            if self._is_stopped():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                raise CrawlStoppedError
        return task.result()

    async def _asked(self, url: str, want: Want, seconds: float) -> Answer:
        # Compressed twice over is not asked for, and would be a bomb.
        headers = {"Accept": ", ".join(sorted(want.types)) or "*/*", "Accept-Encoding": "gzip"}
        try:
            async with (
                asyncio.timeout(seconds),
                self._client.stream("GET", url, headers=headers) as response,
            ):
                return await _received(response, url, want)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise failures.failed(error) from error


async def _received(response: httpx.Response, url: str, want: Want) -> Answer:
    answer = Answer(url, response.status_code, response.headers)
    if not response.is_success:
        return answer
    if want.types and answer.type and answer.type not in want.types:
        raise failures.wrong_type(answer.type)
    return Answer(url, response.status_code, response.headers, await _body(response, want))


async def _body(response: httpx.Response, want: Want) -> bytes:
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip", "x-gzip"}:
        raise PageError(_("The page is compressed in a way that was not asked for."))
    gathered = Gathered(want.most, compressed=encoding != "identity")
    try:
        async for piece in response.aiter_raw():
            gathered.add(piece)
    except ExcessError:
        if not want.is_cut:
            raise failures.too_large(want.most) from None
    except zlib.error:
        raise PageError(_("The page arrives damaged.")) from None
    return bytes(gathered.body)


def _pause_asked(answer: Answer) -> float | None:
    """For how many seconds a busy site wants to be left alone; None when it does not say."""
    if answer.status not in BUSY:
        return None
    text = answer.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    with suppress(ValueError, TypeError, OverflowError):
        when = parsedate_to_datetime(text)
        return max(0.0, (when - datetime.now(UTC)).total_seconds())
    return None
