"""The page on which admins say what a model costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from common.problems import Problem
from conversations.models.price import DIGITS, LONGEST_MODEL, PLACES
from conversations.pricing import prices_of, set_price
from inference.prices import Price
from workspaces.access import Actor, Role, member
from workspaces.views.answers import posted

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


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
        try:
            set_price(actor, model, form.price)
        except Problem as problem:
            form.add_error(None, problem.detail)
        else:
            messages.success(request, _("The price of %(model)s is changed.") % {"model": model})
            return redirect(back)
    context = {"actor": actor, "section": "analytics", "form": form, "model": model, "back": back}
    status = 422 if form.errors else 200
    return render(request, "conversations/price.html", context, status=status)
