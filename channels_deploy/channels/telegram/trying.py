"""Tries a bot token before it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from channels_deploy.channel import ChannelError
from channels_deploy.channels.telegram.api import certainly
from workspaces.credential_testing import CredentialRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping


def telegram_tried(values: Mapping[str, str]) -> str:
    """Whose token it is; raises ``CredentialRefusedError``."""
    try:
        bot = certainly(values, "getMe")
    except ChannelError as error:
        raise CredentialRefusedError(str(error)) from None
    return _("Telegram takes the bot token, for @%(bot)s.") % {"bot": bot.get("username", "")}
