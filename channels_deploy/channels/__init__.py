"""The channels there are, in the order in which they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from channels_deploy.channel import Channel, Unlisted
from channels_deploy.channels.discord import Discord
from channels_deploy.channels.telegram import Telegram
from channels_deploy.channels.website import Website
from channels_deploy.channels.whatsapp import WhatsApp
from channels_deploy.channels.zapier import Zapier

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from channels_deploy.models import Connection

CHANNELS: tuple[Channel, ...] = (
    Website(),
    Telegram(),
    Discord(),
    WhatsApp(),
    Zapier(),
)

# Where a document of any kind keeps its channels.
PATH = "deployment.channels"


def path_of(name: str, field: str = "") -> str:
    """The path in a document of the channel ``name``, or of one field of its settings."""
    return f"{PATH}.{name}.config.{field}" if field else f"{PATH}.{name}"


def without(document: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    """The document without the channel ``name``; None where it has none such."""
    deployment = document.get("deployment") or {}
    listed = list(deployment.get("channels") or ())
    left = [each for each in listed if each.get("type") != name]
    if len(left) == len(listed):
        return None
    return {**document, "deployment": {**deployment, "channels": left}}


def described(name: str) -> Channel | Unlisted:
    """The channel called ``name``; of one that is not listed, what can be said of any."""
    return find(name) or Unlisted(name)


def find(name: str) -> Channel | None:
    """The channel called ``name``, if it can be connected."""
    return next((channel for channel in CHANNELS if channel.name == name), None)


def in_order(connections: Iterable[Connection]) -> list[Connection]:
    """``connections`` in the order in which channels are shown; those not listed come last."""
    return sorted(connections, key=lambda row: _place(row.channel))


def sorted_names(names: Iterable[str]) -> list[str]:
    """The ``names`` of channels in that order."""
    return sorted(names, key=_place)


def _place(name: str) -> tuple[int, str]:
    names = [channel.name for channel in CHANNELS]
    return names.index(name) if name in names else len(names), name
