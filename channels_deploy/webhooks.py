"""The address at which a channel's service calls us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from channels_deploy.channel import Limit

if TYPE_CHECKING:
    from channels_deploy.models import Connection


def webhook_url(connection: Connection) -> str:
    """Stays the same from release to release: while a service is told another one, it has none.
    For a connection that has its entity yet."""
    place = [connection.channel, connection.entity_id, connection.path]
    return f"{settings.PUBLIC_URL}{reverse('channels_deploy:webhook', args=place)}"


def needs_https(channel: str) -> Limit | None:
    """Why a channel's service cannot call this server, where it cannot."""
    if settings.PUBLIC_URL.startswith("https://"):
        return None
    words = _("%(channel)s calls public https addresses only, and this server's is %(url)s")
    cause = _(
        "services call public https addresses only, and this server's is %(url)s. Set PUBLIC_URL "
        "to one"
    )
    told = {"channel": channel, "url": settings.PUBLIC_URL}
    return Limit(_("Needs an https address"), words % told, cause=cause % told)
