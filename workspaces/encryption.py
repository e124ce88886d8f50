"""Encrypts what lies at rest; a credential's values open only for the row they were sealed for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID


class UnreadableError(LookupError):
    """The text was sealed for another row, or under a key that the server no longer has."""


def seal_text(text: str) -> str:
    """``text`` encrypted under the newest key."""
    return _fernet().encrypt(text.encode()).decode()


def open_text(sealed: str) -> str:
    """The text again; raises ``UnreadableError``."""
    try:
        return _fernet().decrypt(sealed).decode()
    except InvalidToken:
        raise UnreadableError("The server's encryption keys do not open this value.") from None


def seal(values: Mapping[str, str], workspace_id: UUID, credential_id: UUID) -> str:
    """``values`` encrypted under the newest key and bound to the workspace and the credential."""
    bound = {"workspace": str(workspace_id), "id": str(credential_id), "values": dict(values)}
    return seal_text(json.dumps(bound))


def unseal(sealed: str, workspace_id: UUID, credential_id: UUID) -> dict[str, str]:
    """The values again; raises ``UnreadableError``."""
    bound = json.loads(open_text(sealed))
    if (bound["workspace"], bound["id"]) != (str(workspace_id), str(credential_id)):
        raise UnreadableError("This value belongs to another credential.")
    values: dict[str, str] = bound["values"]
    return values


def reseal(sealed: str) -> str:
    """The same under the newest key; raises ``UnreadableError``."""
    try:
        return _fernet().rotate(sealed).decode()
    except InvalidToken:
        raise UnreadableError("The server's encryption keys do not open this value.") from None


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.CREDENTIALS_KEYS])
