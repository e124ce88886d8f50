"""How much was talked, how well and at what cost; what was not answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_safe

from common.paging import page
from conversations import exporting
from conversations.analytics import analytics as counted
from conversations.charts import bars, lines
from conversations.selection import Selection
from conversations.unanswered import unanswered as not_answered
from conversations.views.lists import PAGE, answer, cursor, is_filtered, listed, query
from inference.prices import AS_OF
from workspaces.access import Actor, member

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from conversations.analytics import Analytics
    from conversations.charts import Chart

# Of the unanswered questions, on the page of everything.
FEW = 5


@require_safe
@member()
def analytics(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = Selection(request.GET, actor)
    found = counted(form)
    totals = found.totals
    thoughts = totals["helpful"] + totals["not_helpful"]
    context = {
        "actor": actor,
        "section": "analytics",
        "form": form,
        "found": found,
        "totals": totals,
        "helpful_share": round(100 * totals["helpful"] / thoughts) if thoughts else None,
        "charts": _charts(found),
        "busiest": max((each.messages for each in found.channels), default=0),
        "prices_as_of": AS_OF,
        "unanswered": not_answered(form).order_by("-created_at", "-pk")[:FEW],
        "days": [day for day in reversed(found.days) if day.is_busy],
        "query": query(request),
        "filtered": is_filtered(request, form),
    }
    return answer(request, "conversations/analytics.html", context)


@require_safe
@member()
def analytics_csv(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    found = counted(Selection(request.GET, actor).checked())
    return exporting.as_csv("analytics", exporting.days(found))


@require_safe
@member()
def models_csv(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    found = counted(Selection(request.GET, actor).checked())
    return exporting.as_csv("models", exporting.models(found))


@require_safe
@member()
def unanswered(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = Selection(request.GET, actor)
    rows, more = page(not_answered(form), "created_at", PAGE, cursor(request))
    context = listed(request, actor, form, rows, more) | {"section": "analytics"}
    return answer(request, "conversations/unanswered.html", context)


@require_safe
@member()
def unanswered_csv(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    rows = not_answered(Selection(request.GET, actor).checked())
    return exporting.as_csv("unanswered", exporting.unanswered(rows))


def _charts(found: Analytics) -> dict[str, Chart]:
    days = found.days
    dates = [day.date for day in days]
    return {
        "questions": bars(dates, [day.messages for day in days]),
        "unanswered": bars(dates, [day.unanswered for day in days]),
        "satisfaction": bars(
            dates, [day.helpful for day in days], [day.not_helpful for day in days]
        ),
        "latency": lines(
            dates, [day.latency_p50_ms for day in days], [day.latency_p95_ms for day in days]
        ),
    }
