"""The secrets with which a connection proves itself at its channel's service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from channels_deploy.channel import ChannelError
from workspaces.credentials import values_of
from workspaces.encryption import UnreadableError, seal, unseal

if TYPE_CHECKING:
    from channels_deploy.channel import Described
    from channels_deploy.models import Connection


def values_for(channel: Described, connection: Connection) -> dict[str, str]:
    """The values of the connection's credential in the clear, for the moment of use; none where
    the channel needs no credential. Raises ``ChannelError``."""
    field = channel.credential_field
    if not field:
        return {}
    try:
        return _values(connection, str(connection.config.get(field) or ""))
    except UnreadableError as error:
        raise ChannelError(f"{error} " + _("Replace its values."), permanent=True) from None
    except (LookupError, ValueError):
        gone = _("The credential is gone. Choose another one and deploy.")
        raise ChannelError(gone, permanent=True) from None


def _values(connection: Connection, chosen: str) -> dict[str, str]:
    if connection.entity is None:
        return unseal(connection.parting, connection.pk, connection.pk)
    if not chosen:
        raise ChannelError(_("No credential is chosen. Choose one and deploy."), permanent=True)
    return values_of(connection.entity.workspace_id, chosen)


def parting(channel: Described, connection: Connection) -> str:
    """The credential as a connection keeps it whose entity is being deleted, maybe with the
    workspace and all its credentials, until it is withdrawn: encrypted. Empty without any."""
    try:
        values = values_for(channel, connection)
    except ChannelError:
        return ""
    return seal(values, connection.pk, connection.pk) if values else ""
