"""How much was talked, how well and at what cost; what was not answered; what models cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from common.paging import page
from conversations import exporting
from conversations.analytics import analytics as counted
from conversations.charts import bars, lines
from conversations.models.price import DIGITS, LONGEST_MODEL, PLACES
from conversations.pricing import prices_of, set_price
from conversations.selection import Selection
from conversations.unanswered import unanswered as not_answered
from conversations.views.lists import PAGE, answer, cursor, is_filtered, listed, query
from inference.prices import AS_OF, Price
from workspaces.access import Actor, Role, member
from workspaces.views.answers import posted

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from conversations.analytics import Analytics
    from conversations.charts import Chart

# Of the unanswered questions, on the page of everything.
FEW = 5


class PriceForm(forms.Form):
    """US dollars for a million tokens; both empty: what the list says."""

    read = forms.DecimalField(
        label=gettext_lazy("For a million tokens in"),
        min_value=0,
        max_digits=DIGITS,
        decimal_places=PLACES,
        required=False,
    )
    written = forms.DecimalField(
        label=gettext_lazy("For a million tokens out"),
        min_value=0,
        max_digits=DIGITS,
        decimal_places=PLACES,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and (given["read"] is None) != (given["written"] is None):
            raise forms.ValidationError(_("Give both prices, or neither."))
        return given

    @property
    def price(self) -> Price | None:
        read, written = self.cleaned_data["read"], self.cleaned_data["written"]
        return None if read is None else Price(read, written)


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


@require_http_methods(["GET", "HEAD", "POST"])
@member(at_least=Role.ADMIN)
def price(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the workspace pays for one model."""
    model = request.GET.get("model", "").strip()
    if not 0 < len(model) <= LONGEST_MODEL or "\0" in model:
        raise Http404
    known = prices_of(actor.workspace_id).own.get(model)
    initial = {"read": known.read, "written": known.written} if known else {}
    form = PriceForm(posted(request), initial=initial)
    back = reverse("conversations:analytics", args=[actor.workspace.slug])
    if request.method == "POST" and form.is_valid():
        set_price(actor, model, form.price)
        messages.success(request, _("The price of %(model)s is changed.") % {"model": model})
        return redirect(back)
    context = {"actor": actor, "section": "analytics", "form": form, "model": model, "back": back}
    status = 422 if form.errors else 200
    return render(request, "conversations/price.html", context, status=status)


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
