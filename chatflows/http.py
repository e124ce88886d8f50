"""The HTTP requests of flows, sent through the guard of outgoing requests.

Secrets are added here and nowhere else: no node, log or error holds one. They go to the host of the
address alone, and only to the one that their credential names, if it names one.
"""

from __future__ import annotations

import asyncio
import re
import zlib
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx
from django.utils.translation import gettext as _

from chatflows.executor.ports import Request, RequestError, Response
from chatflows.proof import Proof, proof_of
from common.compression import ExcessError, Gathered
from common.measured_streams import Turns
from common.outbound import BlockedError, names_read
from common.unreachable import why_unreachable
from inference import http
from workspaces.credential_kinds import KINDS
from workspaces.models import Credential

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LARGEST = 1024 * 1024
SECONDS = 20.0
MOST_REDIRECTS = 3
# Of a body: each costs about the same, however small it is.
MOST_PIECES = 5_000
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Redirects after which the same request is sent again, with its body.
SAME_AGAIN = frozenset({HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT})

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
# Headers that say whom a request is for and where it ends. What comes after it on the connection
# is somebody else's request.
OWN_HEADERS = frozenset(
    {"host", "content-length", "transfer-encoding", "te", "trailer", "expect"}
    | {"connection", "keep-alive", "proxy-connection", "proxy-authorization", "upgrade"}
)


@dataclass(frozen=True)
class GuardedHttp:
    """``credentials`` are the values of those that a flow names, by their ids."""

    credentials: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    async def send(self, request: Request) -> Response:
        """The response, after at most ``MOST_REDIRECTS`` redirects; raises ``RequestError``."""
        try:
            async with asyncio.timeout(SECONDS):
                return await self._followed(request)
        except BlockedError as error:
            raise RequestError(str(error), permanent=True) from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            words = _("%(url)s is not an address of the web.")
            raise RequestError(words % {"url": _shown(request.url)}, permanent=True) from None
        except (TimeoutError, httpx.TimeoutException):
            raise RequestError(_("The server did not answer in time.")) from None
        except httpx.HTTPError as error:
            raise RequestError(why_unreachable(error)) from None

    async def _followed(self, request: Request) -> Response:
        url, method, body = httpx.URL(request.url), request.method, request.body
        with names_read():
            proof = self._proof(request.credential_id, url)
        headers = {**request.headers, **proof.headers}
        _refuse_unfit(headers)
        for _hop in range(MOST_REDIRECTS + 1):
            found = await self._once(method, url, headers, body, request.enough)
            response = proof.kept_out(found)
            location = found.headers.get("location")
            if response.status not in REDIRECTS or not location:
                return response
            there = url.join(location)
            if _origin(there) != _origin(url):
                headers = {}
            if response.status not in SAME_AGAIN and method not in {"GET", "HEAD"}:
                method, body = "GET", None
            url = there
        raise RequestError(_("It leads from address to address without end."), permanent=True)

    async def _once(
        self,
        method: str,
        url: httpx.URL,
        headers: Mapping[str, str],
        body: bytes | None,
        enough: Callable[[bytearray], bool] | None,
    ) -> Response:
        client = await http.client(guarded=True)
        # Compressed in any other way could not be bounded.
        sent = {"Accept-Encoding": "gzip", **headers}
        async with client.stream(method, url, headers=sent, content=body) as response:
            given = {name.lower(): value for name, value in response.headers.items()}
            return Response(response.status_code, given, await _body(response, enough))

    def _proof(self, credential_id: str | None, url: httpx.URL) -> Proof:
        """What proves who asks; raises ``RequestError``."""
        if credential_id is None:
            return Proof()
        values = self.credentials.get(credential_id)
        if values is None:
            raise RequestError(_("The chosen credential no longer exists."), permanent=True)
        kind = KINDS[Credential.Kind.HTTP.value]
        target = kind.target(values)
        if target and target != (url.host, url.port or _PORTS.get(url.scheme)):
            words = _("The credential may only be sent to %(host)s.")
            raise RequestError(words % {"host": kind.host(values)}, permanent=True)
        return proof_of(values)


_PORTS = {"http": 80, "https": 443}


def _refuse_unfit(headers: Mapping[str, str]) -> None:
    """Raises ``RequestError`` for a header that is none, or is the connection's own affair."""
    for name in headers:
        if not _NAME.fullmatch(name) or name.lower() in OWN_HEADERS:
            words = _("The header %(name)s cannot be set.")
            raise RequestError(words % {"name": _shown(name)}, permanent=True)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


async def _body(response: httpx.Response, enough: Callable[[bytearray], bool] | None) -> bytes:
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        raise RequestError(_("The answer is compressed in a way that was not asked for."))
    gathered = Gathered(LARGEST, compressed=encoding in {"gzip", "x-gzip"})
    try:
        turns = Turns()
        async for piece in response.aiter_raw():
            gathered.add(piece)
            await turns.pass_on()
            if turns.count > MOST_PIECES:
                raise RequestError(_("The answer arrives in too many pieces."), permanent=True)
            if enough and enough(gathered.body):
                break
    except ExcessError:
        words = _("The answer is larger than %(most)s MB.") % {"most": LARGEST // 1024**2}
        raise RequestError(words, permanent=True) from None
    except zlib.error:
        raise RequestError(_("The answer arrives damaged.")) from None
    return bytes(gathered.body)


def _shown(url: str) -> str:
    return url if len(url) <= 100 else f"{url[:99]}…"  # noqa: PLR2004 (for people)
