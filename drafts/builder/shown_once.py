"""Hands a fresh secret to the next page that its owner sees, and then forgets it.

It waits encrypted in the cache for some minutes, never in the session or the database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.cache import cache

from workspaces.encryption import UnreadableError, open_text, seal_text

if TYPE_CHECKING:
    from uuid import UUID

    from workspaces.access import Actor

SECONDS = 600


def keep(actor: Actor, entity_id: UUID | str, secret: str) -> None:
    """Keep ``secret`` until ``take`` or the time is over."""
    cache.set(_key(actor, entity_id), seal_text(secret), SECONDS)


def take(actor: Actor, entity_id: UUID | str) -> str | None:
    """The secret that was kept for ``actor``, once."""
    key = _key(actor, entity_id)
    kept = cache.get(key)
    if not isinstance(kept, str) or not cache.delete(key):
        return None
    try:
        return open_text(kept)
    except UnreadableError:
        return None


def _key(actor: Actor, entity_id: UUID | str) -> str:
    return f"shown-once:{actor.user.pk if actor.user else ''}:{entity_id}"
