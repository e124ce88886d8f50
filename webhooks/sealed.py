"""The address and the secret of a subscription: in and out of what is stored only here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webhooks import addresses
from workspaces.encryption import seal, unseal

if TYPE_CHECKING:
    from webhooks.models import Subscription


def fill(row: Subscription, url: str, secret: str) -> None:
    """Put both into ``row``, which has its id already."""
    row.encrypted = seal({"url": url, "secret": secret}, row.workspace_id, row.pk)
    row.shown_url = addresses.shown(url)[:300]


def values_of(row: Subscription) -> dict[str, str]:
    """``url`` and ``secret`` in the clear, for the moment of use; never keep, log or show them.
    Raises ``LookupError`` when they cannot be read."""
    return unseal(row.encrypted, row.workspace_id, row.pk)
