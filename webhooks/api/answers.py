"""Webhooks and deliveries as the API's JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from common.timestamps import rfc3339
from conversations.api_answers import assistant

if TYPE_CHECKING:
    from datetime import datetime

    from webhooks.models import EventDelivery, Subscription


def webhook(row: Subscription) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "name": row.name,
        "source": row.source,
        "url": row.shown_url,
        "events": row.events,
        "assistant": assistant(row.entity) if row.entity else None,
        "status": row.status,
        "reason": row.reason or None,
        "failing_since": _at(row.failing_since),
        "created_at": rfc3339(row.created_at),
    }


def delivery(row: EventDelivery) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "event_id": row.event_id,
        "event": row.event_type,
        "test": row.is_test,
        "status": row.status,
        "attempts": row.attempts,
        "response_status": row.response_status,
        "response": row.excerpt,
        "error": row.error,
        "duration_ms": row.duration_ms,
        "next_attempt_at": _at(row.next_attempt_at),
        "attempted_at": _at(row.attempted_at),
        "created_at": rfc3339(row.created_at),
    }


def _at(moment: datetime | None) -> str | None:
    return rfc3339(moment) if moment else None
