"""Discord: what a draft says of it. It cannot be connected yet."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from channels_deploy.channel import Planned
from common.schema import Schema


class DiscordSettings(Schema):
    """``bot_token`` is a credential's id, never the token; ``webhook_url`` is set on deploy."""

    bot_token: str | None = None
    webhook_url: str | None = None


class Discord(Planned):
    name = "discord"
    label = _("Discord bot")
    short = "Discord"
    icon = "message-circle"
    settings = DiscordSettings
    credential_field = "bot_token"
