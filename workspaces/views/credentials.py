"""The pages of credentials. A stored value never leaves again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import outbound
from common.htmx import let_know, toast, wants_part
from common.problems import Problem
from workspaces import credential_testing
from workspaces import credentials as stored
from workspaces.access import Actor, Role, member
from workspaces.credential_field import labelled
from workspaces.credential_forms import PREFIX, CredentialForm, ReplacementForm
from workspaces.credential_kinds import KINDS
from workspaces.credential_use import uses_of
from workspaces.limits import of_tests
from workspaces.models import Credential
from workspaces.views.answers import confirm, posted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.http import HttpRequest

    from workspaces.credential_kinds import CredentialKind

FORM = "workspaces/credential_form.html"


@require_safe
@member()
def credentials(request: HttpRequest, actor: Actor) -> HttpResponse:
    context = {
        "actor": actor,
        "credentials": actor.workspace.credentials.all(),
        "kinds": KINDS.values(),
    }
    return render(request, "workspaces/credentials.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member(at_least=Role.ADMIN)
def create(request: HttpRequest, actor: Actor, kind: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    form = CredentialForm(posted(request), kind=KINDS[kind])
    if request.method == "POST" and form.is_valid():
        try:
            made = stored.create(
                actor, name=form.cleaned_data["name"], kind=kind, values=form.values
            )
        except Problem as problem:
            form.add_problem(problem)
        else:
            done = _("%s is stored.") % made.name
            if wants_part(request):
                return _stored(request, made, done, form.values)
            _announce(request, done, KINDS[kind], form.values)
            return redirect(_list(actor))
    return _form(request, actor, form, {"kind": KINDS[kind]})


def _stored(
    request: HttpRequest, made: Credential, done: str, values: Mapping[str, str]
) -> HttpResponse:
    """Close the dialog, and let the form that asked for the credential have it."""
    told = {
        "id": str(made.pk),
        "label": labelled(made),
        "kind": made.kind,
        "for": request.GET.get("for", ""),
    }
    return let_know(_closed(done, KINDS[made.kind], values), "credential:stored", told)


def _closed(done: str, kind: CredentialKind, values: Mapping[str, str]) -> HttpResponse:
    """Close the dialog and say what is ``done``, as ``_announce``."""
    refusal = _refusal(kind, values)
    return toast(HttpResponse(), f"{done} {refusal}".strip(), "amber" if refusal else "green")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member(at_least=Role.ADMIN)
def replace(request: HttpRequest, actor: Actor, credential_id: UUID) -> HttpResponse:
    credential = _mine(actor, credential_id)
    kind = KINDS[credential.kind]
    values = stored.readable_values_of(credential)
    initial = _initial(credential, kind, values)
    form = ReplacementForm(posted(request), kind=kind, stored=values, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            stored.replace(actor, credential, form.values, name=form.cleaned_data["name"])
        except Problem as problem:
            form.add_problem(problem)
        else:
            done = _("%s has new values.") % credential.name
            if wants_part(request):
                return let_know(_closed(done, kind, form.values), "credential-replaced", {})
            _announce(request, done, kind, form.values)
            return redirect(_list(actor))
    return _form(request, actor, form, {"kind": kind, "credential": credential})


@require_POST
@member(at_least=Role.EDITOR)
def test(request: HttpRequest, actor: Actor, credential_id: UUID) -> HttpResponse:
    """Try the stored values: for whoever may build with them. What the request brings along is not
    looked at."""
    credential = _mine(actor, credential_id)
    result = _tested(actor, credential)
    if wants_part(request):
        may_mend = result.ok is False and actor.is_admin
        context = {
            "result": result,
            "credential": credential,
            "replace_url": may_mend and _replacing(actor, credential),
        }
        return render(request, "workspaces/credentials.html#result", context)
    say = messages.error if result.ok is False else messages.success
    say(request, f"{credential.name}: {result.message}")
    return redirect(_list(actor))


@require_http_methods(["GET", "HEAD", "POST"])
@member(at_least=Role.ADMIN)
def delete(request: HttpRequest, actor: Actor, credential_id: UUID) -> HttpResponse:
    credential = _mine(actor, credential_id)
    if request.method != "POST":
        uses = uses_of(actor, credential)
        context = {
            "actor": actor,
            "title": _("Delete %s?") % credential.name,
            "text": _use_in_words(len(uses)),
            "uses": uses,
            "button": _("Delete credential"),
            "back": _list(actor),
        }
        return confirm(request, context)
    name = credential.name
    try:
        stored.delete(actor, credential)
    except Problem as problem:
        messages.error(request, problem.detail)
    else:
        messages.success(request, _("%s is deleted.") % name)
    return redirect(_list(actor))


def _use_in_words(count: int) -> str:
    if not count:
        return _("Nothing uses it.")
    words = ngettext(
        "It is used in %(count)d place, which does not work until it gets another:",
        "It is used in %(count)d places, which do not work until they get another:",
        count,
    )
    return words % {"count": count}


def _tested(actor: Actor, credential: Credential) -> credential_testing.Tested:
    if of_tests(actor).wait():
        message = _("That was too often. Wait a minute, then test again.")
        return credential_testing.Tested(ok=False, message=message)
    try:
        return credential_testing.test(actor, credential)
    except Problem as problem:
        return credential_testing.Tested(ok=False, message=problem.detail)


def _announce(
    request: HttpRequest, done: str, kind: CredentialKind, values: Mapping[str, str]
) -> None:
    """Say that it is ``done``, with a warning if no connection to the address would be made."""
    if refusal := _refusal(kind, values):
        messages.warning(request, f"{done} {refusal}")
    else:
        messages.success(request, done)


def _refusal(kind: CredentialKind, values: Mapping[str, str]) -> str:
    """Why the values cannot be used; empty where they can, as far as is known."""
    target = kind.target(values)
    return outbound.refusal(*target) if target else ""


def _form(
    request: HttpRequest, actor: Actor, form: CredentialForm, context: dict[str, Any]
) -> HttpResponse:
    whole = {"actor": actor, "form": form, "back": _list(actor), **context}
    template = f"{FORM}#dialog" if wants_part(request) else FORM
    return render(request, template, whole, status=422 if form.errors else 200)


def _initial(
    credential: Credential, kind: CredentialKind, values: Mapping[str, str]
) -> dict[str, str]:
    """What the form for new values starts from: all that is no secret, so that a new key goes to
    where the old one went."""
    shown = [value.name for value in kind.values if not value.secret and value.name in values]
    return {"name": credential.name} | {PREFIX + name: values[name] for name in shown}


def _replacing(actor: Actor, credential: Credential) -> str:
    return reverse("workspaces:replace-credential", args=[actor.workspace.slug, credential.pk])


def _list(actor: Actor) -> str:
    return reverse("workspaces:credentials", args=[actor.workspace.slug])


def _mine(actor: Actor, credential_id: UUID) -> Credential:
    return get_object_or_404(Credential, pk=credential_id, workspace=actor.workspace_id)
