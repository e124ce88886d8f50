"""The way in: to the workspace used last, and a new workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from workspaces import founding
from workspaces.forms import WorkspaceForm
from workspaces.invitation_session import invitation_in
from workspaces.page_access import LAST_WORKSPACE
from workspaces.views.answers import posted

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from workspaces.models import User, Workspace


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """To the dashboard of the workspace used last; whoever has none may make one."""
    if invitation_in(request):
        return redirect("invitation")
    workspace = _last_used(request)
    if workspace is None:
        return redirect("workspaces:new")
    return redirect(settings.WORKSPACE_HOME, workspace.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Make a workspace."""
    form = WorkspaceForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            workspace = founding.found(form.cleaned_data["name"], _user(request))
        except founding.FoundingError as error:
            form.add_error(None, str(error))
        else:
            return redirect(settings.WORKSPACE_HOME, workspace.slug)
    first = not _user(request).workspaces.exists()
    context = {"form": form, "first": first, "placeholder": _("Acme support")}
    return render(request, "workspaces/new.html", context, status=422 if form.errors else 200)


def _last_used(request: HttpRequest) -> Workspace | None:
    mine = _user(request).workspaces
    slug = request.session.get(LAST_WORKSPACE)
    used = mine.filter(slug=slug).first() if slug else None
    return used or mine.order_by("memberships__created_at").first()


def _user(request: HttpRequest) -> User:
    assert request.user.is_authenticated
    return request.user
