"""What events hold, as JSON. Version 1: members are only ever added; whatever else changes gets the
next version. Nothing here opens anything: no key, no token, nothing that is stored encrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from common.timestamps import rfc3339

if TYPE_CHECKING:
    from conversations.models import Conversation, Handoff, Lead, Message
    from drafts.models import Entity

VERSION = 1


def assistant(row: Entity) -> dict[str, Any]:
    return {"id": str(row.pk), "kind": row.kind, "name": row.name}


def conversation(row: Conversation) -> dict[str, Any]:
    inbox = reverse("conversations:conversation", args=[row.workspace.slug, row.pk])
    return {
        "id": str(row.pk),
        "channel": row.channel,
        "session_id": row.session_id,
        "visitor": row.visitor,
        "variables": row.variables,
        "first_message": row.opening,
        "created_at": rfc3339(row.created_at),
        "url": f"{settings.PUBLIC_URL}{inbox}",
    }


def message(row: Message) -> dict[str, Any]:
    """``status`` says of an answer whether it is whole; why one failed is the workspace's affair,
    and in the inbox."""
    return {
        "id": str(row.pk),
        "role": row.role,
        "content": row.content,
        "status": row.status,
        "citations": [_citation(each) for each in row.citations],
        "created_at": rfc3339(row.created_at),
    }


def lead(row: Lead) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "name": row.name,
        "email": row.email,
        "fields": row.fields,
        "consent": row.consent,
        "created_at": rfc3339(row.created_at),
    }


def handoff(row: Handoff) -> dict[str, Any]:
    return {"id": str(row.pk), "note": row.note, "requested_at": rfc3339(row.since)}


def _citation(found: dict[str, Any]) -> dict[str, Any]:
    return {name: found.get(name) for name in ("number", "title", "url")}
