"""What was said last in each conversation of a list, as one line of words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Left

from conversations.delivery import receipts
from conversations.excerpts import excerpt
from conversations.models import Conversation, Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

LONGEST = 300
# The tone of a receipt for what did not arrive.
FAILED = "red"


@dataclass(frozen=True)
class Latest:
    """``words`` are empty where nothing was said, such as where an answer failed; ``author_id`` and
    ``author`` are the member's who wrote it, if one did; ``lost`` says that it did not reach the
    visitor, or not all of it."""

    role: str
    words: str
    status: str
    author_id: UUID | None = None
    author: str = ""
    lost: str = ""


def with_latest(rows: Sequence[Conversation]) -> Sequence[Conversation]:
    """The same rows, each with its ``latest``."""
    messages = _latest_of([row.pk for row in rows])
    lost = _undelivered(rows, messages)
    for row in rows:
        said = messages.get(row.pk)
        row.latest = _as_latest(said, lost.get(said.pk, "")) if said else None
    return rows


def _latest_of(ids: Sequence[UUID]) -> dict[UUID, Message]:
    said = Message.objects.filter(conversation=OuterRef("pk"))
    said = said.exclude(status=Message.Status.REPLACED).order_by("-created_at")
    newest = Conversation.objects.filter(pk__in=ids).values(last=Subquery(said.values("pk")[:1]))
    messages = Message.objects.filter(pk__in=newest).select_related("author")
    beginnings = messages.defer("content", "trace", "extras", "citations")
    return {
        each.conversation_id: each
        for each in beginnings.annotate(beginning=Left("content", LONGEST))
    }


def _undelivered(rows: Sequence[Conversation], messages: Mapping[UUID, Message]) -> dict[UUID, str]:
    """Of the messages that did not reach their visitors, how that is said; asked once a channel."""
    sent: defaultdict[str, list[UUID]] = defaultdict(list)
    for row in rows:
        said = messages.get(row.pk)
        if said and said.role != Message.Role.USER and row.channel in receipts:
            sent[row.channel].append(said.pk)
    told = chain.from_iterable(receipts.get(name)(ids).items() for name, ids in sent.items())
    return {pk: receipt.words for pk, receipt in told if receipt.tone == FAILED}


def _as_latest(said: Any, lost: str) -> Latest:
    return Latest(
        said.role,
        _words(said.role, said.beginning),
        said.status,
        said.author_id,
        str(said.author) if said.author else "",
        lost,
    )


def _words(role: str, text: str) -> str:
    """A visitor writes no Markdown. Of a picture alone nothing can be read."""
    if role == Message.Role.USER:
        return " ".join(text.split())
    return excerpt(text) or ("…" if text.strip() else "")
