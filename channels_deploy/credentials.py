"""The secrets with which a connection proves itself at its channel's service."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from channels_deploy.channel import ChannelError
from workspaces import credentials
from workspaces.credential_testing import masked
from workspaces.credentials import values_of
from workspaces.encryption import UnreadableError, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
    if not chosen or connection.entity is None:
        raise NoCredentialError(_("No credential is chosen. Choose one and deploy."))
    return values_of(connection.entity.workspace_id, chosen)


def note_refusal(
    channel: Described, connection: Connection, values: Mapping[str, str], refusal: str = ""
) -> None:
    """Keep with the connection's credential in what words the service refused its ``values``; empty
    where it took them."""
    if values and connection.entity is not None:
        chosen = str(connection.config.get(channel.credential_field))
        said = masked(refusal, values)
        credentials.note_refusal(connection.entity.workspace_id, chosen, values, said)


def keep(connection: Connection, values: Mapping[str, str]) -> None:
    """Have ``connection`` keep ``values`` beside those that it keeps, encrypted, until it was
    withdrawn with them: somebody may be connecting it with any of them just now. It is not
    saved."""
    if values:
        sealed = seal(values, connection.pk, connection.pk)
        connection.parting = "\n".join([*connection.parting.split(), sealed])


def keep_current(channel: Described, connection: Connection) -> None:
    """The same with the credential's values as they are, where there are any: the connection gets
    another one, or its entity is deleted, maybe with the workspace and all its credentials."""
    with suppress(NoCredentialError):
        keep(connection, values_for(channel, connection))


def kept(connection: Connection) -> Iterator[dict[str, str]]:
    """What ``keep`` has kept, the oldest first, without what cannot be read any more."""
    for sealed in connection.parting.split():
        with suppress(UnreadableError):
            yield unseal(sealed, connection.pk, connection.pk)


def as_uuid(text: object) -> UUID | None:
    """The id that a configuration names a credential by; None for what is none."""
    try:
        return UUID(str(text))
    except ValueError:
        return None
