"""An event of each type as an example: for a first look, and for trying a receiver."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from common.timestamps import rfc3339
from webhooks.events import envelope, event_id

_AT = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
_WHEN = rfc3339(_AT)
_ID = UUID("00000000-0000-4000-8000-000000000000")
_ASSISTANT = {"id": str(_ID), "kind": "chatbot", "name": "Sample bot"}
_OWN: dict[str, dict[str, Any]] = {
    "conversation.created": {},
    "message.created": {
        "message": {
            "id": str(_ID),
            "role": "user",
            "content": "Where is my parcel?",
            "status": "whole",
            "citations": [],
            "created_at": _WHEN,
        }
    },
    "lead.created": {
        "lead": {
            "id": str(_ID),
            "name": "Ana Sample",
            "email": "ana@example.com",
            "fields": {"name": "Ana Sample", "email": "ana@example.com"},
            "consent": "",
            "created_at": _WHEN,
        }
    },
    "handoff.requested": {
        "handoff": {"id": str(_ID), "note": "Wants a refund.", "requested_at": _WHEN}
    },
}


def sample(name: str) -> dict[str, Any]:
    """The same each time."""
    return envelope(event_id(name, _ID), name, _AT, _data(name))


def test_event(name: str) -> dict[str, Any]:
    """A new one, which says that it is a test."""
    identity = f"evt_test_{secrets.token_hex(12)}"
    return {**envelope(identity, name, timezone.now(), _data(name)), "test": True}


def _data(name: str) -> dict[str, Any]:
    return {"assistant": _ASSISTANT, "conversation": _conversation(), **_OWN[name]}


def _conversation() -> dict[str, Any]:
    return {
        "id": str(_ID),
        "channel": "website",
        "session_id": "sample-session",
        "visitor": {"name": "Ana Sample"},
        "variables": {},
        "first_message": "Where is my parcel?",
        "created_at": _WHEN,
        "url": f"{settings.PUBLIC_URL}/",
    }
