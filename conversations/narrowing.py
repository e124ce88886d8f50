"""Which conversations have what an inbox asks for: a person, an answer, an opinion, a lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from conversations.models import UNANSWERED as GAP
from conversations.models import Feedback, Handoff, Lead, Message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from conversations.models import Conversation

WAITING, TAKEN = "waiting", "taken"
ANSWERED, UNANSWERED, FAILED = "answered", "unanswered", "failed"
_OWN = Q(conversation=OuterRef("pk"))
_GAPS = Exists(Message.objects.filter(GAP, _OWN))
_CLAUSES: Mapping[tuple[str, str], Any] = {
    ("handoff", WAITING): Exists(Handoff.objects.waiting().filter(_OWN)),
    ("handoff", TAKEN): Exists(Handoff.objects.taken().filter(_OWN)),
    ("answers", ANSWERED): ~_GAPS,
    ("answers", UNANSWERED): _GAPS,
    ("answers", FAILED): Exists(
        Message.objects.filter(GAP, _OWN, unanswered=Message.Unanswered.FAILED)
    ),
    ("lead", "yes"): Exists(Lead.objects.filter(_OWN)),
    ("lead", "no"): ~Exists(Lead.objects.filter(_OWN)),
    **{
        ("feedback", value): Exists(
            Feedback.objects.filter(message__conversation=OuterRef("pk"), value=value)
        )
        for value in Feedback.Value.values
    },
}


def narrowed(found: QuerySet[Conversation], chosen: Mapping[str, Any]) -> QuerySet[Conversation]:
    """Those of ``found`` that fit all choices of the inbox's filter."""
    if chosen.get("channel"):
        found = found.filter(channel=chosen["channel"])
    clauses = [_CLAUSES[choice] for choice in chosen.items() if choice in _CLAUSES]
    return found.filter(*clauses)
