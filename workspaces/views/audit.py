"""The page of the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from common.htmx import wants_part
from workspaces.access import Actor, Role, member
from workspaces.audit_words import AREAS, about, described
from workspaces.models import AuditEntry

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

PAGE = 50
DATE = {"type": "date"}


class AuditFilter(forms.Form):
    """What to show. Everything may be left open."""

    area = forms.ChoiceField(
        label=_("About"), choices=[("", _("Everything")), *AREAS], required=False
    )
    by = forms.CharField(label=_("Who"), max_length=254, required=False)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(DATE, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(DATE, format="%Y-%m-%d")
    )
    # Not a page's number: entries are added all the time, and none must be shown twice or missed.
    before = forms.IntegerField(
        required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput
    )

    def entries(self, actor: Actor) -> QuerySet[AuditEntry]:
        found = AuditEntry.objects.filter(workspace=actor.workspace_id)
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        area = asked.pop("area", "")
        lookups = {
            "by": "by__icontains",
            "since": "at__date__gte",
            "until": "at__date__lte",
            "before": "pk__lt",
        }
        return found.filter(
            about(area) if area else Q(), **{lookups[name]: value for name, value in asked.items()}
        )


@require_safe
@member(at_least=Role.ADMIN)
def audit(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = AuditFilter(request.GET)
    valid = form.is_valid()
    found = list(form.entries(actor)[: PAGE + 1]) if valid else []
    entries, more = found[:PAGE], len(found) > PAGE
    context = {
        "actor": actor,
        "form": form,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "entries": [described(entry) for entry in entries],
        "older": _query(request, entries[-1].pk) if more else "",
        "newest": _query(request, None) if request.GET.get("before") else "",
    }
    template = "workspaces/audit.html" + ("#entries" if wants_part(request) else "")
    response = render(request, template, context, status=200 if valid else 422)
    if request.headers.get("HX-Source", "").startswith("form"):
        response.headers["HX-Push-Url"] = f"{request.path}{_query(request, None)}".rstrip("?")
    return response


def _query(request: HttpRequest, before: Any) -> str:
    """What is chosen, and from where on."""
    query = request.GET.copy()
    query.pop("before", None)
    for name in [name for name in query if not query[name]]:
        del query[name]
    if before is not None:
        query["before"] = str(before)
    return "?" + query.urlencode()
