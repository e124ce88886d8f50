"""What was said last in each conversation of a list, as one line of words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Left

from conversations.excerpts import excerpt
from conversations.models import Conversation, Message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

LONGEST = 300


@dataclass(frozen=True)
class Latest:
    """``words`` are empty where nothing was said, such as where an answer failed; ``author_id`` and
    ``author`` are the member's who wrote it, if one did."""

    role: str
    words: str
    status: str
    author_id: UUID | None = None
    author: str = ""


def with_latest(rows: Sequence[Conversation]) -> Sequence[Conversation]:
    """The same rows, each with its ``latest``."""
    found = _latest_of([row.pk for row in rows])
    for row in rows:
        row.latest = found.get(row.pk)
    return rows


def _latest_of(ids: Sequence[UUID]) -> dict[UUID, Latest]:
    said = Message.objects.filter(conversation=OuterRef("pk"))
    said = said.exclude(status=Message.Status.REPLACED).order_by("-created_at")
    newest = Conversation.objects.filter(pk__in=ids).values(last=Subquery(said.values("pk")[:1]))
    messages = Message.objects.filter(pk__in=newest).select_related("author")
    beginnings = messages.defer("content", "trace", "extras", "citations")
    return {
        each.conversation_id: Latest(
            each.role,
            _words(each.role, each.beginning),
            each.status,
            each.author_id,
            str(each.author) if each.author else "",
        )
        for each in beginnings.annotate(beginning=Left("content", LONGEST))
    }


def _words(role: str, text: str) -> str:
    """A visitor writes no Markdown. Of a picture alone nothing can be read."""
    if role == Message.Role.USER:
        return " ".join(text.split())
    return excerpt(text) or ("…" if text.strip() else "")
