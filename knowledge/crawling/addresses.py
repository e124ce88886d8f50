"""Addresses of pages: the one spelling of each, and which belong to the site that is crawled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qsl, urlencode

import httpx

from common.domains import LAST_PORT, registrable

LONGEST = 2000
_TRACKING = re.compile(
    r"utm_\w+|gclid|dclid|gbraid|wbraid|fbclid|msclkid|mc_[ce]id|igshid|_ga", re.IGNORECASE
)
_PORTS = {"http": 80, "https": 443}


def normalised(address: str, base: str = "") -> str:
    """The address without fragment and tracking parameters, empty when it is not one of the web
    that may be asked for."""
    try:
        url = httpx.URL(base).join(address.strip()) if base else httpx.URL(address.strip())
        if url.scheme not in _PORTS or not url.host or url.userinfo or _is_no_port(url.port):
            return ""
        found = str(url.copy_with(fragment=None, query=_kept(url.query), path=url.path or "/"))
    except (httpx.InvalidURL, ValueError, TypeError):
        return ""
    return found if len(found) <= LONGEST else ""


def key_of(address: str) -> str:
    """The same for addresses that lead to the same page: by http or https, with ``www`` or without,
    with a slash at the end or without."""
    url = httpx.URL(address)
    path, _, query = url.raw_path.decode("ascii").partition("?")
    return f"{_bare(url.host)}:{_port(url)}{path.rstrip('/')}?{query}"


def origin_of(address: str) -> str:
    """Scheme, host and port."""
    url = httpx.URL(address)
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


@dataclass(frozen=True)
class Site:
    """The hosts that a crawl may ask."""

    host: str
    port: int
    with_subdomains: bool

    @classmethod
    def of(cls, start: str, *, with_subdomains: bool) -> Self:
        url = httpx.URL(start)
        return cls(_bare(url.host), _port(url), with_subdomains)

    def holds(self, address: str) -> bool:
        """Whether ``address``, in its one spelling, is of this site."""
        url = httpx.URL(address)
        if _port(url) != self.port:
            return False
        if self.with_subdomains:
            return registrable(url.host) == registrable(self.host)
        return _bare(url.host) == self.host


def _is_no_port(port: int | None) -> bool:
    return port is not None and not 0 < port <= LAST_PORT


def _kept(query: bytes) -> bytes | None:
    """The query as it was, unless something is to be taken out of it."""
    pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)]
    if len(kept) == len(pairs):
        return query or None
    return urlencode(kept).encode() or None


def _bare(host: str) -> str:
    return host.rstrip(".").removeprefix("www.")


def _port(url: httpx.URL) -> int:
    """0 stands for the two usual ones, which a site changes between freely."""
    port = url.port or _PORTS[url.scheme]
    return 0 if port in _PORTS.values() else port
