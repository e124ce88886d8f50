"""How much was talked, how well, and what it took: by day, counted in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Aggregate, Count, FloatField, Q, Sum
from django.db.models.functions import TruncDate

from conversations.breakdown import OfChannel, OfModel, by_channel, by_model
from conversations.models import UNANSWERED, Conversation, Feedback, Lead, Message
from conversations.pricing import prices_of
from conversations.selection import midnight

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from conversations.selection import Selection

MOST_DAYS = 366
USUAL_DAYS = 30
_ANSWERED = Q(role=Message.Role.ASSISTANT)


_TIMED = _ANSWERED & Q(status=Message.Status.WHOLE)


class Percentile(Aggregate):
    """``percentile_cont``: the value below which that share of the rows lies."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


_PERCENTILES = {
    "latency_p50_ms": Percentile("latency_ms", share=0.5),
    "latency_p95_ms": Percentile("latency_ms", share=0.95),
}


@dataclass(frozen=True)
class Day:
    """One day's counts. ``answers`` are those that were given, ``failed`` those that were not;
    one that was stopped before its first word is neither. ``unanswered`` are those that did not
    answer what was asked, failed ones among them. Latencies are in milliseconds, None while nothing
    was answered."""

    date: date
    conversations: int = 0
    messages: int = 0
    answers: int = 0
    failed: int = 0
    unanswered: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    helpful: int = 0
    not_helpful: int = 0
    leads: int = 0
    latency_p50_ms: float | None = None
    latency_p95_ms: float | None = None

    @property
    def is_busy(self) -> bool:
        """Whether anything happened on it."""
        return self != Day(self.date)


COUNTS = tuple(
    name
    for name in Day.__dataclass_fields__
    if name not in {"date", "latency_p50_ms", "latency_p95_ms"}
)


@dataclass(frozen=True)
class Analytics:
    """``latency`` is in milliseconds, None while nothing was answered."""

    days: list[Day]
    latency_p50: float | None
    latency_p95: float | None
    channels: list[OfChannel]
    models: list[OfModel]

    @property
    def cost(self) -> Decimal | None:
        """US dollars for the models whose price is known; None where none is."""
        known = [each.cost for each in self.models if each.cost is not None]
        return sum(known, Decimal()) if known else None

    @property
    def is_cost_known(self) -> bool:
        """Whether that is all that the models cost."""
        return all(each.cost is not None for each in self.models)

    def total(self, name: str) -> int:
        return sum(getattr(day, name) for day in self.days)

    @property
    def totals(self) -> dict[str, Any]:
        return {name: self.total(name) for name in COUNTS} | {
            "latency_p50_ms": self.latency_p50,
            "latency_p95_ms": self.latency_p95,
        }


def analytics(selection: Selection) -> Analytics:
    """The counts of the selected assistant, channel and days; days without any are there too."""
    first, last = selection.days(MOST_DAYS, USUAL_DAYS)
    counted = Counted(selection, first, last)
    said = counted.messages()
    latencies = said.filter(_TIMED).aggregate(**_PERCENTILES)
    by_day = counted.by_day(said)
    dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    days = [Day(date=each, **by_day.get(each, {})) for each in dates]
    return Analytics(
        days,
        latencies["latency_p50_ms"],
        latencies["latency_p95_ms"],
        by_channel(counted.begun(), said),
        by_model(said, prices_of(counted.workspace_id)),
    )


class Counted:
    """Rows of the selection between two days."""

    def __init__(self, selection: Selection, first: date, last: date) -> None:
        self.chosen = selection.cleaned_data if selection.is_valid() else {}
        self.workspace_id = selection.actor.workspace_id
        self.bounds = midnight(first), midnight(last + timedelta(days=1))

    def messages(self) -> QuerySet[Message]:
        # The second bound follows from the first, and lets the workspace's own index narrow down.
        active = Q(conversation__last_message_at__gte=self.bounds[0])
        return Message.objects.filter(
            self._within("created_at"), active, self._whose("conversation__")
        )

    def by_day(self, said: QuerySet[Message]) -> dict[date, dict[str, int]]:
        days: dict[date, dict[str, int]] = {}
        begun = _daily(self.begun(), "created_at").annotate(conversations=Count("pk"))
        timed = _daily(said.filter(_TIMED), "created_at").annotate(**_PERCENTILES)
        for rows in (self._said(said), begun, timed, self._thought(), self._known()):
            for row in rows:
                days.setdefault(row.pop("day"), {}).update(row)
        return days

    def _said(self, said: QuerySet[Message]) -> Any:
        failed = Q(status=Message.Status.FAILED)
        return _daily(said, "created_at").annotate(
            messages=Count("pk", filter=Q(role=Message.Role.USER)),
            answers=Count("pk", filter=_ANSWERED & ~failed & ~Q(content="")),
            failed=Count("pk", filter=_ANSWERED & failed),
            unanswered=Count("pk", filter=UNANSWERED),
            prompt_tokens=Sum("prompt_tokens"),
            completion_tokens=Sum("completion_tokens"),
        )

    def begun(self) -> QuerySet[Conversation]:
        return Conversation.objects.filter(
            self._within("created_at"), self._whose(""), message_count__gt=0
        )

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
