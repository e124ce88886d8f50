"""This server's public address as strangers see it: https, a public name, a valid certificate, and
this product behind it. The same for every channel, which says by ``Needs`` what its service wants.
"""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from channels_deploy import script
from channels_deploy.finding import ERROR, error, fine, warning
from common.outbound import is_public

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from urllib.parse import SplitResult

    from channels_deploy.finding import Finding

PATIENCE = 5.0
# Let's Encrypt renews a month before; who gets here has forgotten it.
SOON = timedelta(days=14)
HTTPS, HTTP = 443, 80
LOCAL = ("localhost", "127.0.0.1", "::1")
FOUND = 200


@dataclass(frozen=True)
class Needs:
    """``https`` and ``ports`` (None: any) are what the channel's service insists on."""

    https: bool = True
    ports: Sequence[int] | None = None


def findings(needs: Needs) -> Iterator[Finding]:
    """What is to be said of the address. Waits for the network, seconds at most."""
    url = urlsplit(settings.PUBLIC_URL)
    yield from _form(url, needs)
    try:
        addresses = _addresses(url)
    except OSError:
        yield _unknown(url)
        return
    yield from _publicness(url, addresses)
    if url.scheme == "https":
        found = certificate(url.hostname or "", url.port or HTTPS)
        yield found
        if found.level == ERROR:
            return
    yield _behind_it()


def _form(url: SplitResult, needs: Needs) -> Iterator[Finding]:
    checked, port = _("Public address"), url.port or (HTTPS if url.scheme == "https" else HTTP)
    set_it = _("Give this server an https address and set PUBLIC_URL to it.")
    told = {"url": settings.PUBLIC_URL, "port": port}
    if url.scheme == "https" and (needs.ports is None or port in needs.ports):
        yield fine(checked, settings.PUBLIC_URL)
    elif url.scheme == "https":
        ports = ", ".join(map(str, needs.ports or ()))
        remedy = _("Serve it on one of these ports: %(ports)s.") % {"ports": ports}
        yield error(checked, _("The service calls no address with port %(port)d.") % told, remedy)
    elif needs.https:
        yield error(checked, _("%(url)s is no https address: nobody calls it.") % told, set_it)
    else:
        found = _("%(url)s is no https address: pages with https cannot load the widget.")
        yield warning(checked, found % told, set_it)


def _addresses(url: SplitResult) -> list[str]:
    infos = socket.getaddrinfo(url.hostname, url.port or HTTPS, type=socket.SOCK_STREAM)
    return [str(info[4][0]) for info in infos]


def _unknown(url: SplitResult) -> Finding:
    found = _("Nobody knows the name %(host)s.") % {"host": url.hostname}
    remedy = _("Add it to the domain's DNS, or correct PUBLIC_URL.")
    return error(_("Name"), found, remedy)


def _publicness(url: SplitResult, addresses: Sequence[str]) -> Iterator[Finding]:
    checked, host = _("Name"), str(url.hostname)
    if all(map(is_public, addresses)):
        yield fine(checked, _("%(host)s leads to the internet.") % {"host": host})
    elif host in LOCAL or host in addresses:
        found = _(
            "%(host)s is an address of a private network, from which alone it can be reached."
        )
        yield warning(checked, found % {"host": host}, _("Set PUBLIC_URL to a public name."))
    else:
        found = _("Seen from here, %(host)s leads into a private network.") % {"host": host}
        yield warning(checked, found, _("Look whether it leads elsewhere from the internet."))


def certificate(host: str, port: int) -> Finding:
    """What a stranger who connects to ``host`` finds: whether the certificate is valid, for whom,
    and for how long."""
    checked, context = _("Certificate"), httpx.create_ssl_context()
    try:
        with (
            socket.create_connection((host, port), timeout=PATIENCE) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            shown = secure.getpeercert() or {}
    except ssl.SSLCertVerificationError as refused:
        return error(checked, _why(refused, host), _("Renew it, or give the server the right one."))
    except ssl.SSLError:
        found = _("%(host)s speaks no TLS on port %(port)d.") % {"host": host, "port": port}
        return error(checked, found, _("Set up https there, or correct PUBLIC_URL."))
    except OSError:
        return _not_reached(checked)
    return _valid(checked, host, str(shown.get("notAfter", "")))


def _why(refused: ssl.SSLCertVerificationError, host: str) -> str:
    another = _("It is not for %(host)s.") % {"host": host}
    reasons = {
        10: _("It has expired."),
        18: _("It is signed by itself, which services do not accept."),
        19: _("It comes from an authority that services do not know."),
        20: _("It comes from an authority that services do not know, or lacks the one between."),
        62: another,
        64: another,
    }
    return reasons.get(refused.verify_code) or refused.verify_message


def _valid(checked: str, host: str, until: str) -> Finding:
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(until), UTC)
    days = max((ends - timezone.now()).days, 0)
    told = {"host": host, "day": ends.date().isoformat(), "days": days}
    if ends - timezone.now() > SOON:
        return fine(checked, _("Valid for %(host)s until %(day)s.") % told)
    found = ngettext("It ends in %(days)d day.", "It ends in %(days)d days.", days) % told
    return warning(checked, found, _("Renew it: without it no service calls this server."))


def _behind_it() -> Finding:
    """Whether the address leads to this product, by the one file of it that is everybody's."""
    checked, body = _("This server"), script.built().body
    try:
        with httpx.stream(
            "GET",
            script.url(),
            headers={"Accept-Encoding": "identity"},
            timeout=PATIENCE,
            trust_env=False,
            verify=httpx.create_ssl_context(),
        ) as answer:
            status, found = answer.status_code, next(answer.iter_bytes(len(body) + 1), b"")
    except (httpx.HTTPError, OSError):
        return _not_reached(checked)
    if (status, found) == (FOUND, body):
        return fine(checked, _("The address leads here: the widget's script is there."))
    words = _("Something else answers at the address (%(status)d).") % {"status": status}
    return error(checked, words, _("Look at the proxy before this server, and at PUBLIC_URL."))


def _not_reached(checked: str) -> Finding:
    found = _("This server does not reach its own address. Others may, all the same.")
    return warning(checked, found, _("Look whether it opens from another network."))
