"""Writes the audit log: who changed what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workspaces.models import AuditEntry

if TYPE_CHECKING:
    from workspaces.actor import Actor


def record(actor: Actor, action: str, target: str = "", **details: Any) -> AuditEntry:
    """Add one entry in the caller's transaction. ``details`` are plain JSON and hold no secret.

    ``action`` is dotted, noun first (``credential.created``); ``target`` names what it was done to.
    """
    return AuditEntry.objects.create(
        workspace_id=actor.workspace_id,
        by=actor.identity[:254],
        user_id=actor.user.pk if actor.user else None,
        api_key_id=actor.api_key.pk if actor.api_key else None,
        action=action,
        target=target[:200],
        details=details,
    )
