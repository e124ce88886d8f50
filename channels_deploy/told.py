"""How far an entity's channels are, as the API tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from channels_deploy import channels
from channels_deploy.health import health_of
from common.timestamps import rfc3339

if TYPE_CHECKING:
    from channels_deploy.models import Connection
    from drafts.models import Entity


def results(entity: Entity) -> dict[str, dict[str, Any]]:
    """How far each channel is, for the deployment answer."""
    rows = entity.connections.select_related("entity__live_release")
    return {row.channel: result(row) for row in channels.in_order(rows)}


def result(row: Connection) -> dict[str, Any]:
    """One channel's part of it. ``check`` is what came of the last look at it as it is now."""
    channel, health = channels.find(row.channel), health_of(row)
    usable = channel.result(row) if channel and row.enabled else {}
    return {
        "status": row.status,
        **usable,
        "error": row.error,
        "attempts": row.attempts,
        "next_attempt_at": rfc3339(row.next_attempt_at) if row.next_attempt_at else None,
        "updated_at": rfc3339(row.updated_at),
        "check": {"at": rfc3339(health.at), "level": health.level} if health else None,
    }
