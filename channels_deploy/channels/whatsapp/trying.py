"""Tries a credential for WhatsApp at Meta."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from channels_deploy.channel import ChannelError
from channels_deploy.channels.whatsapp import api
from workspaces.credential_testing import CredentialRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping


def whatsapp_tried(values: Mapping[str, str]) -> str:
    """Which number it is; raises ``CredentialRefusedError``."""
    try:
        number = api.number(values)
        api.addresses(values)
    except ChannelError as error:
        raise CredentialRefusedError(str(error)) from None
    shown = {
        "number": number.get("display_phone_number") or values.get("phone_number_id", ""),
        "name": number.get("verified_name") or "WhatsApp",
    }
    return _("WhatsApp takes the access token, for %(number)s (%(name)s).") % shown
