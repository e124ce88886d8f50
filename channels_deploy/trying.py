"""Tries what somebody stores as a credential at the service of its channel."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from channels_deploy.channel import ChannelError
from channels_deploy.messenger import Messenger, UnclearError
from workspaces.credential_testing import CredentialRefusedError, credential_testers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from channels_deploy.channel import Described


def register(channels: Iterable[Described]) -> None:
    """Have credentials of these channels' kinds, which have their names, tried by them."""
    for channel in channels:
        if isinstance(channel, Messenger):
            credential_testers.register(channel.name, partial(_tried, channel))


def _tried(channel: Messenger, values: Mapping[str, str]) -> str:
    try:
        return channel.recognise(values)
    except UnclearError:
        words = _("%(channel)s did not answer. Try again in a moment.")
        raise CredentialRefusedError(words % {"channel": channel.short}) from None
    except ChannelError as error:
        raise CredentialRefusedError(str(error), certain=error.permanent) from None
