"""Keys that were let in a moment ago: every request of the API comes with one.

``actor_for_key`` decides; here its decision is kept for a minute together with everything that it
rests on, and holds while one short statement finds that nothing of that has changed. So a revoked
key is refused at its very next request.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from common.memory import Memory
from workspaces.key_access import actor_for_key

if TYPE_CHECKING:
    from workspaces.actor import Actor
    from workspaces.models import ApiKey

KEPT_FOR = 60.0
_STATE = """
SELECT key.revoked_at, key.expires_at, key.scope, key.subject_id, key.digest,
       person.is_active, membership.role
FROM workspaces_apikey AS key
LEFT JOIN workspaces_user AS person ON person.id = key.created_by_id
LEFT JOIN workspaces_membership AS membership
    ON membership.user_id = key.created_by_id AND membership.workspace_id = key.workspace_id
WHERE key.id = %s
"""


@dataclass(frozen=True)
class Kept:
    """A decision and what it rests on. ``until``, it need not be made anew if nothing changed."""

    actor: Actor
    state: tuple[Any, ...] | None
    until: float

    def holds(self) -> bool:
        key = self.actor.api_key
        assert key
        if monotonic() > self.until or (key.expires_at and key.expires_at <= timezone.now()):
            return False
        return self.state is not None and _state(key) == self.state


_kept: Memory[bytes, Kept] = Memory(1000)


def remembered_actor(raw: str) -> Actor:
    """As ``actor_for_key``, which it asks whenever anything about the key has changed."""
    name = hashlib.sha256(raw.encode()).digest()
    kept = _kept.get(name)
    if kept is None or not kept.holds():
        kept = _kept.keep(name, _decided(raw))
    return kept.actor


def _decided(raw: str) -> Kept:
    """The decision is made after its grounds are read: what changes in between changes the grounds
    and is found the next time."""
    key = actor_for_key(raw).api_key
    assert key
    state = _state(key)
    return Kept(actor_for_key(raw), state, monotonic() + KEPT_FOR)


def _state(key: ApiKey) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(_STATE, [key.pk])
        found: tuple[Any, ...] | None = cursor.fetchone()
        return found
