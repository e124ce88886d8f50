"""Messages as pages show them: Markdown made safe, citations numbered, failures told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from conversations.markdown import rendered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.safestring import SafeString

    from conversations.models import Message


@dataclass(frozen=True)
class Line:
    """One message, ready to be read. ``facts`` are what its author may want to know of it."""

    role: str
    html: SafeString
    at: datetime | None = None
    status: str = "whole"
    error: str = ""
    feedback: str | None = None
    citations: list[Mapping[str, Any]] = field(default_factory=list)
    release: int | None = None
    model: str = ""
    tokens: int = 0
    latency_ms: int = 0


def of_preview(message: Mapping[str, Any]) -> Line:
    """A message of a preview session."""
    return Line(
        message["role"],
        rendered(message["content"]),
        at=datetime.fromtimestamp(message["at"], UTC),
        status=message["status"],
        feedback=message.get("feedback"),
        citations=message["citations"],
    )


def of_message(message: Message) -> Line:
    """A recorded message."""
    return Line(
        message.role,
        rendered(message.content),
        at=message.created_at,
        status=message.status,
        error=message.error,
        feedback=message.feedback.value if hasattr(message, "feedback") else None,
        citations=message.citations,
        release=message.release,
        model=message.model,
        tokens=message.prompt_tokens + message.completion_tokens,
        latency_ms=message.latency_ms,
    )
