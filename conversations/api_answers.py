"""Conversations, leads and analytics as the API's JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from common.timestamps import rfc3339

if TYPE_CHECKING:
    from conversations.analytics import Analytics
    from conversations.arrivals import Arrival
    from conversations.breakdown import OfModel
    from conversations.models import Conversation, Lead, Message
    from conversations.news import News
    from drafts.models import Entity
    from inference.prices import Price


def assistant(row: Entity) -> dict[str, Any]:
    return {"id": str(row.pk), "kind": row.kind, "name": row.name}


def conversation(row: Conversation) -> dict[str, Any]:
    lead = getattr(row, "lead", None)
    return {
        "id": str(row.pk),
        "assistant": assistant(row.entity),
        "channel": row.channel,
        "session_id": row.session_id,
        "visitor": row.visitor,
        "variables": row.variables,
        "first_message": row.opening,
        "message_count": row.message_count,
        "lead_id": str(lead.pk) if lead else None,
        "handoff": handoff(row),
        "created_at": rfc3339(row.created_at),
        "last_message_at": rfc3339(row.last_message_at),
    }


def handoff(row: Conversation) -> dict[str, Any] | None:
    """Since when and why a person has the conversation; None when the bot has it."""
    found = row.open_handoff
    if found is None:
        return None
    taken_by = str(found.holder) if found.holder else None
    return {"since": rfc3339(found.since), "note": found.note, "taken_by": taken_by}


def said(session_id: str, found: News) -> dict[str, Any]:
    """What people said, for whoever talks to the bot: not who of them said it."""
    messages = [
        {
            "id": str(each.pk),
            "role": each.role,
            "content": each.content,
            "created_at": rfc3339(each.created_at),
        }
        for each in found.messages
    ]
    return {"session_id": session_id, "handoff": found.is_open, "messages": messages}


def message(row: Message) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "role": row.role,
        "content": row.content,
        "author": str(row.author) if row.author else None,
        "status": row.status,
        "error": row.error,
        "citations": row.citations,
        "sources": row.sources,
        "cards": row.extras.get("cards", []),
        "links": row.extras.get("links", []),
        "version": row.release,
        "model": row.model,
        "usage": {
            "prompt_tokens": row.prompt_tokens,
            "completion_tokens": row.completion_tokens,
            "total_tokens": row.prompt_tokens + row.completion_tokens,
        },
        "latency_ms": row.latency_ms,
        "feedback": row.feedback.value if hasattr(row, "feedback") else None,
        "created_at": rfc3339(row.created_at),
    }


def lead(row: Lead) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "assistant": assistant(row.entity),
        "conversation_id": str(row.conversation_id) if row.conversation_id else None,
        "channel": row.conversation.channel if row.conversation else None,
        "fields": row.fields,
        "variables": row.variables,
        "consent": row.consent,
        "created_at": rfc3339(row.created_at),
    }


def arrival(found: Arrival) -> dict[str, Any]:
    """Messages of which there is no conversation yet."""
    return {
        "assistant": assistant(found.entity),
        "channel": found.channel,
        "session_id": found.session_id,
        "visitor": found.visitor,
        "messages": [{"content": text, "created_at": rfc3339(at)} for at, text in found.messages],
    }


def analytics(found: Analytics) -> dict[str, Any]:
    days = [asdict(day) | {"date": day.date.isoformat()} for day in found.days]
    channels = [asdict(each) for each in found.channels]
    models = [_model(each) for each in found.models]
    return {"totals": found.totals, "days": days, "channels": channels, "models": models}


def _model(found: OfModel) -> dict[str, Any]:
    """Prices and costs as decimal text, in US dollars."""
    return {
        "model": found.model,
        "answers": found.answers,
        "prompt_tokens": found.prompt_tokens,
        "completion_tokens": found.completion_tokens,
        **price(found.price),
        "cost_usd": None if found.cost is None else f"{found.cost:f}",
    }


def price(found: Price | None) -> dict[str, Any]:
    """None where nobody said what the model costs."""
    return {
        "usd_per_million_in": f"{found.read:f}" if found else None,
        "usd_per_million_out": f"{found.written:f}" if found else None,
    }


def unanswered(row: Any) -> dict[str, Any]:
    """A question that was not answered, from ``conversations.unanswered``."""
    return {
        "message_id": str(row.pk),
        "conversation_id": str(row.conversation_id),
        "assistant": assistant(row.conversation.entity),
        "channel": row.conversation.channel,
        "question": row.question or "",
        "answer": row.content,
        "reason": row.unanswered,
        "created_at": rfc3339(row.created_at),
    }
