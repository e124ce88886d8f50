"""Where events may be sent: an address as it is given, and what may be shown of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from common import outbound
from webhooks.models import LONGEST_URL

if TYPE_CHECKING:
    from collections.abc import Sequence

_PORTS = {"http": 80, "https": 443}
# Of an address, so much of its end is shown, where there is more.
SHOWN = 4


class AddressError(ValueError):
    """Nothing may be sent there; the message tells the person why."""


def check(address: str, *, hosts: Sequence[str] = ()) -> None:
    """Raise ``AddressError`` unless events may be sent to ``address``; ``hosts`` are the only ones,
    if there are any. Looks the name up. Not inside a transaction."""
    url = _parsed(address)
    port = url.port or _PORTS[url.scheme]
    if hosts and not {url.host, f"{url.host}:{port}"} & set(hosts):
        raise AddressError(_("Only addresses of %(host)s can be used here.") % {"host": hosts[0]})
    if url.scheme != "https" and not outbound.is_allowed(url.host, port):
        raise AddressError(_("Use an address that begins with https://."))
    if refusal := outbound.refusal(url.host, port):
        raise AddressError(refusal)


def _parsed(address: str) -> httpx.URL:
    if len(address) > LONGEST_URL:
        words = _("The address has more than %(count)d characters.")
        raise AddressError(words % {"count": LONGEST_URL})
    if not address.isprintable() or " " in address or "\\" in address:
        raise AddressError(_("The address holds characters that no address has."))
    try:
        url = httpx.URL(address)
        outbound.check_url(url)
    except httpx.InvalidURL:
        raise AddressError(_("This is not an address of the web.")) from None
    except outbound.BlockedError as error:
        raise AddressError(str(error)) from None
    if url.fragment:
        raise AddressError(_("Leave out what comes after #: it is never sent."))
    return url


def zapier_hosts() -> list[str]:
    """Where Zapier listens, and what the server's owner adds to it."""
    return ["hooks.zapier.com", *settings.ZAPIER_HOSTS]


def shown(address: str) -> str:
    """What may be shown of an address: whoever knows the rest can send to it."""
    url = httpx.URL(address)
    origin, rest = str(url.copy_with(raw_path=b"/")).rstrip("/"), url.raw_path.decode()
    if rest == "/":
        return f"{origin}/"
    return f"{origin}/…{rest[-SHOWN:]}" if len(rest) > 2 * SHOWN else f"{origin}/…"


def fingerprint(event: str, address: str) -> str:
    """What an event and an address are known by. Nobody without the server's key can tell whether
    it was made of an address that they guess."""
    known = f"{event}\n{address}"
    return salted_hmac("webhooks.fingerprint", known, algorithm="sha256").hexdigest()
