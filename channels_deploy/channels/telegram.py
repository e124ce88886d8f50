"""Telegram: what a draft says of it. It cannot be connected yet."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from channels_deploy.channel import Planned
from common.schema import Schema


class TelegramSettings(Schema):
    """``bot_token`` is a credential's id, never the token; ``webhook_url`` is set on deploy."""

    bot_token: str | None = None
    webhook_url: str | None = None


class Telegram(Planned):
    name = "telegram"
    label = _("Telegram bot")
    short = "Telegram"
    icon = "send"
    settings = TelegramSettings
    credential_field = "bot_token"
