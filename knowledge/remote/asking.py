"""Asks one service, patiently and within bounds: of time, of size, and of how often.

The addresses are this server's settings, so nothing is guarded here; redirects are not followed, so
that what proves who we are goes nowhere else.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

import httpx
import orjson
from django.utils.translation import gettext as _

from common.outbound import USER_AGENT, no_cookies
from common.unpacking import ACCEPTED, pieces
from knowledge.remote.errors import RefusedError, RemoteError, RemoteStoppedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MEGABYTE = 1024 * 1024
LONGEST_ERROR = 100_000
# Seconds between two looks at whether anybody still wants the answer.
GLANCE = 0.2
BUSY = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True)
class Patience:
    """Seconds for a connection, between two pieces of an answer, for all of it, and that a service
    may ask us to wait; how often a request is tried."""

    connect: float = 5
    between: float = 20
    total: float = 50
    longest_wait: float = 60
    first_wait: float = 0.5
    attempts: int = 5


PATIENCE = Patience()


@dataclass(frozen=True)
class Manners:
    """What is particular to a service. ``code_of`` finds in a refusal's body why it refused;
    ``waits`` says by that whether trying again helps."""

    name: str
    base_url: str
    code_of: Callable[[Any], str]
    waits: Callable[[int, str], bool] = lambda status, _code: status in BUSY
    largest: int = 10 * MEGABYTE


class Service:
    """One service as one reader asks it. Closes what it opened."""

    def __init__(
        self,
        manners: Manners,
        is_stopped: Callable[[], bool] = lambda: False,
        headers: Mapping[str, str] = MappingProxyType({}),
        patience: Patience = PATIENCE,
    ) -> None:
        self.asked = 0
        self._manners, self._is_stopped, self._patience = manners, is_stopped, patience
        self._client = httpx.Client(
            headers={"User-Agent": USER_AGENT, **ACCEPTED, **headers},
            timeout=httpx.Timeout(patience.between, connect=patience.connect),
            trust_env=False,
            follow_redirects=False,
            cookies=no_cookies(),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._client.close()

    def json(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        """The object that the service answers; ``request`` as httpx takes it. Raises as ``body``
        does."""
        found = _parsed(self.body(method, path, **request))
        if not isinstance(found, dict):
            raise self._failed(_("%(service)s answered something that cannot be understood."))
        return found

    def body(self, method: str, path: str, **request: Any) -> bytes:
        """What the service answers. Raises ``RefusedError``, ``RemoteError`` and
        ``RemoteStoppedError``."""
        for attempt in range(1, self._patience.attempts + 1):
            status, body, asks = self._once(method, path, request)
            if status == httpx.codes.OK:
                return body
            code = self._manners.code_of(_parsed(body))
            if not self._manners.waits(status, code):
                raise RefusedError(self._refusal(status), status, code)
            if attempt < self._patience.attempts:
                own = self._patience.first_wait * 2 ** (attempt - 1)
                self._wait(own if asks is None else asks)
        raise self._failed(_("%(service)s is busy and did not answer. Try again later."))

    def _once(
        self, method: str, path: str, request: dict[str, Any]
    ) -> tuple[int, bytes, float | None]:
        """Status, body, and for how many seconds the service asks us to stay away."""
        self._look()
        self.asked += 1
        url = f"{self._manners.base_url.rstrip('/')}{path}"
        try:
            with self._client.stream(method, url, **request) as response:
                asks = _seconds(response.headers.get("Retry-After", ""))
                return response.status_code, self._read(response), asks
        except httpx.TimeoutException as error:
            raise self._failed(_("%(service)s took too long to answer. Try again.")) from error
        except httpx.HTTPError as error:
            raise self._failed(_("%(service)s could not be reached. Try again.")) from error

    def _read(self, response: httpx.Response) -> bytes:
        deadline, body = time.monotonic() + self._patience.total, bytearray()
        for piece in pieces(response):
            body += piece
            if not response.is_success and len(body) > LONGEST_ERROR:
                break
            if len(body) > self._manners.largest:
                size = {"size": self._manners.largest // MEGABYTE, "service": self._manners.name}
                raise RemoteError(_("%(service)s answered more than %(size)d MB.") % size)
            if time.monotonic() > deadline:
                raise self._failed(_("%(service)s took too long to answer. Try again."))
            self._look()
        return bytes(body)

    def _wait(self, seconds: float) -> None:
        if seconds > self._patience.longest_wait:
            words = _("%(service)s wants no more requests for %(seconds)d seconds. Try again then.")
            raise RemoteError(words % {"service": self._manners.name, "seconds": seconds})
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._look()
            time.sleep(min(left, GLANCE))

    def _look(self) -> None:
        if self._is_stopped():
            raise RemoteStoppedError

    def _failed(self, words: str) -> RemoteError:
        return RemoteError(words % {"service": self._manners.name})

    def _refusal(self, status: int) -> str:
        words = _("%(service)s refused the request (%(status)d).")
        return words % {"service": self._manners.name, "status": status}


def bearer(token: str) -> str:
    """The header's value for a token; raises ``RemoteError`` for one that no header can hold."""
    if not token.isascii() or not token.isprintable() or " " in token:
        raise RemoteError(_("The stored token has characters that no token has. Store it again."))
    return f"Bearer {token}"


def _parsed(body: bytes) -> Any:
    """JSON, or None when it is none."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _seconds(given: str) -> float | None:
    """What ``Retry-After`` says; None where it is no number of seconds."""
    return float(given) if given.isascii() and given.isdigit() else None
