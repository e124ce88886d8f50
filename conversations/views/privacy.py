"""The settings' page about people's data: how long it is kept, and all that is kept of one person,
to be exported or deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from common.problems import Problem
from conversations import people, retention
from workspaces.access import Actor, Role, member

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

REFUSED = 422


class RetentionForm(forms.Form):
    """``agreed`` is the number of days that somebody has read the consequences of."""

    days = forms.IntegerField(
        label=gettext_lazy("Days"),
        min_value=retention.SHORTEST,
        max_value=retention.LONGEST,
        required=False,
        help_text=gettext_lazy("Empty: conversations are kept until somebody deletes them."),
    )
    agreed = forms.IntegerField(required=False, widget=forms.HiddenInput)


class PersonForm(forms.Form):
    identifier = forms.CharField(
        label=gettext_lazy("E-mail address, user ID, name or session"),
        max_length=people.LONGEST,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=gettext_lazy("Written whole, as it was told or your website gave it."),
    )


class ErasureForm(PersonForm):
    """Typing it again shows that this very person is meant."""

    confirmation = forms.CharField(
        label=gettext_lazy("Type what you searched for"),
        max_length=people.LONGEST,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


@require_safe
@member(at_least=Role.ADMIN)
def privacy(request: HttpRequest, actor: Actor) -> HttpResponse:
    return _page(request, actor)


@require_POST
@member(at_least=Role.ADMIN)
def keep(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Change how long conversations are kept; first says what that would delete."""
    form = RetentionForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, REFUSED, retention_form=form)
    days = form.cleaned_data["days"]
    doomed = retention.over(actor.workspace_id, days).count() if days else 0
    if doomed and form.cleaned_data["agreed"] != days:
        return _page(request, actor, retention_form=form, doomed=doomed, days=days)
    retention.keep_for(actor, days)
    messages.success(request, _("How long conversations are kept is changed."))
    return redirect("conversations:privacy", actor.workspace.slug)


@require_POST
@member(at_least=Role.ADMIN)
def find(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = PersonForm(request.POST)
    person = _found(actor, form) if form.is_valid() else None
    status = REFUSED if form.errors else 200
    return _page(request, actor, status, person_form=form, person=person)


@require_POST
@member(at_least=Role.ADMIN)
def export(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    form = PersonForm(request.POST)
    person = _found(actor, form) if form.is_valid() else None
    if person is None:
        return _page(request, actor, REFUSED, person_form=form)
    return StreamingHttpResponse(
        people.exported(actor, person),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="person.json"'},
    )


@require_POST
@member(at_least=Role.ADMIN)
def erase(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = ErasureForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            gone = people.erase(actor, given["identifier"], given["confirmation"])
        except Problem as problem:
            _told(form, problem)
        else:
            messages.success(request, _erased(gone))
            return redirect("conversations:privacy", actor.workspace.slug)
    asked = PersonForm(request.POST)
    person = _found(actor, asked) if asked.is_valid() else None
    return _page(request, actor, REFUSED, person_form=asked, person=person, erasure_form=form)


def _page(request: HttpRequest, actor: Actor, status: int = 200, **more: Any) -> HttpResponse:
    kept_for = retention.days_of(actor.workspace_id)
    person = more.get("person")
    named = {"identifier": person.identifier} if person else {}
    context = {
        "actor": actor,
        "kept_for": kept_for,
        "retention_form": RetentionForm(initial={"days": kept_for}),
        "person_form": PersonForm(),
        "erasure_form": ErasureForm(initial=named, auto_id="erase_%s"),
    }
    return render(request, "conversations/privacy.html", context | more, status=status)


def _found(actor: Actor, form: PersonForm) -> people.Person | None:
    try:
        return people.find(actor, form.cleaned_data["identifier"])
    except Problem as problem:
        _told(form, problem)
        return None


def _told(form: forms.Form, problem: Problem) -> None:
    """The form says what is wrong, at the box where there is one."""
    for fault in problem.errors:
        form.add_error(fault.path, fault.message)
    if not problem.errors:
        form.add_error(None, problem.detail)


def _erased(person: people.Person) -> str:
    count = person.counts
    said = [
        ngettext(
            "%(conversations)s conversation deleted",
            "%(conversations)s conversations deleted",
            count["conversations"],
        ),
        ngettext("%(leads)s lead deleted", "%(leads)s leads deleted", count["leads"]),
    ]
    if count["arrivals"]:
        said.append(
            ngettext(
                "%(arrivals)s chat without an answer deleted",
                "%(arrivals)s chats without an answer deleted",
                count["arrivals"],
            )
        )
    return " · ".join(said) % count
