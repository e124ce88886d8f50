"""The page of API keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from workspaces import keys as api_keys
from workspaces.access import Actor, Role, member
from workspaces.forms import KeyForm
from workspaces.models import ApiKey
from workspaces.views.answers import confirm

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


@require_safe
@member()
def keys(request: HttpRequest, actor: Actor) -> HttpResponse:
    return _page(request, actor, KeyForm())


@require_POST
@never_cache
@member(at_least=Role.ADMIN)
def issue(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Answers with the key itself, this once: a redirect would have to keep it somewhere."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, form, status=422)
    key, raw = api_keys.issue_by(
        actor, form.cleaned_data["name"], ApiKey.Scope.MANAGE, expires_at=form.expires_at
    )
    context = {"actor": actor, "key": key, "raw": raw}
    return render(request, "workspaces/key_shown_once.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member(at_least=Role.ADMIN)
def revoke(request: HttpRequest, actor: Actor, key_id: UUID) -> HttpResponse:
    key = get_object_or_404(ApiKey, pk=key_id, workspace=actor.workspace_id)
    back = reverse("workspaces:keys", args=[actor.workspace.slug])
    if request.method != "POST":
        context = {
            "actor": actor,
            "title": _("Revoke %s?") % key.name,
            "text": _("Whatever uses this key stops working at once, and for good."),
            "button": _("Revoke key"),
            "back": back,
        }
        return confirm(request, context)
    api_keys.revoke_by(actor, key)
    messages.success(request, _("The key %s is revoked.") % key.name)
    return redirect(back)


def _page(request: HttpRequest, actor: Actor, form: KeyForm, status: int = 200) -> HttpResponse:
    context = {
        "actor": actor,
        "keys": actor.workspace.api_keys.select_related("created_by"),
        "form": form,
    }
    return render(request, "workspaces/keys.html", context, status=status)
