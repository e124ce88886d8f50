"""What bots could not answer: the questions, the newest first, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Left

from conversations.analytics import MOST_DAYS, USUAL_DAYS, Counted
from conversations.models import UNANSWERED, Message

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from conversations.selection import Selection

LONGEST = 500
# What goes into no list, and may be much longer than all that does.
_LARGE = ("trace", "sources", "extras", "conversation__state", "conversation__state_before")


def unanswered(selection: Selection) -> QuerySet[Any, Any]:
    """The answers of the selected bot, channel and days that were none, each with the ``question``
    that came before it, cut to ``LONGEST`` characters."""
    counted = Counted(selection, *selection.days(MOST_DAYS, USUAL_DAYS))
    asked = Message.objects.filter(
        conversation=OuterRef("conversation"),
        role=Message.Role.USER,
        created_at__lt=OuterRef("created_at"),
    )
    question = asked.order_by("-created_at").annotate(words=Left("content", LONGEST))
    return (
        counted.messages()
        .filter(UNANSWERED)
        .select_related("conversation__entity")
        .defer(*_LARGE)
        .annotate(question=Subquery(question.values("words")[:1]))
    )
