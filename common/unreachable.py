"""Why a server could not be asked, in words for whoever builds."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

import httpx
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator


def why_unreachable(error: httpx.HTTPError) -> str:
    """A sentence of what came between; it holds nothing of the request."""
    if not isinstance(error, httpx.ConnectError):
        return _("The connection to the server was lost before it had answered.")
    kinds = tuple(type(each) for each in _causes(error))
    for kind, words in _reasons():
        if any(issubclass(each, kind) for each in kinds):
            return _("The server cannot be reached: %(reason)s") % {"reason": words}
    words = _("nothing answers at this address.")
    return _("The server cannot be reached: %(reason)s") % {"reason": words}


def _reasons() -> tuple[tuple[type[BaseException], str], ...]:
    """By what a connection fails with, the closest first."""
    return (
        (socket.gaierror, _("there is no server of this name. Check the address.")),
        (UnicodeError, _("there is no server of this name. Check the address.")),
        (ssl.SSLCertVerificationError, _("its certificate is not valid for this address.")),
        (ssl.SSLError, _("no secure connection could be made. Does it speak HTTPS?")),
        (ConnectionRefusedError, _("it refused the connection. Check the address and its port.")),
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """What it came of, and what that came of; of several tries each."""
    pending: list[BaseException | None] = [error]
    seen: set[int] = set()
    while pending:
        each = pending.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        pending += [each.__cause__, each.__context__]
        if isinstance(each, BaseExceptionGroup):
            pending += each.exceptions
