"""How much was talked, how well, and what it took: by day, counted in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Aggregate, Count, FloatField, Q, Sum
from django.db.models.functions import TruncDate

from conversations.models import Conversation, Feedback, Lead, Message
from conversations.selection import midnight

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from conversations.selection import Selection

MOST_DAYS = 366
USUAL_DAYS = 30
_ANSWERED = Q(role=Message.Role.ASSISTANT)


class Percentile(Aggregate):
    """``percentile_cont``: the value below which that share of the rows lies."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True)
class Day:
    """One day's counts. ``answers`` are those that were given, ``failed`` those that were not;
    one that was stopped before its first word is neither."""

    date: date
    conversations: int = 0
    messages: int = 0
    answers: int = 0
    failed: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    helpful: int = 0
    not_helpful: int = 0
    leads: int = 0

    @property
    def is_busy(self) -> bool:
        """Whether anything happened on it."""
        return self != Day(self.date)


@dataclass(frozen=True)
class Analytics:
    """``latency`` is in milliseconds, None while nothing was answered."""

    days: list[Day]
    latency_p50: float | None
    latency_p95: float | None

    def total(self, name: str) -> int:
        return sum(getattr(day, name) for day in self.days)

    @property
    def totals(self) -> dict[str, Any]:
        names = [name for name in Day.__dataclass_fields__ if name != "date"]
        return {name: self.total(name) for name in names} | {
            "latency_p50_ms": self.latency_p50,
            "latency_p95_ms": self.latency_p95,
        }


def analytics(selection: Selection) -> Analytics:
    """The counts of the selected assistant, channel and days; days without any are there too."""
    first, last = selection.days(MOST_DAYS, USUAL_DAYS)
    counted = _Counted(selection, first, last)
    said = counted.messages()
    latencies = said.filter(_ANSWERED, status=Message.Status.WHOLE).aggregate(
        p50=Percentile("latency_ms", share=0.5), p95=Percentile("latency_ms", share=0.95)
    )
    by_day = counted.by_day(said)
    dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    days = [Day(date=each, **by_day.get(each, {})) for each in dates]
    return Analytics(days, latencies["p50"], latencies["p95"])


class _Counted:
    """Rows of the selection between two days."""

    def __init__(self, selection: Selection, first: date, last: date) -> None:
        self.chosen = selection.cleaned_data if selection.is_valid() else {}
        self.workspace_id = selection.actor.workspace_id
        self.bounds = midnight(first), midnight(last + timedelta(days=1))

    def messages(self) -> QuerySet[Message]:
        return Message.objects.filter(self._within("created_at"), self._whose("conversation__"))

    def by_day(self, said: QuerySet[Message]) -> dict[date, dict[str, int]]:
        days: dict[date, dict[str, int]] = {}
        for rows in (self._said(said), self._begun(), self._thought(), self._known()):
            for row in rows:
                days.setdefault(row.pop("day"), {}).update({k: v or 0 for k, v in row.items()})
        return days

    def _said(self, said: QuerySet[Message]) -> Any:
        failed = Q(status=Message.Status.FAILED)
        return _daily(said, "created_at").annotate(
            messages=Count("pk", filter=Q(role=Message.Role.USER)),
            answers=Count("pk", filter=_ANSWERED & ~failed & ~Q(content="")),
            failed=Count("pk", filter=_ANSWERED & failed),
            prompt_tokens=Sum("prompt_tokens"),
            completion_tokens=Sum("completion_tokens"),
        )

    def _begun(self) -> Any:
        begun = Conversation.objects.filter(
            self._within("created_at"), self._whose(""), message_count__gt=0
        )
        return _daily(begun, "created_at").annotate(conversations=Count("pk"))

    def _thought(self) -> Any:
        thought = Feedback.objects.filter(
            self._within("created_at"), self._whose("message__conversation__")
        )
        return _daily(thought, "created_at").annotate(
            helpful=Count("pk", filter=Q(value="up")),
            not_helpful=Count("pk", filter=Q(value="down")),
        )

    def _known(self) -> Any:
        whose = Q(workspace=self.workspace_id)
        if self.chosen.get("assistant"):
            whose &= Q(entity=self.chosen["assistant"].pk)
        if self.chosen.get("channel"):
            whose &= Q(conversation__channel=self.chosen["channel"])
        known = Lead.objects.filter(self._within("created_at"), whose)
        return _daily(known, "created_at").annotate(leads=Count("pk"))

    def _within(self, moment: str) -> Q:
        since, until = self.bounds
        return Q(**{f"{moment}__gte": since, f"{moment}__lt": until})

    def _whose(self, path: str) -> Q:
        whose = Q(**{f"{path}workspace": self.workspace_id})
        if self.chosen.get("assistant"):
            whose &= Q(**{f"{path}entity": self.chosen["assistant"].pk})
        if self.chosen.get("channel"):
            whose &= Q(**{f"{path}channel": self.chosen["channel"]})
        return whose


def _daily(rows: QuerySet[Any], moment: str) -> Any:
    return rows.order_by().annotate(day=TruncDate(moment)).values("day")
