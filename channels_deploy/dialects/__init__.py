"""How an answer is written for each channel: what every one is sent, and what it cannot show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from channels_deploy.dialects.discord import Discord
from channels_deploy.dialects.losses import losses
from channels_deploy.dialects.part import Button, Part
from channels_deploy.dialects.plain import Plain
from channels_deploy.dialects.telegram import Telegram
from channels_deploy.dialects.whatsapp import WhatsApp

if TYPE_CHECKING:
    from channels_deploy.dialects.dialect import Dialect

__all__ = ("DIALECTS", "Button", "Part", "dialect_of", "losses")

# By the names of their channels.
DIALECTS: dict[str, Dialect] = {
    "telegram": Telegram(),
    "discord": Discord(),
    "whatsapp": WhatsApp(),
    "zapier": Plain("Zapier"),
}


def dialect_of(channel: str) -> Dialect:
    """The dialect of ``channel``; of one that has none of its own, text and nothing else."""
    return DIALECTS.get(channel) or Plain(channel)
