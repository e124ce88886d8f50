"""What a live connection is known by at its service, in people's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from channels_deploy.channel import Channel
    from channels_deploy.models import Connection

# What is not here has a place of its own on the pages, such as the embed code.
LABELS: Mapping[str, str | _StrPromise] = {
    "bot_username": _("Bot"),
    "application_name": _("Application"),
    "application_id": _("Application ID"),
    "verified_name": _("Business"),
    "phone_number": _("Phone number"),
    "webhook_url": _("Webhook address"),
}


@dataclass(frozen=True)
class Fact:
    """One of them; ``is_address``: long, and opened or copied rather than read."""

    label: str
    value: str
    is_address: bool


def facts_of(channel: Channel, connection: Connection) -> list[Fact]:
    """Those that are known, in the order in which they are shown."""
    told = channel.result(connection)
    return [
        Fact(str(label), str(told[name]), is_address=name.endswith("_url"))
        for name, label in LABELS.items()
        if told.get(name)
    ]
