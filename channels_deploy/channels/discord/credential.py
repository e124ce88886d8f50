"""Tries a bot token that somebody stores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from channels_deploy.channel import ChannelError
from channels_deploy.channels.discord.api import application
from workspaces.credential_testing import CredentialRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping


def tried(values: Mapping[str, str]) -> str:
    """Whose token it is; raises ``CredentialRefusedError``."""
    try:
        name = application(values).get("name", "")
    except ChannelError as error:
        raise CredentialRefusedError(str(error)) from None
    return _("Discord takes the bot token, for %(application)s.") % {"application": name}
