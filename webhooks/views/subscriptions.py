"""The pages of webhooks: who is told of events, and what was sent to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.problems import Problem
from webhooks import ending, subscribing, switching
from webhooks.finding import find, find_own, subscriptions
from webhooks.forms import WebhookForm
from workspaces.access import Actor, Role, member
from workspaces.views.answers import confirm, posted

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from webhooks.models import Subscription


@require_safe
@member()
def webhooks(request: HttpRequest, actor: Actor) -> HttpResponse:
    context = {"actor": actor, "section": "settings", "webhooks": subscriptions(actor)}
    return render(request, "webhooks/list.html", context)


@sensitive_post_parameters("url")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@member(at_least=Role.ADMIN)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Answers with the secret itself, this once: a redirect would have to keep it somewhere."""
    form = WebhookForm(posted(request), actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = subscribing.create(actor, form.wanted)
        except Problem as problem:
            form.add_problem(problem)
        else:
            return _secret(request, actor, made, secret)
    return _form(request, actor, form, None)


@sensitive_post_parameters("url")
@require_http_methods(["GET", "HEAD", "POST"])
@member(at_least=Role.ADMIN)
def change(request: HttpRequest, actor: Actor, subscription_id: UUID) -> HttpResponse:
    row = find_own(actor, subscription_id)
    form = WebhookForm(posted(request), actor=actor, row=row)
    if request.method == "POST" and form.is_valid():
        try:
            changed = subscribing.change(actor, row.pk, form.wanted)
        except Problem as problem:
            form.add_problem(problem)
        else:
            messages.success(request, _("%s is changed.") % changed)
            return redirect(_page_of(actor, changed))
    return _form(request, actor, form, row)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@member(at_least=Role.ADMIN)
def replace_secret(request: HttpRequest, actor: Actor, subscription_id: UUID) -> HttpResponse:
    row = find_own(actor, subscription_id)
    if request.method != "POST":
        context = {
            "actor": actor,
            "title": _("Replace the secret of %s?") % row,
            "text": _("The receiver refuses events until it knows the new one."),
            "button": _("Replace secret"),
            "back": _page_of(actor, row),
        }
        return confirm(request, context)
    changed, secret = subscribing.replace_secret(actor, row.pk)
    return _secret(request, actor, changed, secret)


@require_POST
@member(at_least=Role.ADMIN)
def pause(request: HttpRequest, actor: Actor, subscription_id: UUID) -> HttpResponse:
    row = switching.pause(actor, subscription_id)
    messages.success(request, _("%s is paused. What happens meanwhile is not sent.") % row)
    return redirect(_page_of(actor, row))


@require_POST
@member(at_least=Role.ADMIN)
def resume(request: HttpRequest, actor: Actor, subscription_id: UUID) -> HttpResponse:
    row = switching.resume(actor, subscription_id)
    messages.success(request, _("%s is told of events again.") % row)
    return redirect(_page_of(actor, row))


@require_http_methods(["GET", "HEAD", "POST"])
@member(at_least=Role.ADMIN)
def delete(request: HttpRequest, actor: Actor, subscription_id: UUID) -> HttpResponse:
    row = find(actor, subscription_id)
    back = _list(actor)
    if request.method != "POST":
        context = {
            "actor": actor,
            "title": _("Delete %s?") % row,
            "text": _("It is told nothing any more, and its log goes with it."),
            "button": _("Delete webhook"),
            "back": back,
        }
        return confirm(request, context)
    ending.delete(actor, row.pk)
    messages.success(request, _("%s is deleted.") % row)
    return redirect(back)


def _secret(request: HttpRequest, actor: Actor, row: Subscription, secret: str) -> HttpResponse:
    context = {"actor": actor, "section": "settings", "webhook": row, "secret": secret}
    return render(request, "webhooks/secret_shown_once.html", context)


def _form(
    request: HttpRequest, actor: Actor, form: WebhookForm, row: Subscription | None
) -> HttpResponse:
    back = (
        _page_of(actor, row) if row else reverse("webhooks:webhooks", args=[actor.workspace.slug])
    )
    context: dict[str, Any] = {"actor": actor, "section": "settings", "form": form}
    context |= {"webhook": row, "back": back}
    return render(request, "webhooks/form.html", context, status=422 if form.errors else 200)


def _list(actor: Actor) -> str:
    return reverse("webhooks:webhooks", args=[actor.workspace.slug])


def _page_of(actor: Actor, row: Subscription) -> str:
    return reverse("webhooks:webhook", args=[actor.workspace.slug, row.pk])
