"""The secrets with which a connection proves itself at its channel's service."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from channels_deploy.channel import ChannelError
from workspaces.credentials import values_of
from workspaces.encryption import UnreadableError, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from channels_deploy.channel import Described
    from channels_deploy.models import Connection


class NoCredentialError(ChannelError):
    """There is none, or it cannot be read: trying again does not help."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True)


def values_for(channel: Described, connection: Connection) -> dict[str, str]:
    """The values of the connection's credential in the clear, for the moment of use; none where
    the channel needs no credential. Raises ``NoCredentialError``."""
    field = channel.credential_field
    if not field:
        return {}
    try:
        return _values(connection, str(connection.config.get(field) or ""))
    except UnreadableError as error:
        raise NoCredentialError(f"{error} " + _("Replace its values.")) from None
    except (LookupError, ValueError):
        raise NoCredentialError(
            _("The credential is gone. Choose another one and deploy.")
        ) from None


def _values(connection: Connection, chosen: str) -> dict[str, str]:
    if connection.entity is None:
        return parting_values(connection)
    if not chosen:
        raise NoCredentialError(_("No credential is chosen. Choose one and deploy."))
    return values_of(connection.entity.workspace_id, chosen)


def parting_values(connection: Connection) -> dict[str, str]:
    """What ``parting`` has kept. Raises ``NoCredentialError``."""
    try:
        return unseal(connection.parting, connection.pk, connection.pk)
    except UnreadableError as error:
        raise NoCredentialError(str(error)) from None


def parting(channel: Described, connection: Connection) -> str:
    """The credential as a connection keeps it that is about to lose it, because its entity is
    deleted (maybe with the workspace and all its credentials) or because it gets another one, until
    it is withdrawn: encrypted. Empty without any."""
    try:
        values = values_for(channel, connection)
    except NoCredentialError:
        return ""
    return sealed(connection, values)


def sealed(connection: Connection, values: Mapping[str, str]) -> str:
    """``values`` as ``parting`` keeps them."""
    return seal(values, connection.pk, connection.pk) if values else ""


def as_uuid(text: object) -> UUID | None:
    """The id that a configuration names a credential by; None for what is none."""
    try:
        return UUID(str(text))
    except ValueError:
        return None
