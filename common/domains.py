"""Which web origins a domain list admits.

``example.com`` is that host alone; ``*.example.com`` is its sub-domains at any depth and not the
apex. Hosts compare in lower-case IDNA form without a trailing dot. A port counts only when the
entry names one. An empty list admits nobody.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import idna
from publicsuffixlist import PublicSuffixList

from common.numbers import whole_number

if TYPE_CHECKING:
    from collections.abc import Iterable

_suffixes = PublicSuffixList()
_LABEL = re.compile(r"^(?!-)[a-z0-9-]{1,63}(?<!-)$")
LAST_PORT = 65535
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class DomainError(ValueError):
    """The text is not a domain that a list may hold; the message says why."""


def normalise(entry: str) -> str:
    """``entry`` in the form that is stored and compared; raises ``DomainError``."""
    text = entry.strip()
    if "://" in text:
        text = urlsplit(text).netloc
    if not text or any(c in text for c in "/\\@?#") or any(c.isspace() for c in text):
        raise DomainError("Enter a domain such as example.com or *.example.com.")
    wildcard, rest = text.startswith("*."), text.removeprefix("*.")
    host, port = _split_port(rest)
    host = _ascii(host)
    if wildcard and (host in LOOPBACK or _suffixes.is_public(host)):
        raise DomainError(f"*.{host} would admit other people's sites.")
    return f"{'*.' if wildcard else ''}{host}{f':{port}' if port else ''}"


def admits(entries: Iterable[str], origin: str) -> bool:
    """Whether a browser's ``Origin`` header is allowed by the (normalised) ``entries``."""
    parts = _origin_parts(origin)
    if parts is None:
        return False
    return any(_matches(entry, *parts) for entry in entries)


def _origin_parts(origin: str) -> tuple[str, int | None] | None:
    try:
        url = urlsplit(origin)
        port = url.port
        host = _ascii(url.hostname or "")
    except (ValueError, DomainError):
        return None
    if url.username or url.password or url.path or url.query or url.fragment:
        return None
    if url.scheme == "https" or (url.scheme == "http" and host in LOOPBACK):
        return host, port or (443 if url.scheme == "https" else 80)
    return None


def _matches(entry: str, host: str, port: int | None) -> bool:
    wildcard, rest = entry.startswith("*."), entry.removeprefix("*.")
    try:
        wanted, wanted_port = _split_port(rest)
    except DomainError:
        return False
    if wanted_port is not None and wanted_port != port:
        return False
    return host.endswith("." + wanted) if wildcard else host == wanted


def _split_port(text: str) -> tuple[str, int | None]:
    if text == "[::1]" or text.startswith("[::1]:"):
        host, _, port = "::1", "", text.removeprefix("[::1]").removeprefix(":")
    else:
        host, _, port = text.partition(":")
    if not port:
        return host, None
    number = whole_number(port)
    if not number or number > LAST_PORT:
        raise DomainError(f"{port} is not a port.")
    return host, number


def _ascii(host: str) -> str:
    host = host.rstrip(".").lower()
    if host in LOOPBACK:
        return host
    try:
        host = idna.encode(host, uts46=True).decode()
    except idna.IDNAError as error:
        raise DomainError(f"{host or 'That'} is not a domain.") from error
    labels = host.split(".")
    if len(labels) < 2 or not all(_LABEL.match(label) for label in labels):  # noqa: PLR2004
        raise DomainError(f"{host} is not a domain.")
    return host


def registrable(host: str) -> str:
    """The part of ``host`` that somebody registered, below which all belongs to the same people:
    ``example.co.uk`` of ``docs.example.co.uk``. An IP address and a name without dots are
    themselves."""
    name = host.rstrip(".").lower()
    if ":" in name or name.replace(".", "").isdigit():
        return name
    return _suffixes.privatesuffix(name) or name
