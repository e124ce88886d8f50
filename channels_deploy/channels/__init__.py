"""The channels there are, in the order in which they are shown, and those that are planned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from channels_deploy.channels.website import Website

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from channels_deploy.channel import Channel

CHANNELS: tuple[Channel, ...] = (Website(),)


@dataclass(frozen=True)
class Planned:
    """A channel that a draft can already describe and this version cannot connect."""

    name: str
    label: str | _StrPromise
    sentence: str | _StrPromise


PLANNED = (
    Planned(
        "telegram",
        _("Telegram bot"),
        _("Telegram cannot be connected yet. Deploying skips it and keeps its settings."),
    ),
    Planned(
        "discord",
        _("Discord bot"),
        _("Discord cannot be connected yet. Deploying skips it and keeps its settings."),
    ),
    Planned(
        "whatsapp",
        _("WhatsApp Business"),
        _("WhatsApp cannot be connected yet. Deploying skips it and keeps its settings."),
    ),
    Planned(
        "zapier",
        _("Zapier webhook"),
        _("Zapier cannot be connected yet. Deploying skips it and keeps its settings."),
    ),
)


def find(name: str) -> Channel | None:
    """The channel called ``name``, if it can be connected."""
    return next((channel for channel in CHANNELS if channel.name == name), None)


def planned(name: str) -> Planned | None:
    """The planned channel called ``name``."""
    return next((channel for channel in PLANNED if channel.name == name), None)
