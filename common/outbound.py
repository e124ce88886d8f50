"""The one guarded HTTP client, for addresses that somebody in a workspace typed.

A name is resolved once, every address it has is judged, and the connection goes to an address that
was judged, while Host, SNI and the certificate keep the name: a second look-up cannot answer
something else. Nothing is taken from the environment, redirects are not followed, cookies are
not kept. ``OUTBOUND_ALLOWED_HOSTS`` (``host`` or ``host:port``) lets hosts through although they
are private or their port is unusual. Answers are read in measured pieces. Addresses from the
server's own settings need no guard.
"""

from __future__ import annotations

import ipaddress
import socket
from contextlib import contextmanager
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

import httpcore
import httpx
from django.conf import settings
from idna import IDNAError

from common.measured_streams import AsyncMeasuredStream, MeasuredStream, head_awaited
from common.name_lookups import NameLookups
from common.unpacking import ACCEPTED

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Iterator

    from httpcore import AsyncNetworkStream, NetworkStream

USER_AGENT = "PrivexBot/1"
PORTS = frozenset({80, 443})
_LEADS_NOWHERE = "The answer leads to a host whose name cannot be read."
# Seconds for which somebody who typed an address waits for its name to be looked up.
SOON = 2.0
TIMEOUT = httpx.Timeout(20, connect=3)
LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20)

