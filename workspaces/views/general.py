"""The general page of a workspace's settings, and a person's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from workspaces import founding, membership
from workspaces.access import Actor, Role, member
from workspaces.forms import DeleteForm, ProfileForm, WorkspaceForm
from workspaces.page_access import LAST_WORKSPACE
from workspaces.views.answers import posted

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@member()
def general(request: HttpRequest, actor: Actor) -> HttpResponse:
    return _page(request, actor)


@require_POST
@member(at_least=Role.ADMIN)
def rename(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = WorkspaceForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, rename_form=form)
    founding.rename(actor, form.cleaned_data["name"])
    messages.success(request, _("The name is changed."))
    return redirect("workspaces:general", actor.workspace.slug)


@require_POST
@member(at_least=Role.OWNER)
def delete(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = DeleteForm(request.POST, workspace=actor.workspace)
    if not form.is_valid():
        return _page(request, actor, delete_form=form)
    founding.delete(actor)
    request.session.pop(LAST_WORKSPACE, None)
    messages.success(request, _("%s is deleted.") % actor.workspace.name)
    return redirect("home")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """A person's own name; address and password have pages of their own."""
    assert request.user.is_authenticated
    form = ProfileForm(posted(request), initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        request.user.name = form.cleaned_data["name"]
        request.user.save(update_fields=["name"])
        messages.success(request, _("Saved."))
        return redirect("account")
    status = 422 if form.errors else 200
    return render(request, "account/profile.html", {"form": form}, status=status)


def _page(
    request: HttpRequest,
    actor: Actor,
    *,
    rename_form: WorkspaceForm | None = None,
    delete_form: DeleteForm | None = None,
) -> HttpResponse:
    context = {
        "actor": actor,
        "rename_form": rename_form or WorkspaceForm(initial={"name": actor.workspace.name}),
        "delete_form": delete_form or DeleteForm(workspace=actor.workspace),
        "is_only_owner": membership.is_only_owner(actor),
    }
    refused = rename_form is not None or delete_form is not None
    return render(request, "workspaces/general.html", context, status=422 if refused else 200)
