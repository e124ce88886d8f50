"""The only door for websites: which page may talk to which assistant.

``Origin`` is set by browsers and proves nothing of other programs: it keeps one site's widget off
other sites, while limits guard what it costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from channels_deploy import tokens
from channels_deploy.models import Connection
from common.domains import LOOPBACK, admits
from common.problems import forbidden, not_found, unauthenticated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from drafts.models import Entity

WEBSITE = "website"


@dataclass
class Visit:
    """One call from a page. ``admitted`` once its origin was found to be allowed."""

    request: HttpRequest
    public_key: str
    admitted: bool = False

    @property
    def origin(self) -> str:
        return str(self.request.headers.get("Origin", ""))

    def enter(self) -> Connection:
        """The connection that the page may talk to; raises ``Problem`` 403 or 404. Synchronous.

        Looked up anew each time, so a change is in force with the next message.
        """
        connection = website_by(public_key=self.public_key)
        _check(self.origin, connection.config.get("allowed_domains") or ())
        self.admitted = True
        return connection

    def held(self) -> tokens.Pass:
        """The visitor's pass; raises ``Problem`` 401."""
        carrier, _space, token = self.request.headers.get("Authorization", "").partition(" ")
        found = None
        if carrier.lower() == "bearer":
            found = tokens.read(token.strip(), self.public_key, self.origin)
        if found is None:
            raise unauthenticated(_("This session has ended. Open a new one."))
        return found


def website_by(**which: str) -> Connection:
    """The live website connection; raises ``Problem`` 404."""
    rows = Connection.objects.select_related("entity")
    live = rows.filter(channel=WEBSITE, enabled=True, status=Connection.Status.SUCCESS)
    connection = live.filter(entity__isnull=False, **which).first()
    if connection is None:
        raise not_found(_("There is no such chat."))
    return connection


def entity_of(connection: Connection) -> Entity:
    """The entity of a connection that came through the door."""
    assert connection.entity is not None
    return connection.entity


def _check(origin: str, domains: Sequence[str]) -> None:
    if not origin:
        raise forbidden(_("A browser must say which page asks (the Origin header)."))
    if is_own(origin):
        return
    if not domains:
        raise forbidden(_("The widget is disabled: no domain is allowed to show it. ") + _how())
    if not admits(domains, origin):
        raise forbidden(_why(origin, domains))


def _why(origin: str, domains: Sequence[str]) -> str:
    """What is wrong with ``origin`` and what its owner can do."""
    scheme, _colon, place = origin.partition("://")
    if not place:
        return _("A page without a domain, such as a file, cannot show the chat.")
    if scheme == "http" and admits(domains, f"https://{place}"):
        return _("%(place)s may show the chat over https only.") % {"place": place}
    return _("%(place)s may not show the chat. ") % {"place": place} + _how()


def _how() -> str:
    return _("In the builder, add it to the Website widget's allowed domains and deploy.")


def is_own(origin: str) -> bool:
    """Whether ``origin`` is the product's own, where the hosted page stands."""
    try:
        asked, own = _place(origin), _place(settings.PUBLIC_URL)
    except ValueError:
        return False
    if asked[1] in LOOPBACK and own[1] in LOOPBACK:
        return (asked[0], asked[2]) == (own[0], own[2])
    return asked == own


def _place(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname or "", port