# Private, reserved, and metadata networks, whatever ``is_global`` of this Python thinks of them.
DENIED = [
    ipaddress.ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24"),
        *("192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32"),
        *("::/8", "100::/64", "2001::/23", "2001:db8::/32"),
        *("2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
]


class BlockedError(httpx.RequestError):
    """The guard refuses an address; the message tells the person which and why."""


class PrivateNameError(BlockedError):
    """A name leads into a private network. Who asks for strangers does not tell it from a name that
    nobody has: which there are is the network's own affair."""


def client(**options: Any) -> httpx.Client:
    """A guarded client; the caller closes it."""
    return GuardedClient(transport=GuardedTransport(), **(_defaults() | options))


def async_client(**options: Any) -> httpx.AsyncClient:
    """A guarded client; the caller closes it."""
    return AsyncGuardedClient(transport=AsyncGuardedTransport(), **(_defaults() | options))


@contextmanager
def names_read() -> Iterator[None]:
    """Raise ``httpx.InvalidURL`` for a host whose name is no name, as ``xn--`` is none: httpx only
    reads it when it is asked for, and lets the error of the encoding through."""
    try:
        yield
    except IDNAError:
        raise httpx.InvalidURL("The host's name cannot be read.") from None


def check_url(url: httpx.URL) -> None:
    """Raise ``BlockedError`` unless ``url`` is one that may be tried at all, ``httpx.InvalidURL``
    where its host's name is none."""
    if url.scheme not in {"http", "https"}:
        raise BlockedError(f"{url.scheme or 'That'} is not an address of the web.")
    with names_read():
        host = url.host
    if not host:
        raise BlockedError("The address names no host.")
    if url.userinfo:
        raise BlockedError("The address holds a user name or a password.")


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return ip.is_global and not any(ip in network for network in DENIED)


def check_addresses(host: str, port: int, addresses: Iterable[str]) -> list[str]:
    """``addresses`` if all of them are public, or the server's owner lets ``host`` through."""
    found = list(dict.fromkeys(addresses))
    check_port(host, port)
    if not is_allowed(host, port) and not all(is_public(address) for address in found):
        kind = BlockedError if _is_literal(host) else PrivateNameError
        raise kind(f"{host} is in a private network. {_advice(host, port)}")
    return found


def check_port(host: str, port: int) -> None:
    """Raise ``BlockedError`` unless ``host`` may be asked at ``port``, wherever it is."""
    if port not in PORTS and not is_allowed(host, port):
        raise BlockedError(f"Port {port} of {host} is not allowed. {_advice(host, port)}")


def _is_literal(host: str) -> bool:
    """Whether it is an address and no name."""
    try:
        ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return False
    return True


def refusal(host: str, port: int) -> str:
    """Why no connection to ``host`` would be made, in words; empty when one would be. A name that
    cannot be resolved soon is judged by its port alone: whoever connects looks it up again."""
    try:
        found = _addresses(_lookups.infos_at_once(host, port, SOON))
    except (OSError, UnicodeError):
        found = []
    try:
        check_addresses(host, port, found)
    except BlockedError as error:
        return str(error)
    return ""


def _advice(host: str, port: int) -> str:
    return f"The server's owner can allow it: OUTBOUND_ALLOWED_HOSTS={host}:{port}"


def is_allowed(host: str, port: int) -> bool:
    """Whether the server's owner lets ``host`` through, whatever it is."""
    name = host.rstrip(".").lower()
    return bool({name, f"{name}:{port}"} & set(map(str.lower, settings.OUTBOUND_ALLOWED_HOSTS)))


@cache
def _trusted() -> ssl.SSLContext:
    """Read once: it takes longer than many a request."""
    return httpx.create_ssl_context()


def _defaults() -> dict[str, Any]:
    return {
        "trust_env": False,
        "follow_redirects": False,
        "timeout": TIMEOUT,
        "headers": {"User-Agent": USER_AGENT, **ACCEPTED},
        "cookies": no_cookies(),
    }


def no_cookies() -> CookieJar:
    """A cookie jar that stays empty, whatever servers set."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=()))


class GuardedClient(httpx.Client):
    """Tells of a host's name that is none as of every other address that is none."""

    def build_request(self, *args: Any, **options: Any) -> httpx.Request:
        with names_read():
            return super().build_request(*args, **options)

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """httpx reads where an answer leads although nobody follows it."""
        try:
            return super().send(request, **options)
        except IDNAError:
            raise httpx.RemoteProtocolError(_LEADS_NOWHERE, request=request) from None


class AsyncGuardedClient(httpx.AsyncClient):
    """The same for asynchronous callers."""

    def build_request(self, *args: Any, **options: Any) -> httpx.Request:
        with names_read():
            return super().build_request(*args, **options)

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        try:
            return await super().send(request, **options)
        except IDNAError:
            raise httpx.RemoteProtocolError(_LEADS_NOWHERE, request=request) from None


class GuardedTransport(httpx.HTTPTransport):
    """httpx's transport on a connection pool that judges addresses."""

    def __init__(self) -> None:
        super().__init__(verify=_trusted(), trust_env=False)
        self._pool.close()
        self._pool = httpcore.ConnectionPool(
            ssl_context=_trusted(),
            network_backend=GuardedBackend(),
            max_connections=LIMITS.max_connections,
            max_keepalive_connections=LIMITS.max_keepalive_connections,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        check_url(request.url)
        with head_awaited():
            return super().handle_request(request)


class AsyncGuardedTransport(httpx.AsyncHTTPTransport):
    """The same for asynchronous callers."""

    def __init__(self) -> None:
        super().__init__(verify=_trusted(), trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_trusted(),
            network_backend=AsyncGuardedBackend(),
            max_connections=LIMITS.max_connections,
            max_keepalive_connections=LIMITS.max_keepalive_connections,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        check_url(request.url)
        with head_awaited():
            return await super().handle_async_request(request)


class GuardedBackend(httpcore.SyncBackend):
    """Connects to addresses that were judged."""

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *rest: Any, **more: Any
    ) -> NetworkStream:
        check_port(host, port)
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} is not known.") from error
        failure: Exception = httpcore.ConnectError(f"{host} has no address.")
        for address in check_addresses(host, port, _addresses(infos)):
            try:
                return MeasuredStream(super().connect_tcp(address, port, timeout, *rest, **more))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def connect_unix_socket(self, path: str, *rest: Any, **more: Any) -> NetworkStream:
        raise BlockedError("Sockets of this machine are not addresses of the web.")


class AsyncGuardedBackend(httpcore.AnyIOBackend):
    """The same for asynchronous callers."""

    async def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *rest: Any, **more: Any
    ) -> AsyncNetworkStream:
        check_port(host, port)
        failure: Exception = httpcore.ConnectError(f"{host} has no address.")
        for address in check_addresses(host, port, await _resolved(host, port, timeout)):
            try:
                stream = await super().connect_tcp(address, port, timeout, *rest, **more)
                return AsyncMeasuredStream(stream)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(self, path: str, *rest: Any, **more: Any) -> AsyncNetworkStream:
        raise BlockedError("Sockets of this machine are not addresses of the web.")


_lookups = NameLookups()


async def _resolved(host: str, port: int, timeout: float | None) -> list[str]:
    try:
        return _addresses(await _lookups.infos(host, port, timeout))
    except TimeoutError as error:
        raise httpcore.ConnectTimeout(f"The name {host} takes too long to look up.") from error
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"{host} is not known.") from error


def _addresses(infos: Iterable[Any]) -> list[str]:
    return [info[4][0] for info in infos]
